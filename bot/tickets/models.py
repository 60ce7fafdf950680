"""Tables of cases, their history and their numbers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of


class TicketKind(StrEnum):
    """What a case is about."""

    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    PRICE_DIFFERENCE = "price_difference"
    COMPENSATION = "compensation"
    COMPLAINT = "complaint"
    CARE = "care"
    INSPECTION = "inspection"
    CALL_BACK = "call_back"
    OTHER = "other"


class TicketState(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Ticket(Base):
    """A case. `no` is what the shopper is told; the line that opened it opens no second one."""

    __tablename__ = "tickets"
    __table_args__ = (
        one_of("kind", TicketKind),
        one_of("state", TicketState),
        UniqueConstraint("no"),
        UniqueConstraint("opened_by"),
        Index("ix_tickets_conversation_id", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    no: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default=TicketState.SUBMITTED)
    shop: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(16))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    matter_id: Mapped[str | None] = mapped_column(ForeignKey("matters.id"))
    opened_by: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    decision_id: Mapped[str | None] = mapped_column(String(64))
    assigned_to: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]]
    phone: Mapped[str | None] = mapped_column(String(32))
    due_at: Mapped[datetime | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class TicketEvent(Base):
    """One entry of a case's history; entries are only ever added."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_ticket_id", "ticket_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(32))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class TicketCounter(Base):
    """The last number given out on a day."""

    __tablename__ = "ticket_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
