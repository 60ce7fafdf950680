"""Tables of cases, their history and their numbers."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of
from bot.tickets import guards
from bot.tickets.states import TicketState as TicketState

FAR = datetime(9990, 1, 1, tzinfo=UTC)  # when there is nothing to be done by


class TicketKind(StrEnum):
    """What a case is about."""

    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    PRICE_DIFFERENCE = "price_difference"
    COMPENSATION = "compensation"
    COMPLAINT = "complaint"
    CARE = "care"
    INSTALLATION = "installation"
    INSPECTION = "inspection"
    CALL_BACK = "call_back"
    OTHER = "other"


class ComplaintKind(StrEnum):
    """What a complaint is of."""

    QUALITY = "quality"
    PACKAGING = "packaging"
    CONDUCT = "conduct"
    FACILITY = "facility"
    PRICE = "price"
    FRAUD = "fraud"
    DELIVERY = "delivery"
    OTHER = "other"


class Origin(StrEnum):
    """How a case came in: written by its shopper, or taken down for a caller or a walk-in."""

    WEB = "web"
    WECHAT = "wechat"
    PHONE = "phone"
    COUNTER = "counter"


class Resolution(StrEnum):
    """What is known of a finished case's result. `assumed`: we think it is settled. `confirmed`:
    the shopper said so. `quiet`: nobody came back within 72 hours, which counts as confirmed.
    `refuted`: the shopper came back."""

    ASSUMED = "assumed"
    CONFIRMED = "confirmed"
    QUIET = "quiet"
    REFUTED = "refuted"


class Ticket(Base):
    """A case. `no` is what the shopper is told; the line that opened it opens no second one.

    `sources` tells for each fact where it came from; `moves` counts the changes of state, each
    of which has its entry in the history; `act_by` is the earliest end of a running clock;
    `settles_at` is when a finished case closes of itself.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        one_of("kind", TicketKind),
        one_of("state", TicketState),
        CheckConstraint(
            f"complaint IS NULL OR complaint IN ({guards.listed(ComplaintKind)})", name="complaint"
        ),
        CheckConstraint(
            f"resolution IS NULL OR resolution IN ({guards.listed(Resolution)})", name="resolution"
        ),
        CheckConstraint("priority BETWEEN 0 AND 9", name="priority"),
        UniqueConstraint("no"),
        UniqueConstraint("opened_by"),
        Index("ix_tickets_conversation_id", "conversation_id", "created_at"),
        Index("ix_tickets_phone", "phone", "created_at"),
        guards.partial_index(
            "ix_tickets_queue", guards.LIVE, "department", "priority", "act_by", "id"
        ),
        guards.partial_index(
            "ix_tickets_mine", guards.LIVE, "responsible", "priority", "act_by", "id"
        ),
        guards.partial_index("ix_tickets_all", guards.LIVE, "priority", "act_by", "id"),
        guards.partial_index("ix_tickets_settles_at", guards.SETTLING, "settles_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    no: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(24))
    complaint: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(24), default=TicketState.SUBMITTED)
    moves: Mapped[int] = mapped_column(default=0)
    shop: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(16))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"))
    matter_id: Mapped[str | None] = mapped_column(ForeignKey("matters.id"))
    opened_by: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    opened_by_agent: Mapped[str | None] = mapped_column(String(64))
    decision_id: Mapped[str | None] = mapped_column(String(64))
    assigned_to: Mapped[str | None] = mapped_column(String(64))
    department: Mapped[str | None] = mapped_column(String(64))
    responsible: Mapped[str | None] = mapped_column(String(64))
    priority: Mapped[int] = mapped_column(default=5)
    rung: Mapped[int] = mapped_column(default=0)
    reopened: Mapped[int] = mapped_column(default=0)
    previous_no: Mapped[str | None] = mapped_column(String(24))
    facts: Mapped[dict[str, Any]]
    sources: Mapped[dict[str, Any]] = mapped_column(default=dict)
    phone: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    act_by: Mapped[datetime] = mapped_column(default=FAR)
    resolution: Mapped[str | None] = mapped_column(String(16))
    finished_at: Mapped[datetime | None]
    settles_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class TicketEvent(Base):
    """One entry of a case's history; entries are only ever added. A change of state is numbered
    by `place`, from the opening at 0, without gaps."""

    __tablename__ = "ticket_events"
    __table_args__ = (
        CheckConstraint(guards.KNOWN_MOVE, name="move"),
        UniqueConstraint("ticket_id", "place"),
        Index("ix_ticket_events_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(32))
    why: Mapped[str] = mapped_column(Text)
    place: Mapped[int | None]
    from_state: Mapped[str | None] = mapped_column(String(24))
    to_state: Mapped[str | None] = mapped_column(String(24))
    at: Mapped[datetime]


class TicketCounter(Base):
    """The last number given out on a day."""

    __tablename__ = "ticket_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


guards.keep_history(TicketEvent.__table__)
