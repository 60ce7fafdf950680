"""Tell a decision: what it is, by which clause, what was presumed and what can be done next."""

from collections.abc import Mapping
from typing import Any

from actions import registered
from actions.base import Turn
from bot.conversations.models import Matter, MatterState, Offer
from bot.messages import Button
from bot.policy.engine import Decision
from bot.policy.wording import presumed_line
from bot.shops.service import Term
from bot.tickets.models import TicketKind
from bot.tickets.service import Application

GOOD = {
    "refund",
    "exchange",
    "exchange_or_refund",
    "free_repair",
    "paid_repair",
    "refund_minus_depreciation",
    "exchange_with_depreciation",
    "price_difference_refund",
    "free_care",
}
KINDS = {
    "refund": TicketKind.RETURN,
    "refund_minus_depreciation": TicketKind.RETURN,
    "exchange": TicketKind.EXCHANGE,
    "exchange_with_depreciation": TicketKind.EXCHANGE,
    "free_repair": TicketKind.REPAIR,
    "paid_repair": TicketKind.REPAIR,
    "price_difference_refund": TicketKind.PRICE_DIFFERENCE,
    "free_care": TicketKind.CARE,
    "needs_inspection": TicketKind.INSPECTION,
}
WISHED = {
    "refund": TicketKind.RETURN,
    "exchange": TicketKind.EXCHANGE,
    "repair": TicketKind.REPAIR,
    "price_difference": TicketKind.PRICE_DIFFERENCE,
    "compensation": TicketKind.COMPENSATION,
}

# Facts worth looking over; the others are by the way or follow from these.
CARDED = {
    "wants",
    "problem",
    "category",
    "days_since_purchase",
    "days_since_received",
    "worn",
    "washed",
    "tag",
    "receipt",
    "store_confirms",
    "special_price",
    "cause",
    "price_paid",
    "packaging",
    "prior_repairs",
    "size_bought",
    "size_wanted",
    "order_no",
}

OPEN_CASE: Button = {"title": "帮我登记", "payload": "yes"}
NOT_NOW: Button = {"title": "先不用", "payload": "no"}
PERSON: Button = {"title": "找人工", "payload": "human"}


def tell(turn: Turn, matter: Matter, decision: Decision, facts: Mapping[str, Any]) -> None:
    """Say a decision made of `facts`, keep it, and offer what fits it."""
    record = decision.record()
    before = matter.decision_id
    # A stored decision is never changed: what finds its shopper must not get into it.
    judged = {key: value for key, value in facts.items() if key != "order_no"}
    turn.services.policy.save(turn.session, decision, judged, turn.now)
    matter.decision_id, matter.state = decision.decision_id, MatterState.DECIDED
    turn.conversation.misses = 0
    if before:
        _compare(turn, before, decision)
    say_decision(turn, decision, facts)
    asked = application(turn, matter, record, dict(facts))
    if not registered.change(turn, matter, asked, good=decision.outcome in GOOD):
        _offer(turn, record)


def _compare(turn: Turn, earlier: str, decision: Decision) -> None:
    """Say openly whether what was said since has changed the outcome, with both clauses."""
    old = turn.services.policy.stored(turn.session, earlier)
    if old["outcome"] == decision.outcome and old["clauses"][0]["id"] == decision.clauses[0].id:
        turn.say("utter_decided_same")
        return
    before, after = old["clauses"][0]["title"], decision.clauses[0].title
    if before == after:
        turn.say("utter_decided_again_by_it", after=after)
    else:
        turn.say("utter_decided_again", before=before, after=after)


def say_decision(turn: Turn, decision: Decision, facts: Mapping[str, Any]) -> None:
    """Say a decision, in half a sentence what was presumed for it, and what it was made of."""
    record = decision.record()
    presumed = presumed_line(record, turn.services.policy.phrases(decision.policy_set))
    turn.say(
        "utter_decision_presumed" if presumed else "utter_decision",
        decision=record,
        reason=decision.reason,
        presumed=presumed or "",
        facts=card(turn, facts),
    )


def card(turn: Turn, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the shopper has told, to be looked over and put right."""
    specs, words = turn.services.policy.facts.specs, turn.services.words
    return [
        {
            "fact": key,
            "label": specs[key].label,
            "value": value,
            "shown": words.shown(key, value),
            "editable": words.asks(key),
        }
        for key, value in facts.items()
        if key in CARDED
    ]


def _offer(turn: Turn, record: dict[str, Any]) -> None:
    outcome = record["outcome"]
    if outcome == "inform":
        turn.expect()
    elif outcome == "refuse":
        turn.say("utter_offer_after_refusal", buttons=[PERSON, NOT_NOW])
        turn.expect(offer=Offer.PERSON)
    else:
        name = "utter_offer_case" if outcome in GOOD else "utter_offer_check"
        if record["status"] == "escalate":
            name = "utter_offer_person"
        turn.say(name, buttons=[OPEN_CASE, NOT_NOW, PERSON], desk=turn.shop.desk)
        turn.expect(offer=Offer.CASE)


def offer_again(turn: Turn, record: dict[str, Any]) -> None:
    """Say once more what was offered with a decision, if it still stands."""
    if turn.conversation.offer in (Offer.CASE, Offer.PERSON):
        _offer(turn, record)


def _term(told: Mapping[str, Any]) -> Term:
    return Term(told["n"], told["unit"], told.get("statutory", False))


def application(
    turn: Turn, matter: Matter, record: dict[str, Any], facts: dict[str, Any]
) -> Application:
    """The case that a decision leads to, with the first term that runs from the request."""
    outcome = record["outcome"]
    kind = KINDS.get(outcome) or WISHED.get(str(facts.get("wants")), TicketKind.OTHER)
    terms = [remedy["term"] for remedy in record["remedies"] if remedy["term"]]
    running = [term for term in terms if term["from_event"] == "request"]
    term = _term(running[0]) if running else None
    if record["status"] == "escalate" and term is None:
        term = turn.shop.call_back
    return Application(
        kind=kind,
        opened_by=turn.heard.message_id,
        why=record["reason"],
        term=term,
        facts=facts,
        matter_id=matter.id,
        decision_id=record["decision_id"],
        assigned_to=record["escalate_to"],
    )
