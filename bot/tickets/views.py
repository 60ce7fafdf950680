"""A case as others see it: a message, the queue, the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.calendar import service as calendar
from bot.tickets.models import FAR, Ticket, TicketEvent
from bot.tickets.models_work import TicketClock
from bot.tickets.office import Office


@dataclass(frozen=True)
class QueueFilter:
    """Which cases a queue shows; what is None does not matter."""

    department: str | None = None
    responsible: str | None = None
    shop: str | None = None
    kind: str | None = None
    state: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Page:
    """One page of a queue: after where the last one ended, at most `size` cases."""

    after: tuple[int, datetime, str] | None = None
    size: int = 50


@dataclass(frozen=True)
class Row:
    """A case as a queue shows it; `act_by` is when something is due next, if anything is."""

    id: str
    no: str
    kind: str
    complaint: str | None
    state: str
    shop: str
    origin: str
    department: str | None
    responsible: str | None
    priority: int
    rung: int
    reopened: int
    phone: str | None
    act_by: datetime | None
    overdue: bool
    created_at: datetime


@dataclass(frozen=True)
class QueuePage:
    """The cases of a page, most urgent first, and where the next one begins."""

    rows: Sequence[Row]
    next: Page | None


@dataclass(frozen=True)
class Entry:
    """One entry of a case's history."""

    at: datetime
    who: str
    what: str
    why: str
    from_state: str | None
    to_state: str | None


@dataclass(frozen=True)
class ClockView:
    """One clock of a case, with the sentence that says why it ends when it does."""

    id: int
    clock: str
    state: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    overdue: bool
    clause: str
    explained: str


def shown(office: Office, ticket: Ticket) -> Mapping[str, Any]:
    """A case as a message carries it."""
    due = None if ticket.due_provisional or ticket.due_at is None else ticket.due_at
    return {
        "no": ticket.no,
        "state": ticket.state,
        "due": due.astimezone(office.zone).isoformat() if due else None,
    }


def promise(office: Office, ticket: Ticket) -> str | None:
    """The promised time as one says it, or None where no date may be named."""
    if ticket.due_at is None or ticket.due_provisional:
        return None
    return calendar.spoken(ticket.due_at, office.zone)


def row(ticket: Ticket, now: datetime) -> Row:
    """A case as a queue shows it, its phone number masked."""
    act_by = None if ticket.act_by == FAR else ticket.act_by
    return Row(
        id=ticket.id,
        no=ticket.no,
        kind=ticket.kind,
        complaint=ticket.complaint,
        state=ticket.state,
        shop=ticket.shop,
        origin=ticket.origin,
        department=ticket.department,
        responsible=ticket.responsible,
        priority=ticket.priority,
        rung=ticket.rung,
        reopened=ticket.reopened,
        phone=masked(ticket.phone),
        act_by=act_by,
        overdue=act_by is not None and act_by <= now,
        created_at=ticket.created_at,
    )


def entry(event: TicketEvent) -> Entry:
    """An entry of the history."""
    return Entry(event.at, event.who, event.what, event.why, event.from_state, event.to_state)


def clock_view(clock: TicketClock, explained: str, now: datetime) -> ClockView:
    """A clock with its sentence."""
    return ClockView(
        id=clock.id,
        clock=clock.clock,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        provisional=clock.provisional,
        overdue=clock.ended_at is None and clock.paused_at is None and clock.due_at <= now,
        clause=clock.clause,
        explained=explained,
    )


def masked(phone: str | None) -> str | None:
    """A phone number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}" if phone and len(phone) > 7 else phone
