"""Handing the shopper to people, with a promised time."""

from actions.base import ServiceAction, Turn
from bot.conversations.models import Offer
from bot.tickets import number


class RequestHuman(ServiceAction):
    """The shopper asks for a person: honoured in this very turn, wherever the talk stands."""

    action_name = "action_request_human"
    yields_to_answer = False

    def act(self, turn: Turn) -> None:
        """Register the call-back and say when it comes."""
        hand_over(turn)


def hand_over(turn: Turn, assigned_to: str | None = None) -> None:
    """Open the conversation's one call-back case, or name the one that is open."""
    why = turn.heard.text[:500] or "顾客要求人工处理"
    ticket, opened = turn.services.handoff.call_back(
        turn.session, turn.conversation, turn.heard.message_id, why, assigned_to
    )
    if not opened:
        turn.services.tickets.note(turn.session, ticket, "shopper", "asked_again", why)
    promise = turn.services.tickets.promise(ticket)
    name = "utter_call_back" if opened else "utter_call_back_waiting"
    turn.say(
        f"{name}_by" if promise else name,
        ticket=turn.services.tickets.shown(ticket),
        no=number.spoken(ticket.no),
        promise=promise or "",
    )
    turn.expect()
    if ticket.phone is None:
        turn.say("utter_ask_phone")
        turn.expect(offer=Offer.PHONE)
