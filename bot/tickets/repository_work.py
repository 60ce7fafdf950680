"""Queries over the work around cases; what claims a row tells by its count whether it did."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import CursorResult, Update, func, select, text, update
from sqlalchemy.orm import Session

from bot.tickets.models_work import (
    TAKEN,
    Appointment,
    ApprovalRequest,
    ApprovalState,
    ClockState,
    Lookup,
    LookupState,
    Notice,
    NoticeState,
    Rating,
    Task,
    TaskState,
    TicketClock,
    TicketLine,
    VisitState,
)

OPEN_CLOCKS = (ClockState.RUNNING, ClockState.PAUSED)


def claimed(session: Session, statement: Update) -> bool:
    """Run a conditional update of one row; whether it was ours to change."""
    result = cast(CursorResult[Any], session.execute(statement))
    return result.rowcount == 1


def clocks(session: Session, ticket_id: str) -> Sequence[TicketClock]:
    """Every clock of a case, in the order they were started."""
    query = select(TicketClock).where(TicketClock.ticket_id == ticket_id)
    return session.scalars(query.order_by(TicketClock.id)).all()


def open_clocks(session: Session, ticket_id: str) -> list[TicketClock]:
    """The clocks of a case that have not ended."""
    return [clock for clock in clocks(session, ticket_id) if clock.state in OPEN_CLOCKS]


def cases_to_look_at(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """The cases whose clocks the sweep has to look at, longest waiting first; a case comes as
    often as it has such clocks."""
    query = select(TicketClock.ticket_id).where(
        text("looks_at IS NOT NULL"), TicketClock.looks_at <= now
    )
    return session.scalars(query.order_by(TicketClock.looks_at).limit(limit)).all()


def clocks_due(session: Session, ticket_id: str, now: datetime) -> Sequence[TicketClock]:
    """The clocks of a case that the sweep has to look at, longest waiting first."""
    # Chosen here: with the condition PostgreSQL goes through all that is due, for each case anew.
    due = [
        (clock.looks_at, clock.id, clock)
        for clock in clocks(session, ticket_id)
        if clock.looks_at is not None and clock.looks_at <= now
    ]
    return [clock for _, _, clock in sorted(due, key=itemgetter(0, 1))]


def claim_clock(session: Session, clock: TicketClock, **values: object) -> bool:
    """Change a clock as it was read, unless somebody has looked at it since."""
    statement = update(TicketClock).where(
        TicketClock.id == clock.id,
        TicketClock.state == ClockState.RUNNING,
        TicketClock.looks_at == clock.looks_at,
        TicketClock.rung == clock.rung,
    )
    return claimed(session, statement.values(**values))


def pending_approval(session: Session, ticket_id: str) -> ApprovalRequest | None:
    """The consent that a case waits for."""
    return session.scalar(
        select(ApprovalRequest).where(
            text("state = 'pending'"), ApprovalRequest.ticket_id == ticket_id
        )
    )


def granted(session: Session, ticket_id: str, wanted: str) -> bool:
    """Whether a case has the consent to enter a state."""
    found = session.scalar(
        select(ApprovalRequest.id).where(
            ApprovalRequest.ticket_id == ticket_id,
            ApprovalRequest.wanted == wanted,
            ApprovalRequest.state == ApprovalState.GRANTED,
        )
    )
    return found is not None


def approval_queue(session: Session, roles: Sequence[str], limit: int) -> Sequence[ApprovalRequest]:
    """What waits for the consent of these roles, longest waiting first; of all, for none."""
    query = select(ApprovalRequest).where(text("state = 'pending'"))
    if roles:
        query = query.where(ApprovalRequest.role.in_(roles))
    return session.scalars(query.order_by(ApprovalRequest.asked_at).limit(limit)).all()


def lapse_approvals(session: Session, ticket_id: str, *states: ApprovalState) -> None:
    """Let consents of a case in these states count no more."""
    session.execute(
        update(ApprovalRequest)
        .where(ApprovalRequest.ticket_id == ticket_id, ApprovalRequest.state.in_(states))
        .values(state=ApprovalState.LAPSED)
    )


def appointments(session: Session, ticket_id: str) -> Sequence[Appointment]:
    """Every appointment of a case, in the order they were made."""
    query = select(Appointment).where(Appointment.ticket_id == ticket_id)
    return session.scalars(query.order_by(Appointment.id)).all()


def appointment_ahead(session: Session, ticket_id: str) -> Appointment | None:
    """The appointment that a case has ahead of it."""
    return session.scalar(
        select(Appointment).where(text(TAKEN), Appointment.ticket_id == ticket_id)
    )


def appointments_ahead(session: Session, ticket_ids: Sequence[str]) -> Sequence[Appointment]:
    """The appointments that these cases have ahead of them, soonest first."""
    query = select(Appointment).where(text(TAKEN), Appointment.ticket_id.in_(ticket_ids))
    return session.scalars(query.order_by(Appointment.starts_at)).all()


def taken(
    session: Session, shop: str, kind: str, start: datetime, end: datetime
) -> Sequence[tuple[datetime, int]]:
    """The beginnings and places taken between two instants."""
    query = select(Appointment.starts_at, Appointment.place).where(
        text(TAKEN),
        Appointment.shop == shop,
        Appointment.kind == kind,
        Appointment.starts_at >= start,
        Appointment.starts_at < end,
    )
    return [(row.starts_at, row.place) for row in session.execute(query)]


def reminders_due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The appointments of which their shoppers are to be reminded."""
    query = select(Appointment.id).where(
        text("reminds_at IS NOT NULL"), Appointment.reminds_at <= now
    )
    return session.scalars(query.order_by(Appointment.reminds_at).limit(limit)).all()


