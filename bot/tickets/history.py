"""The history of a case: entries are only added, and a state changes only with its entry."""

from sqlalchemy.orm import Session

from bot.tickets.models import Ticket, TicketEvent, TicketState
from bot.tickets.office import Office
from bot.tickets.states import Transition


def opened(session: Session, office: Office, ticket: Ticket, who: str, why: str) -> None:
    """Write the first entry."""
    entry = _entry(office, ticket, who, "opened", why)
    entry.place, entry.to_state = 0, TicketState.SUBMITTED
    session.add(entry)
    session.flush()


def note(session: Session, office: Office, ticket: Ticket, who: str, what: str, why: str) -> None:
    """Write down something that left the state as it is."""
    session.add(_entry(office, ticket, who, what, why))
    session.flush()


def move(
    session: Session, office: Office, ticket: Ticket, way: Transition, who: str, why: str
) -> None:
    """Change the state of a case that is held by this transaction."""
    entry = _entry(office, ticket, who, way.event, why)
    entry.place, entry.from_state, entry.to_state = ticket.moves + 1, way.start, way.end
    session.add(entry)
    # The entry first: the database lets no state change without it.
    session.flush()
    ticket.state, ticket.moves = way.end, ticket.moves + 1
    session.flush()


def _entry(office: Office, ticket: Ticket, who: str, what: str, why: str) -> TicketEvent:
    return TicketEvent(ticket_id=ticket.id, who=who, what=what, why=why[:2000], at=office.now)
