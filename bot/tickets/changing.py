"""What changes in a case without moving it: who handles it, what is known of it, its urgency."""

from sqlalchemy.orm import Session

from bot.tickets import clocks, history, moves
from bot.tickets import repository_work as work
from bot.tickets.models import Ticket, TicketState
from bot.tickets.models_work import TicketLine
from bot.tickets.moves import NotPossible, Step, locked
from bot.tickets.office import SHOPPER, Actor, Office
from bot.tickets.opening import Application
from bot.tickets.states import SETTLED, Event

# Before anything was done with the goods another wish can be taken up.
CHANGEABLE = (
    TicketState.SUBMITTED,
    TicketState.REVIEWING,
    TicketState.APPROVED,
    TicketState.AWAITING_CUSTOMER,
    TicketState.REOPENED,
)
URGENT = 2  # as far up as pressing for speed brings a case


def assign(
    session: Session,
    office: Office,
    ticket: Ticket,
    by: Actor,
    responsible: str | None,
    department: str | None,
    why: str,
) -> None:
    """Give a case to somebody, or to another department. No clock is touched."""
    ticket = locked(session, ticket)
    if department is not None and department != ticket.department:
        ticket.department, ticket.responsible = department, None
    if responsible is not None:
        ticket.responsible = responsible
    to = responsible or department or ""
    history.note(session, office, ticket, by.name, "assigned", f"{to} {why}".strip())


def change(
    session: Session, office: Office, ticket: Ticket, application: Application, by: Actor
) -> Step:
    """Put other facts, another decision or another kind into a case. What was approved on the
    old ones is looked at again. Raises NotPossible once the goods are being handled."""
    ticket = locked(session, ticket)
    if ticket.state not in CHANGEABLE:
        raise NotPossible(no=ticket.no, state=ticket.state)
    told = {"source": by.who.value, "by": by.name, "at": office.now.isoformat()}
    new = {key for key, value in application.facts.items() if ticket.facts.get(key) != value}
    ticket.sources = ticket.sources | dict.fromkeys(sorted(new), told)
    ticket.facts, ticket.kind = dict(application.facts), application.kind
    ticket.decision_id = application.decision_id or ticket.decision_id
    session.flush()
    if ticket.state == TicketState.APPROVED:
        return moves.advance(session, office, ticket, Event.CHANGE, by, application.why)
    history.note(session, office, ticket, by.name, "corrected", application.why)
    return Step(ticket)


def add_line(session: Session, office: Office, ticket: Ticket, message_id: str, what: str) -> None:
    """Add a line of the shopper to a case. A case that waited for the shopper goes on."""
    if work.line(session, ticket.id, message_id) is not None:
        return
    ticket = locked(session, ticket)
    session.add(TicketLine(ticket_id=ticket.id, message_id=message_id, at=office.now))
    session.flush()
    if ticket.state == TicketState.AWAITING_CUSTOMER:
        moves.advance(session, office, ticket, Event.ANSWER, SHOPPER, what)
    else:
        history.note(session, office, ticket, "shopper", "added", what)


def urge(session: Session, office: Office, ticket: Ticket, words: str) -> None:
    """Note that the shopper presses for speed, and put the case further up."""
    ticket = locked(session, ticket)
    history.note(session, office, ticket, "shopper", "urged", words[:200] or "催办")
    if ticket.state not in SETTLED:
        ticket.priority = max(min(ticket.priority, URGENT), ticket.priority - 1)
    clocks.show(session, ticket)