def claim_reminder(session: Session, appointment: Appointment) -> bool:
    """Take a reminder; whether it was still to be given."""
    statement = update(Appointment).where(
        Appointment.id == appointment.id,
        Appointment.reminds_at.is_not(None),
        Appointment.state.in_([VisitState.HELD, VisitState.CONFIRMED]),
    )
    return claimed(session, statement.values(reminds_at=None))


def notice(session: Session, ticket_id: str, event: str) -> Notice | None:
    """The notice of an event of a case."""
    return session.scalar(
        select(Notice).where(Notice.ticket_id == ticket_id, Notice.event == event)
    )


def notices_due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The notices to be sent now, in the order they came about."""
    query = select(Notice.id).where(text("state = 'pending'"), Notice.send_at <= now)
    return session.scalars(query.order_by(Notice.send_at, Notice.id).limit(limit)).all()


def claim_notice(session: Session, notice_id: int, now: datetime) -> bool:
    """Take a notice to send it; whether it was still to be sent."""
    statement = update(Notice).where(
        Notice.id == notice_id, Notice.state == NoticeState.PENDING, Notice.send_at <= now
    )
    return claimed(session, statement.values(state=NoticeState.SENT, sent_at=now))


def task(session: Session, ticket_id: str, kind: str, event: str) -> Task | None:
    """The task of that kind for an event of a case."""
    return session.scalar(
        select(Task).where(Task.ticket_id == ticket_id, Task.kind == kind, Task.event == event)
    )


def open_tasks(session: Session, limit: int) -> Sequence[Task]:
    """What is left to be done by people, soonest first."""
    query = select(Task).where(text("state = 'open'")).order_by(Task.due_at).limit(limit)
    return session.scalars(query).all()


def finish_task(session: Session, task_id: int, **values: object) -> bool:
    """Close a task; whether it was still open."""
    statement = update(Task).where(Task.id == task_id, Task.state == TaskState.OPEN)
    return claimed(session, statement.values(**values))


def rating(session: Session, conversation_id: str, episode: int) -> Rating | None:
    """What was thought of an episode."""
    return session.scalar(
        select(Rating).where(Rating.conversation_id == conversation_id, Rating.episode == episode)
    )


def ratings(session: Session, ticket_id: str) -> Sequence[Rating]:
    """What was thought of the service around a case."""
    return session.scalars(select(Rating).where(Rating.ticket_id == ticket_id)).all()


def line(session: Session, ticket_id: str, message_id: str) -> TicketLine | None:
    """A line of a case, if it is one of its."""
    return session.get(TicketLine, (ticket_id, message_id))


def lines(session: Session, ticket_id: str) -> Sequence[str]:
    """The lines that were added to a case, in order."""
    query = select(TicketLine.message_id).where(TicketLine.ticket_id == ticket_id)
    return session.scalars(query.order_by(TicketLine.at)).all()


def lookup_asked(session: Session, conversation_id: str, since: datetime) -> Lookup | None:
    """The number that a conversation has asked for and not yet proved to be its own."""
    query = select(Lookup).where(Lookup.conversation_id == conversation_id, Lookup.at >= since)
    newest = session.scalar(query.order_by(Lookup.id.desc()).limit(1))
    return newest if newest is not None and newest.state == LookupState.ASKED else None


def lookups_refused(
    session: Session, since: datetime, conversation_id: str | None = None, no: str | None = None
) -> int:
    """How often a proof has failed of late, in a conversation or for a number."""
    query = (
        select(func.count())
        .select_from(Lookup)
        .where(Lookup.at >= since, Lookup.state == LookupState.REFUSED)
    )
    if conversation_id is not None:
        query = query.where(Lookup.conversation_id == conversation_id)
    if no is not None:
        query = query.where(Lookup.no == no)
    return session.scalar(query) or 0


def numbers_opened(session: Session, conversation_id: str, since: datetime) -> Sequence[str]:
    """The numbers that a conversation has proved to be its own of late."""
    query = select(Lookup.no).where(
        Lookup.conversation_id == conversation_id,
        Lookup.state == LookupState.OPENED,
        Lookup.at >= since,
    )
    return session.scalars(query.distinct()).all()
