"""The table of lines that wait for, or have had, their turn."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of


class TurnState(StrEnum):
    """Where the turn of a line stands. `running` with a lease that has run out is pending."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Turn(Base):
    """The turn that one accepted line is owed, unique by (channel, the channel's message id)."""

    __tablename__ = "inbox"
    __table_args__ = (
        one_of("state", TurnState),
        UniqueConstraint("channel", "channel_message_id"),
        Index("ix_inbox_lane", "conversation_id", "state", "seq"),
        Index("ix_inbox_state", "state", "due_at"),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(16))
    channel_message_id: Mapped[str] = mapped_column(String(128))
    seq: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=TurnState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    due_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(Text)
    accepted_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
