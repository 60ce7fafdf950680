"""Queries over cases."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, literal, or_, select, text, tuple_, update
from sqlalchemy.orm import Session

from bot.db import UtcDateTime
from bot.tickets.guards import LIVE, SETTLING
from bot.tickets.models import Ticket, TicketCounter, TicketEvent, TicketKind, TicketState
from bot.tickets.states import SETTLED

CALLED = (TicketKind.CALL_BACK, TicketKind.COMPLAINT)  # whoever opened one is called


def next_sequence(session: Session, day: date) -> int:
    """The next running number of a day, from 1."""
    taken = session.execute(
        update(TicketCounter)
        .where(TicketCounter.day == day)
        .values(last=TicketCounter.last + 1)
        .returning(TicketCounter.last)
    ).scalar()
    if taken is not None:
        return taken
    # Two first cases of a day can meet here; the loser's savepoint fails and it counts on.
    with session.begin_nested():
        session.add(TicketCounter(day=day, last=1))
        session.flush()
    return 1


def lock(session: Session, ticket_id: str) -> Ticket | None:
    """The case as it is now, held against other writers until the transaction ends."""
    return session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)


def get(session: Session, ticket_id: str) -> Ticket | None:
    """The case of that id."""
    return session.get(Ticket, ticket_id)


def opened_by(session: Session, message_id: str) -> Ticket | None:
    """The case that a line opened."""
    return session.scalar(select(Ticket).where(Ticket.opened_by == message_id))


def by_no(session: Session, no: str) -> Ticket | None:
    """The case of that number."""
    return session.scalar(select(Ticket).where(Ticket.no == no))


def of_conversation(session: Session, conversation_id: str) -> Sequence[Ticket]:
    """The cases of a conversation, newest first."""
    return session.scalars(
        select(Ticket)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Ticket.created_at.desc(), Ticket.no.desc())
    ).all()


def of_phone(session: Session, shop: str, phone: str, limit: int = 20) -> Sequence[Ticket]:
    """The cases of whoever can be called under a number, newest first."""
    return session.scalars(
        select(Ticket)
        .where(Ticket.phone == phone, Ticket.shop == shop)
        .order_by(Ticket.created_at.desc())
        .limit(limit)
    ).all()


def of_matter(session: Session, matter_id: str) -> Ticket | None:
    """The newest case of a matter that is not settled."""
    query = select(Ticket).where(Ticket.matter_id == matter_id, Ticket.state.not_in(SETTLED))
    return session.scalar(query.order_by(Ticket.created_at.desc()).limit(1))


def open_call_back(session: Session, conversation_id: str) -> Ticket | None:
    """The call-back that a conversation is still waiting for, about a complaint or not."""
    return session.scalar(
        select(Ticket).where(
            Ticket.conversation_id == conversation_id,
            Ticket.kind.in_(CALLED),
            Ticket.state.not_in(SETTLED),
        )
    )


def finished_since(session: Session, ticket: Ticket, since: datetime) -> Sequence[Ticket]:
    """Other cases of the same shopper that were finished since an instant, newest first."""
    same = [Ticket.conversation_id == ticket.conversation_id] if ticket.conversation_id else []
    if ticket.phone:
        same.append(Ticket.phone == ticket.phone)
    if not same:
        return []
    query = select(Ticket).where(
        or_(*same),
        Ticket.shop == ticket.shop,
        Ticket.id != ticket.id,
        Ticket.finished_at >= since,
        Ticket.state.in_([TicketState.DONE, TicketState.CONFIRMED, TicketState.CLOSED]),
    )
    return session.scalars(query.order_by(Ticket.finished_at.desc())).all()


def history(session: Session, ticket_id: str) -> Sequence[TicketEvent]:
    """What happened to a case, in order."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
    return session.scalars(query.order_by(TicketEvent.id)).all()


def happened(session: Session, ticket_id: str, what: str) -> int:
    """How often something happened to a case."""
    query = select(func.count()).where(TicketEvent.ticket_id == ticket_id, TicketEvent.what == what)
    return session.scalar(query) or 0


def last(session: Session, ticket_id: str, what: str) -> TicketEvent | None:
    """The newest entry of that name in a case's history."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id, TicketEvent.what == what)
    return session.scalar(query.order_by(TicketEvent.id.desc()).limit(1))


def asked_in(session: Session, ticket_id: str) -> str | None:
    """The state in which the shopper was last asked for something."""
    return session.scalar(
        select(TicketEvent.from_state)
        .where(
            TicketEvent.ticket_id == ticket_id,
            TicketEvent.to_state == TicketState.AWAITING_CUSTOMER,
        )
        .order_by(TicketEvent.place.desc())
        .limit(1)
    )


def settling(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """The finished cases whose time to come back is over."""
    query = select(Ticket.id).where(text(SETTLING), Ticket.settles_at <= now)
    return session.scalars(query.order_by(Ticket.settles_at).limit(limit)).all()


def live_page(
    session: Session,
    *,
    after: tuple[int, datetime, str] | None,
    limit: int,
    department: str | None = None,
    responsible: str | None = None,
    **others: str | None,
) -> Sequence[Ticket]:
    """A page of the cases that have something left to be done, most urgent first."""
    query = select(Ticket).where(text(LIVE))
    given = {"department": department, "responsible": responsible, **others}
    for name, value in given.items():
        if value is not None:
            query = query.where(getattr(Ticket, name) == value)
    if after is not None:
        query = query.where(_beyond(after, _led_by(session, given)))
    return session.scalars(
        query.order_by(Ticket.priority, Ticket.act_by, Ticket.id).limit(limit)
    ).all()


def _led_by(session: Session, given: Mapping[str, str | None]) -> dict[str, str]:
    """What the index of a queue begins with, where it is to be part of the place in it.

    PostgreSQL takes the row behind a place for next to none, and without this reads the index of
    all departments (470 pages for a page of one, with 9,000 live cases). SQLite goes to a place
    only by the row that follows what is equal.
    """
    if session.get_bind().dialect.name != "postgresql":
        return {}
    leads = ((name, given[name]) for name in ("department", "responsible"))
    return dict([(name, value) for name, value in leads if value is not None][:1])


def _beyond(after: tuple[int, datetime, str], led_by: Mapping[str, str]) -> ColumnElement[bool]:
    """What stands behind a case in the order of the queue."""
    priority, act_by, ticket_id = after
    here = tuple_(
        *(getattr(Ticket, name) for name in led_by), Ticket.priority, Ticket.act_by, Ticket.id
    )
    return here > tuple_(
        *map(literal, led_by.values()),
        literal(priority),
        literal(act_by, UtcDateTime()),
        literal(ticket_id),
    )
