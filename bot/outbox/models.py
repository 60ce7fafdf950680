"""The table of lines to be delivered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of


class DeliveryState(StrEnum):
    """How far a line has come. `offered` lies ready for a page to fetch; `sending` was begun
    and, after a crash, may or may not have arrived: it becomes `unconfirmed`, never re-sent."""

    PENDING = "pending"
    SENDING = "sending"
    OFFERED = "offered"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


class Delivery(Base):
    """The delivery of one line over one channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", DeliveryState),
        Index("ix_outbox_state", "state", "due_at"),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(Text)
