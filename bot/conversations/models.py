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

from bot.db import Base, one_of
from bot.messages import Author, Mode


class Offer(StrEnum):
    """What the bot's last line offered, so that a bare yes or no has a meaning."""

    CASE = "case"
    PERSON = "person"
    PHONE = "phone"
    WITHDRAWAL = "withdrawal"


class MatterState(StrEnum):
    """How far one matter of a shopper has come."""

    OPEN = "open"
    DECIDED = "decided"
    TICKETED = "ticketed"
    CLOSED = "closed"


class Conversation(Base):
    """One shopper on one channel with one shop; `last_seq` numbers its lines without gaps."""

    __tablename__ = "conversations"
    __table_args__ = (one_of("mode", Mode),)

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
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Message(Base):
    """One line of the transcript. A reply is unique by the line it answers and its place."""

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
