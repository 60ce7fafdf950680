"""What is no matter of goods (an invoice, an address, a fitter): offered, then registered."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions import visits
from actions.base import Turn
from actions.decide import NOT_NOW, OPEN_CASE, PERSON
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.conversations.models import Offer
from bot.tickets import number
from bot.tickets import repository as cases
from bot.tickets.models import Ticket, TicketKind, TicketState
from bot.tickets.service import Application

FITTED = "installation"  # the errand for which somebody comes
ERRAND = "errand"  # the effect under which the offer of one is kept


def offer(turn: Turn, matter: str, what: str) -> None:
    """Offer to register what the line asks for, unless it is; `what` completes 请同事…."""
    running = _running(turn.session, turn.conversation.id, matter)
    if running is not None:
        turn.say("utter_errand_running", no=number.spoken(running.no))
        return
    kept = {"matter": matter, "why": turn.heard.text[:500]}
    conversations.record_effect(turn.session, turn.heard.message_id, ERRAND, kept, turn.now)
    turn.say("utter_offer_errand", buttons=[OPEN_CASE, NOT_NOW, PERSON], what=what)
    turn.expect(offer=Offer.ERRAND)


def register(turn: Turn) -> None:
    """Open the case of the errand that was offered, or add to the one that is open for it."""
    kept = repository.last_effect(turn.session, turn.conversation.id, ERRAND)
    matter, why = (kept["matter"], kept["why"]) if kept else ("other", turn.heard.text[:500])
    ticket = _running(turn.session, turn.conversation.id, matter)
    if ticket is None:
        ticket = turn.services.tickets.open(
            turn.session, turn.conversation, _application(turn, matter, why)
        )
    else:
        turn.services.tickets.note(turn.session, ticket, "shopper", "asked_again", why)
    _tell(turn, ticket, why if matter == FITTED else None)


def add(turn: Turn) -> bool:
    """Put a number, an address or a day given later to the errand that is open; False if none."""
    ticket = _running(turn.session, turn.conversation.id)
    if ticket is None:
        return False
    turn.services.tickets.note(turn.session, ticket, "shopper", "added", turn.heard.text[:200])
    turn.say("utter_errand_noted", no=number.spoken(ticket.no))
    return True


def _application(turn: Turn, matter: str, why: str) -> Application:
    kind = TicketKind.INSTALLATION if matter.startswith("installation") else TicketKind.OTHER
    return Application(
        kind=kind,
        opened_by=turn.heard.message_id,
        why=why,
        term=turn.shop.call_back,
        facts={"errand": matter, "said": turn.heard.text[:200]},
    )


def _running(session: Session, conversation_id: str, matter: str | None = None) -> Ticket | None:
    open_cases: Sequence[Ticket] = cases.of_conversation(session, conversation_id)
    return next(
        (
            ticket
            for ticket in open_cases
            if ticket.state == TicketState.SUBMITTED
            and ERRAND in ticket.facts
            and matter in (None, ticket.facts[ERRAND])
        ),
        None,
    )


def _tell(turn: Turn, ticket: Ticket, wanted: str | None) -> None:
    """Say that it is registered; where somebody is to come, as `wanted`, offer times for it."""
    promise = turn.services.tickets.promise(ticket)
    turn.say(
        "utter_errand_opened_by" if promise else "utter_errand_opened",
        ticket=turn.services.tickets.shown(ticket),
        no=number.spoken(ticket.no),
        promise=promise or "",
    )
    turn.expect()
    if wanted is not None and visits.offer_first(turn, ticket, wanted):
        return
    if ticket.phone is None:
        turn.say("utter_ask_phone")
        turn.expect(offer=Offer.PHONE)
