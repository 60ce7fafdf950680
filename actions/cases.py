"""Opening, looking up and taking back cases."""

from collections.abc import Sequence

from actions import errands, visits
from actions.base import ServiceAction, Turn
from actions.decide import NOT_NOW, OPEN_CASE, PERSON, application
from actions.handover import hand_over
from actions.intake import SETTLED, WISHES, Intake, ask_again, tells_news
from bot.conversations import service as conversations
from bot.conversations.models import MatterState, Offer
from bot.messages import Button
from bot.tickets import number, repository
from bot.tickets.models import Ticket, TicketState
from bot.tickets.states import SETTLED as SETTLED_STATES

STATES = {
    TicketState.SUBMITTED: "已登记，同事正在安排",
    TicketState.REVIEWING: "同事正在看",
    TicketState.APPROVED: "已经同意，正在安排",
    TicketState.REJECTED: "看过了，没能按您想的办",
    TicketState.AWAITING_CUSTOMER: "在等您补充情况，补上就接着办",
    TicketState.GOODS_IN_TRANSIT: "东西在路上",
    TicketState.INSPECTING: "东西收到了，正在检查",
    TicketState.REPAIRING: "正在修",
    TicketState.REFUNDING: "正在退款",
    TicketState.DONE: "办好了，等您看看解决了没有",
    TicketState.CONFIRMED: "已经解决",
    TicketState.REOPENED: "重新打开了，同事再看一遍",
    TicketState.WITHDRAWN: "已按您的意思撤回",
    TicketState.CLOSED: "已办完",
}
# Facts of a matter that is under way already.
RUNNING = {
    "money",
    "workdays",
    "workdays_after_arrival",
    "hours_waiting",
    "days_waiting",
    "visits",
    "answered",
    "processed",
    "repairer_arranged",
    "called_back",
}
# Decided already: nobody has to agree before somebody is sent.
REPAIRED = ("free_repair", "paid_repair")
YES: Button = {"title": "撤回", "payload": "yes"}
NO: Button = {"title": "先留着", "payload": "no"}


class Accept(ServiceAction):
    """The shopper says yes to what was offered."""

    action_name = "action_accept"

    def instead(self, turn: Turn) -> ServiceAction | None:
        """What puts a fact right is no plain yes."""
        return Intake(self.services) if tells_news(turn) else super().instead(turn)

    def act(self, turn: Turn) -> None:
        """Do what the last line offered."""
        offer = turn.conversation.offer
        if offer == Offer.CASE and turn.matter is not None and turn.matter.decision_id:
            _open_case(turn)
        elif offer == Offer.PERSON:
            hand_over(turn)
        elif offer == Offer.WITHDRAWAL:
            _withdraw(turn)
        elif offer == Offer.ERRAND:
            errands.register(turn)
        elif offer == Offer.PHONE:
            turn.say("utter_ask_phone")
        else:
            turn.say("utter_affirm")
            ask_again(turn)


class Decline(ServiceAction):
    """The shopper says no to what was offered."""

    action_name = "action_decline"

    def instead(self, turn: Turn) -> ServiceAction | None:
        """To call a case off is more than to leave it, and to put a fact right is no plain no."""
        if "撤" in turn.heard.text and turn.conversation.offer != Offer.WITHDRAWAL:
            return Withdraw(self.services)
        return Intake(self.services) if tells_news(turn) else super().instead(turn)

    def act(self, turn: Turn) -> None:
        """Leave it, and say that it can be taken up again."""
        offered = turn.conversation.offer
        turn.conversation.offer = None
        if offered == Offer.PHONE:
            turn.say("utter_phone_not_needed")
        elif offered == Offer.WITHDRAWAL:
            turn.say("utter_case_kept")
        else:
            turn.say("utter_declined" if offered else "utter_deny")
        ask_again(turn)


class CaseStatus(ServiceAction):
    """The shopper asks how a case stands, or presses for speed."""

    action_name = "action_case_status"

    def act(self, turn: Turn) -> None:
        """Tell the newest cases of this conversation; nobody else's can be asked for here."""
        tickets = turn.services.tickets.mine(turn.session, turn.conversation)
        if not tickets and turn.heard.intent == "urge" and _hurries(turn):
            return
        if not tickets:
            turn.say("utter_no_case")
            if turn.conversation.offer == Offer.CASE:
                turn.say("utter_offer_case", buttons=[OPEN_CASE, NOT_NOW])
            ask_again(turn)
            return
        if turn.heard.intent == "urge":
            urge(turn, live_first(tickets)[0])
        for ticket in live_first(tickets)[:3]:
            tell_state(turn, ticket)
        ask_again(turn)

    def instead(self, turn: Turn) -> ServiceAction | None:
        """What runs elsewhere, at a counter say, is judged by the rules on what was told of it."""
        if RUNNING & set(turn.heard.facts) and not repository.of_conversation(
            turn.session, turn.conversation.id
        ):
            return self._answering
        return super().instead(turn)


