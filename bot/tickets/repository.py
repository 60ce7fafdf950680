"""Queries over cases."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.tickets.models import Ticket, TicketCounter, TicketKind, TicketState


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


def open_call_back(session: Session, conversation_id: str) -> Ticket | None:
    """The call-back that a conversation is still waiting for."""
    return session.scalar(
        select(Ticket).where(
            Ticket.conversation_id == conversation_id,
            Ticket.kind == TicketKind.CALL_BACK,
            Ticket.state == TicketState.SUBMITTED,
        )
    )
