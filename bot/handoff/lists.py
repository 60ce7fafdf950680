"""The desk's lists: who waits, and what is open, each in one query."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.conversations.models import Conversation, Message
from bot.handoff.models import HandOffRecord, HandOffState
from bot.messages import Author, Mode

LOOKED_BACK = 4  # lines in which somebody who only asks for a person said why
RECENT = timedelta(hours=12)  # before which a line is about something else
LONGEST_WISH = 24  # characters
_PERSON = re.compile(r"人|客服|坐席|human", re.IGNORECASE)
_ONLY_A_WISH = re.compile(
    # No alternative is two others together: what shoppers write must not be tried in many ways.
    r"(?:转|接|找|要|换|叫|请|来|联系|有没有|有|在|帮|给|我|想|能不能|能|可以|可不可以"
    r"|麻烦|一下|一?[个位]|下|你们?|您|的|吗|吧|呢|啊|呀|了|快点?|赶紧|马上|直接|说话|聊|跟|和|谢谢"
    r"|human|人工|真人|活人|客服|服务|坐席|人员|人|[\W_])+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WaitingRow:
    """One shopper in the queue; `last` is what they said last, `before` what they had said before
    it, where that is no more than a wish for a person."""

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
    before: str = ""


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
    rows = [
        _waiting(record, channel, text or "") for record, channel, text in session.execute(query)
    ]
    said = _said_before(session, {row.conversation_id for row in rows if _only_a_wish(row.last)})
    return [replace(row, before=said.get(row.conversation_id, "")) for row in rows]


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


def _said_before(session: Session, conversations: Iterable[str]) -> dict[str, str]:
    """What the shoppers of these conversations said last that is more than a wish for a person."""
    wanted = list(conversations)
    if not wanted:
        return {}
    back = func.row_number().over(partition_by=Message.conversation_id, order_by=Message.seq.desc())
    lines = (
        select(Message.conversation_id, Message.text, Message.created_at, back.label("back"))
        .where(Message.conversation_id.in_(wanted), Message.author == Author.SHOPPER)
        .subquery()
    )
    newest = select(lines).where(lines.c.back <= LOOKED_BACK + 1).order_by(lines.c.back)
    found: dict[str, str] = {}
    began: dict[str, datetime] = {}
    for each in session.execute(newest):
        since = began.setdefault(each.conversation_id, each.created_at)
        if each.text and not _only_a_wish(each.text) and since - each.created_at < RECENT:
            found.setdefault(each.conversation_id, each.text)
    return found


def _only_a_wish(text: str) -> bool:
    short = len(text) <= LONGEST_WISH and _PERSON.search(text) is not None
    return short and _ONLY_A_WISH.fullmatch(text) is not None


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
