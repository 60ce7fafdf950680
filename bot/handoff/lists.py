"""The desk's lists: who waits, and what is open, each in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.models import Conversation, Message
from bot.handoff.models import HandOffRecord, HandOffState
from bot.messages import Author, Mode


@dataclass(frozen=True)
class WaitingRow:
    """One shopper in the queue; `last` is what they said last."""

    conversation_id: str
    shop: str
    channel: str
    priority: int
    department: str | None
    rule: str | None
    why: str
    mood: int
    queued_at: datetime
    alerted: bool
    returns: int
    note: str | None
    last: str


@dataclass(frozen=True)
class OpenRow:
    """One conversation that a person has; `shopper_waits` when its last line is the shopper's."""

    conversation_id: str
    shop: str
    channel: str
    agent: str | None
    agent_name: str | None
    fence: int
    claimed_at: datetime | None
    last: str
    last_at: datetime
    shopper_waits: bool


def waiting(session: Session, shops: Sequence[str] = (), limit: int = 500) -> list[WaitingRow]:
    """The queue, who is next first; of some shops only, if any are named."""
    query = (
        select(HandOffRecord, Conversation.channel, Message.text)
        .join(Conversation, Conversation.id == HandOffRecord.conversation_id)
        .outerjoin(Message, Message.id == HandOffRecord.message_id)
        .where(HandOffRecord.state == HandOffState.QUEUED)
        .order_by(HandOffRecord.priority, HandOffRecord.queued_at, HandOffRecord.id)
        .limit(limit)
    )
    if shops:
        query = query.where(HandOffRecord.shop.in_(shops))
    return [
        _waiting(record, channel, text or "") for record, channel, text in session.execute(query)
    ]


def open_conversations(
    session: Session, agent: str | None = None, limit: int = 1000
) -> list[OpenRow]:
    """What people have now, who waits longest for an answer first; of one person, if named."""
    query = (
        # Columns, not objects: five hundred rows for each of twenty desks.
        select(
            Conversation.id,
            Conversation.shop,
            Conversation.channel,
            Conversation.agent,
            Conversation.agent_name,
            Conversation.fence,
            HandOffRecord.claimed_at,
            Message.text,
            Message.created_at,
            Message.author == Author.SHOPPER,
        )
        .join(
            HandOffRecord,
            (HandOffRecord.conversation_id == Conversation.id)
            & (HandOffRecord.state == HandOffState.CLAIMED),
        )
        .join(
            Message,
            (Message.conversation_id == Conversation.id) & (Message.seq == Conversation.last_seq),
        )
        .where(Conversation.mode == Mode.HUMAN)
        .order_by((Message.author != Author.SHOPPER), Message.created_at)
        .limit(limit)
    )
    if agent is not None:
        query = query.where(Conversation.agent == agent)
    return [OpenRow(*tuple(row)) for row in session.execute(query)]


def _waiting(record: HandOffRecord, channel: str, text: str) -> WaitingRow:
    return WaitingRow(
        conversation_id=record.conversation_id,
        shop=record.shop,
        channel=channel,
        priority=record.priority,
        department=record.department,
        rule=record.rule,
        why=record.why,
        mood=int(record.signals.get("mood") or 0),
        queued_at=record.queued_at,
        alerted=record.alerted_at is not None,
        returns=record.returns,
        note=record.note,
        last=text,
    )
