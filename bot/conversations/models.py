"""Tables of conversations: lines, matters, facts and the effects of turns."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from bot.conversations import writers
from bot.db import Base, one_of
from bot.messages import Author, Mode


class Offer(StrEnum):
    """What the bot's last line offered, so that a bare yes or no has a meaning."""

    CASE = "case"
    PERSON = "person"
    PHONE = "phone"
    WITHDRAWAL = "withdrawal"
    ERRAND = "errand"


class MatterState(StrEnum):
    """How far one matter of a shopper has come."""

    OPEN = "open"
    DECIDED = "decided"
    TICKETED = "ticketed"
    CLOSED = "closed"


class Conversation(Base):
    """One shopper on one channel with one shop; `last_seq` numbers its lines without gaps.

    `fence` grows by one with every change of who may write: whoever began under an older number
    has come too late. `agent` is set exactly while the mode is `human`. An episode ends when the
    conversation is closed; `fired` is the rule that last sent it to people.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        one_of("mode", Mode),
        Index("ix_conversations_mode", "mode", "shop"),
        Index("ix_conversations_agent", "agent"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(16), default=Mode.BOT)
    last_seq: Mapped[int] = mapped_column(default=0)
    asking: Mapped[str | None] = mapped_column(String(64))
    offer: Mapped[str | None] = mapped_column(String(16))
    misses: Mapped[int] = mapped_column(default=0)
    matter_id: Mapped[str | None] = mapped_column(String(36))
    phone: Mapped[str | None] = mapped_column(String(32))
    later: Mapped[str | None] = mapped_column(Text)
    fence: Mapped[int] = mapped_column(default=0, server_default="0")
    episode: Mapped[int] = mapped_column(default=1, server_default="1")
    agent: Mapped[str | None] = mapped_column(String(64))
    agent_name: Mapped[str | None] = mapped_column(String(64))
    waiting_since: Mapped[datetime | None]
    priority: Mapped[int | None]
    department: Mapped[str | None] = mapped_column(String(64))
    fired: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Message(Base):
    """One line of the transcript. A reply is unique by the line it answers and its place; a line
    of a person carries who wrote it in `agent`, and `recalled_at` once it was taken back."""

    __tablename__ = "messages"
    __table_args__ = (
        one_of("author", Author),
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client"),
        UniqueConstraint("reply_to", "place", name="uq_messages_reply"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(16))
    author_name: Mapped[str | None] = mapped_column(String(64))
    client_message_id: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(String(256))
    extras: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reply_to: Mapped[str | None] = mapped_column(String(36))
    place: Mapped[str | None] = mapped_column(String(16))
    agent: Mapped[str | None] = mapped_column(String(64))
    recalled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Matter(Base):
    """One thing a shopper wants settled; `asked` lists the facts asked for so far."""

    __tablename__ = "matters"
    __table_args__ = (
        one_of("state", MatterState),
        Index("ix_matters_conversation_id", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(String(16), default=MatterState.OPEN)
    asked: Mapped[list[Any]] = mapped_column(default=list)
    decision_id: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime]


class Fact(Base):
    """One fact as it was given, never changed: the newest of a key is what holds."""

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("matter_id", "message_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[str] = mapped_column(ForeignKey("matters.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    key: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(16))
    stated_at: Mapped[datetime]


class Effect(Base):
    """What a line has already brought about, so that a repeated turn repeats nothing."""

    __tablename__ = "effects"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class DraftState(StrEnum):
    """What became of an answer that came too late to be said."""

    OPEN = "open"
    USED = "used"
    DROPPED = "dropped"


class Draft(Base):
    """What the bot would have said to a line, had a person not taken over meanwhile."""

    __tablename__ = "drafts"
    __table_args__ = (
        one_of("state", DraftState),
        UniqueConstraint("message_id"),
        Index("ix_drafts_conversation_id", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    lines: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(16), default=DraftState.OPEN)
    created_at: Mapped[datetime]


writers.guard(Base.metadata.tables["conversations"])
writers.guard(Base.metadata.tables["messages"])
