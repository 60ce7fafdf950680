"""Handing the shopper to people: into the queue while somebody is there, else with a time."""

from collections.abc import Mapping
from typing import Any

from actions.base import ServiceAction, Turn
from actions.signals import signals
from bot.conversations.models import Offer
from bot.handoff.rules import Rule
from bot.handoff.service import HandedOff
from bot.messages import Button, Mode
from bot.tickets import number
from bot.tickets import repository as cases
from bot.tickets.models import Ticket

BACK: Button = {"title": "不等了，接着跟机器人说", "payload": "bot"}
# What offers to bring a matter to people; not said when they are brought in anyway.
OFFERS = ("utter_offer_person", "utter_offer_check", "utter_offer_after_refusal")

OF_GOODS = "utter_offer_case"
# Signals of which nothing but people is the answer, so that nobody there means a promised time.
NOT_LEFT_TO_TALK = frozenset(
    {"trigger", "value", "reopened", "breached", "prior_repairs", "complaint", "unreasonable"}
)
OF_CASES = frozenset({"reopened", "breached"})


class RequestHuman(ServiceAction):
    """The shopper asks for a person: honoured in this very turn, wherever the talk stands."""

    action_name = "action_request_human"
    yields_to_answer = False

    def act(self, turn: Turn) -> None:
        """Bring a person, or register the call-back and say when it comes."""
        hand_over(turn, asks=True)


def hand_over(turn: Turn, assigned_to: str | None = None, *, asks: bool = False) -> None:
    """Put the shopper in the queue; with nobody there open the conversation's one call-back
    case, or name the one that is open."""
    why = turn.heard.text[:500] or "顾客要求人工处理"
    handed = turn.services.handoff.request(
        turn.session,
        turn.conversation,
        turn.heard.message_id,
        why,
        signals(turn, asks=asks),
        assigned_to,
    )
    if handed.ticket is None:
        _say_who_comes(turn, handed)
        return
    ticket = handed.ticket
    if not handed.opened:
        turn.services.tickets.note(turn.session, ticket, "shopper", "asked_again", why)
    _say_when(turn, ticket, opened=handed.opened)
    turn.expect()
    if ticket.phone is None:
        turn.say("utter_ask_phone")
        turn.expect(offer=Offer.PHONE)


def watch(turn: Turn) -> None:
    """After a turn: bring in a person where the shop's rules say so and nobody has yet.

    With nobody there, what a rule of the shop calls for becomes a call-back case with a promised
    time beside the question that stands, or the goods' own case that is offered. Where the rule
    only wants a person, a decision or a favour, the talk and its offers lead to a case as well.
    """
    seen = signals(turn)
    rule = turn.services.handoff.fires(turn.conversation, seen)
    if rule is None or turn.conversation.mode != Mode.BOT or _brought(turn, rule):
        return
    if turn.services.handoff.reachable(turn.session, turn.conversation):
        _instead_of_offers(turn)
        turn.say("utter_person_is_better")
        hand_over(turn, rule.to)
    elif NOT_LEFT_TO_TALK & rule.when.keys():
        _instead_of_offers(turn)
        _call_back_beside(turn, rule.to)
    elif seen["mood"] >= 2 and turn.conversation.offer not in (Offer.CASE, Offer.PERSON):
        _call_back_beside(turn, rule.to)


def _instead_of_offers(turn: Turn) -> None:
    turn.replies = [one for one in turn.replies if one["response"] not in OFFERS]


def _call_back_beside(turn: Turn, to: str) -> None:
    """Open the call-back; what was asked or offered of the goods stands, and is said last."""
    asking = turn.conversation.asking
    last = [one for one in turn.replies if _stands(one)]
    turn.replies = [one for one in turn.replies if not _stands(one)]
    hand_over(turn, to)
    turn.replies += last
    if asking is not None:  # the number can wait, the matter goes on
        turn.expect(asking)
    elif last:
        turn.expect(offer=Offer.CASE)


def _stands(reply: Mapping[str, Any]) -> bool:
    return reply["response"] == OF_GOODS or "ask" in reply["custom"]


def _brought(turn: Turn, rule: Rule) -> bool:
    """Whether a person has been promised already: in this turn, or by a case that is open. What
    a rule sees of the shopper's cases stays so: of that it brings one once in a conversation."""
    if OF_CASES & rule.when.keys():
        if turn.services.handoff.fired_before(turn.session, turn.conversation, rule):
            return True
    elif any("ticket" in one["custom"] for one in turn.replies):
        return True
    return cases.open_call_back(turn.session, turn.conversation.id) is not None


def _say_who_comes(turn: Turn, handed: HandedOff) -> None:
    turn.expect()
    if handed.place is None:
        turn.say("utter_person_is_here", who=handed.agent_name or "同事")
        return
    place = turn.services.handoff.waiting.place_line(handed.place)
    turn.say("utter_queued", buttons=[BACK], place=place)


def _say_when(turn: Turn, ticket: Ticket, *, opened: bool) -> None:
    promise = turn.services.tickets.promise(ticket)
    name = "utter_call_back" if opened else "utter_call_back_waiting"
    turn.say(
        f"{name}_by" if promise else name,
        ticket=turn.services.tickets.shown(ticket),
        no=number.spoken(ticket.no),
        promise=promise or "",
    )
