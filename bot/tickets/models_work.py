"""Tables of the work around a case: clocks, approvals, appointments, notices, tasks, ratings."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of
from bot.tickets.guards import partial_index


class ClockState(StrEnum):
    """How a clock stands. `met` and `missed` tell whether what it was for came in time; a
    `dropped` one has nothing to wait for any more."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    DROPPED = "dropped"


class TicketClock(Base):
    """One promised time of a case; entering the state `since` started it (None: applying).
    `looks_at` is when the sweep has to look at it next: to warn,
    at its end, or at the end of a rung's own time; `explained` holds what its end was counted
    from."""

    __tablename__ = "ticket_clocks"
    __table_args__ = (
        one_of("state", ClockState),
        Index("ix_ticket_clocks_ticket_id", "ticket_id"),
        partial_index("ix_ticket_clocks_looks_at", "looks_at IS NOT NULL", "looks_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    clock: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=ClockState.RUNNING)
    since: Mapped[str | None] = mapped_column(String(24))
    clause: Mapped[str] = mapped_column(String(32))
    n: Mapped[int]
    unit: Mapped[str] = mapped_column(String(16))
    statutory: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    provisional: Mapped[bool] = mapped_column(default=False)
    paused_at: Mapped[datetime | None]
    paused_total: Mapped[int] = mapped_column(default=0)
    explained: Mapped[dict[str, Any]] = mapped_column(default=dict)
    looks_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    rung: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


class ApprovalState(StrEnum):
    """What became of a request for consent."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


class ApprovalRequest(Base):
    """The consent that a case waits for before it may enter `wanted`; one at a time. Whoever
    asks for it cannot give it."""

    __tablename__ = "ticket_approvals"
    __table_args__ = (
        one_of("state", ApprovalState),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        partial_index("uq_ticket_approvals_open", "state = 'pending'", "ticket_id", unique=True),
        partial_index("ix_ticket_approvals_queue", "state = 'pending'", "role", "asked_at"),
        Index("ix_ticket_approvals_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    state: Mapped[str] = mapped_column(String(16), default=ApprovalState.PENDING)
    wanted: Mapped[str] = mapped_column(String(24))
    event: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(64))
    clause: Mapped[str] = mapped_column(String(32))
    asked_by: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_why: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]


class VisitKind(StrEnum):
    """What an appointment is for."""

    COUNTER_VISIT = "counter_visit"
    FIELD_REPAIR = "field_repair"
    INSTALLATION = "installation"


class VisitState(StrEnum):
    """How an appointment stands."""

    HELD = "held"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    KEPT = "kept"
    MISSED = "missed"


TAKEN = "state IN ('held', 'confirmed')"


class Appointment(Base):
    """A time at which shopper and shop meet. `place` tells apart those that run side by side;
    no place is taken twice at a time, and no case has two appointments ahead."""

    __tablename__ = "ticket_appointments"
    __table_args__ = (
        one_of("state", VisitState),
        one_of("kind", VisitKind),
        CheckConstraint("ends_at > starts_at", name="forward"),
        partial_index(
            "uq_ticket_appointments_place", TAKEN, "shop", "kind", "starts_at", "place", unique=True
        ),
        partial_index("uq_ticket_appointments_ticket", TAKEN, "ticket_id", unique=True),
        partial_index("ix_ticket_appointments_reminds_at", "reminds_at IS NOT NULL", "reminds_at"),
        Index("ix_ticket_appointments_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    shop: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=VisitState.HELD)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[int]
    address: Mapped[str | None] = mapped_column(Text)
    reminds_at: Mapped[datetime | None]
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class NoticeState(StrEnum):
    """How far a notice has come; `dropped` where there is nobody to write to."""

    PENDING = "pending"
    SENT = "sent"
    DROPPED = "dropped"


class Notice(Base):
    """A line that a shopper is owed about a case, once for each `event`."""

    __tablename__ = "ticket_notices"
    __table_args__ = (
        one_of("state", NoticeState),
        UniqueConstraint("ticket_id", "event"),
        partial_index("ix_ticket_notices_pending", "state = 'pending'", "send_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    event: Mapped[str] = mapped_column(String(48))
    name: Mapped[str] = mapped_column(String(48))
    blanks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(16), default=NoticeState.PENDING)
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))


class TaskKind(StrEnum):
    """What is left to be done by a person."""

    FOLLOW_UP = "follow_up"
    TELL = "tell"


class TaskState(StrEnum):
    """How a task stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Task(Base):
    """Something to be done for a case by a person: a call some days after its end, or telling a
    shopper who has no conversation. One of a kind for each `event` of the case."""

    __tablename__ = "ticket_tasks"
    __table_args__ = (
        one_of("kind", TaskKind),
        one_of("state", TaskState),
        UniqueConstraint("ticket_id", "kind", "event"),
        partial_index("ix_ticket_tasks_open", "state = 'open'", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str] = mapped_column(String(16))
    event: Mapped[str] = mapped_column(String(48))
    state: Mapped[str] = mapped_column(String(16), default=TaskState.OPEN)
    note: Mapped[str] = mapped_column(Text)
    assigned_to: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime]
    done_by: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]


class TicketLine(Base):
    """A line that its shopper added to a case: a photo, or something more to know."""

    __tablename__ = "ticket_lines"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    at: Mapped[datetime]


class Rating(Base):
    """What a shopper thought of the service, once per episode of a conversation."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        UniqueConstraint("conversation_id", "episode"),
        Index("ix_ratings_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    episode: Mapped[int]
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id"))
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class LookupState(StrEnum):
    """How far somebody has come who asks for a case that is not their conversation's."""

    ASKED = "asked"
    REFUSED = "refused"
    OPENED = "opened"


class Lookup(Base):
    """An attempt to see a case by its number. Kept whether or not there is such a case: what is
    counted must not tell either."""

    __tablename__ = "ticket_lookups"
    __table_args__ = (
        one_of("state", LookupState),
        Index("ix_ticket_lookups_conversation_id", "conversation_id", "at"),
        Index("ix_ticket_lookups_no", "no", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    no: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default=LookupState.ASKED)
    at: Mapped[datetime]
