"""Tables of hand-offs, what happened to each, and the people who are there to take them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of
from bot.immutable import keep_unchanged


class HandOffState(StrEnum):
    """How a hand-off stands. `released` went back to the bot; `called_back` became a case with a
    promised time."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    RELEASED = "released"
    ENDED = "ended"
    CALLED_BACK = "called_back"


class AgentStatus(StrEnum):
    """Whether a person takes new conversations, only keeps their own, or is not there."""

    ONLINE = "online"
    PAUSED = "paused"
    OFFLINE = "offline"


class Resolution(StrEnum):
    """How a person's part of a conversation ended."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    CASE_OPENED = "case_opened"
    REFERRED = "referred"
    SHOPPER_LEFT = "shopper_left"
    ABUSE = "abuse"
    OTHER = "other"


_OPEN = text("state IN ('queued', 'claimed')")


class HandOffRecord(Base):
    """One hand-off. `rule` is the rule that fired, `signals` what it saw; `queued_at` is when the
    shopper began to wait and is kept when a lost agent's conversation comes back to the queue.

    `told_at` is when the shopper had the answer that announced it: nobody is assigned before.
    """

    __tablename__ = "hand_offs"
    __table_args__ = (
        one_of("state", HandOffState),
        Index(
            "uq_hand_offs_open",
            "conversation_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_hand_offs_conversation_id", "conversation_id"),
        Index("ix_hand_offs_queue", "state", "shop", "priority", "queued_at"),
        Index("ix_hand_offs_message_id", "message_id"),
        Index("ix_hand_offs_ended", "shop", "ended_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    shop: Mapped[str] = mapped_column(String(64))
    episode: Mapped[int]
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    rule: Mapped[str | None] = mapped_column(String(64))
    clauses: Mapped[list[Any]]
    signals: Mapped[dict[str, Any]]
    why: Mapped[str] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(String(64))
    skill: Mapped[str | None] = mapped_column(String(64))
    priority: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    fence: Mapped[int]
    asking: Mapped[str | None] = mapped_column(String(64))
    queued_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_place: Mapped[int | None]
    alerted_at: Mapped[datetime | None]
    first_claimed_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    last_agent: Mapped[str | None] = mapped_column(String(64))
    joined: Mapped[list[Any]]
    last_agent_line_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(String(24))
    ticket_no: Mapped[str | None] = mapped_column(String(24))


class HandOffEvent(Base):
    """One entry of a hand-off's history; entries are only ever added."""

    __tablename__ = "hand_off_events"
    __table_args__ = (Index("ix_hand_off_events_hand_off_id", "hand_off_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hand_off_id: Mapped[str] = mapped_column(ForeignKey("hand_offs.id"))
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(24))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class AgentOnline(Base):
    """A person at the desk. An empty list of departments, skills or shops means all of them."""

    __tablename__ = "agents_online"
    __table_args__ = (one_of("status", AgentStatus), Index("ix_agents_online_status", "status"))

    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    departments: Mapped[list[Any]]
    skills: Mapped[list[Any]]
    shops: Mapped[list[Any]]
    capacity: Mapped[int]
    auto: Mapped[bool]
    status: Mapped[str] = mapped_column(String(16))
    heartbeat_at: Mapped[datetime]
    assigned_at: Mapped[datetime | None]


keep_unchanged(Base.metadata.tables["hand_off_events"])
