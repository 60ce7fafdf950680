"""Tables of webhooks and of what each is owed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of

PENDING = text("state = 'pending'")


class CallState(StrEnum):
    """How far a call has come; `dead`: tried often enough, or its webhook is gone."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class Webhook(Base):
    """An address of a shop's system; `secret` is sealed, `shops` empty means every shop. Entries
    of the history up to `watermark` have all been looked at."""

    __tablename__ = "webhooks"
    __table_args__ = (UniqueConstraint("url"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    url: Mapped[str] = mapped_column(String(512))
    secret: Mapped[str] = mapped_column(Text)
    shops: Mapped[list[Any]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    watermark: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class WebhookCall(Base):
    """One entry of a case's history owed to one webhook, once; an attempt is counted, and the
    next one set, before it is made."""

    __tablename__ = "webhook_calls"
    __table_args__ = (
        one_of("state", CallState),
        UniqueConstraint("webhook_id", "event_id"),
        Index(
            "ix_webhook_calls_due_at",
            "due_at",
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("ticket_events.id"))
    state: Mapped[str] = mapped_column(String(16), default=CallState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