class Withdraw(ServiceAction):
    """The shopper takes an application back."""

    action_name = "action_withdraw"
    yields_to_answer = False

    def instead(self, turn: Turn) -> ServiceAction | None:
        """One wish given up for another is a change of mind, not the end of it."""
        wish, matter = turn.heard.facts.get("wants"), turn.matter
        if wish not in WISHES or matter is None or matter.state in SETTLED:
            return None
        known = conversations.known_facts(turn.session, matter).get("wants")
        return Intake(self.services) if known != wish else None

    def act(self, turn: Turn) -> None:
        """Stop an intake at once; ask before taking back a case."""
        conversation, matter = turn.conversation, turn.matter
        ticket = _open_ticket(repository.of_conversation(turn.session, conversation.id))
        if conversation.offer == Offer.WITHDRAWAL:
            _withdraw(turn)
            return
        # With a case open and nothing asked about the matter, it is the case that is meant.
        talked_of = conversation.asking or conversation.offer in (Offer.CASE, Offer.PERSON)
        if matter is not None and matter.state not in SETTLED and (talked_of or ticket is None):
            matter.state = MatterState.CLOSED
            turn.expect()
            turn.say("utter_stopped")
            return
        if ticket is None:
            turn.say("utter_no_case")
            return
        turn.say("utter_offer_withdrawal", buttons=[YES, NO], no=number.spoken(ticket.no))
        turn.expect(offer=Offer.WITHDRAWAL)


def _hurries(turn: Turn) -> bool:
    """快点 beside a question or an offer presses for that, and for no case."""
    if turn.conversation.asking:
        turn.say("utter_hurry")
        ask_again(turn)
    elif turn.conversation.offer == Offer.CASE:
        turn.say("utter_offer_case", buttons=[OPEN_CASE, NOT_NOW])
    elif turn.conversation.offer == Offer.PERSON:
        turn.say("utter_offer_person", buttons=[PERSON, NOT_NOW])
    else:
        return False
    return True


def urge(turn: Turn, ticket: Ticket) -> None:
    """Put the shopper's hurry into the case, and own up to a time that has passed."""
    turn.services.tickets.urge(turn.session, ticket, turn.heard.text)
    late = ticket.state not in SETTLED_STATES and ticket.act_by <= turn.now
    turn.say("utter_urged_late" if late else "utter_urged")


def live_first(tickets: Sequence[Ticket]) -> list[Ticket]:
    """Cases with something left to be done before the others, newest first within both."""
    return sorted(tickets, key=lambda ticket: ticket.state in SETTLED_STATES)


def _open_case(turn: Turn) -> None:
    matter = turn.matter
    assert matter is not None
    record = turn.services.policy.stored(turn.session, matter.decision_id or "")
    facts = conversations.known_facts(turn.session, matter)
    ticket = turn.services.tickets.open(
        turn.session, turn.conversation, application(turn, matter, record, facts)
    )
    matter.state = MatterState.TICKETED
    promise = turn.services.tickets.promise(ticket)
    turn.say(
        "utter_case_opened_by" if promise else "utter_case_opened",
        ticket=turn.services.tickets.shown(ticket),
        no=number.spoken(ticket.no),
        promise=promise or "",
        steps=_steps(record["next_steps"], turn, carried=not visits.sends_somebody(turn, ticket)),
    )
    turn.expect()
    if record["outcome"] in REPAIRED and visits.offer_first(turn, ticket):
        return
    calls = promise or any(remedy["type"] == "callback" for remedy in record["remedies"])
    if ticket.phone is None and calls:
        turn.say("utter_ask_phone")
        turn.expect(offer=Offer.PHONE)


def _withdraw(turn: Turn) -> None:
    ticket = _open_ticket(repository.of_conversation(turn.session, turn.conversation.id))
    turn.expect()
    if ticket is None:
        turn.say("utter_no_case")
        return
    why = turn.heard.text[:200] or "撤回"
    if not turn.services.tickets.withdraw(turn.session, ticket, why):
        turn.services.tickets.note(turn.session, ticket, "shopper", "wants_withdrawal", why)
        turn.say("utter_case_too_far", no=number.spoken(ticket.no))
        return
    turn.say(
        "utter_withdrawn",
        ticket=turn.services.tickets.shown(ticket),
        no=number.spoken(ticket.no),
    )


def tell_state(turn: Turn, ticket: Ticket) -> None:
    """Say how a case stands, and until when, unless that time has passed."""
    promise = turn.services.tickets.promise(ticket)
    ahead = ticket.due_at is not None and ticket.due_at > turn.now
    dated = promise is not None and ahead and ticket.state not in SETTLED_STATES
    turn.say(
        "utter_case_state_by" if dated else "utter_case_state",
        ticket=turn.services.tickets.shown(ticket),
        no=number.spoken(ticket.no),
        state=STATES[TicketState(ticket.state)],
        promise=promise or "",
    )
    visit = turn.services.tickets.visit(turn.session, ticket)
    if visit is not None:
        visits.tell_ahead(turn, ticket, visit)


def _open_ticket(tickets: Sequence[Ticket]) -> Ticket | None:
    """The newest open case, what was applied for before a call-back about it."""
    still = [ticket for ticket in tickets if ticket.state not in SETTLED_STATES]
    return min(still, key=lambda ticket: ticket.kind in repository.CALLED, default=None)


def _steps(steps: Sequence[str], turn: Turn, *, carried: bool) -> str:
    if not steps and not carried:
        return "购买凭证请留着，上门的时候看一下。"
    if not steps:
        return f"带上商品和小票到{turn.shop.desk}，报编号就能办。"
    return "".join(step if step[-1] in "。！？" else f"{step}。" for step in steps)
