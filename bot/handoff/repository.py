"""Queries over hand-offs and people at the desk; claims are conditional updates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from bot.conversations.models import Conversation, Message
from bot.handoff.models import AgentOnline, AgentStatus, HandOffEvent, HandOffRecord, HandOffState
from bot.messages import Author, Mode

OPEN = (HandOffState.QUEUED, HandOffState.CLAIMED)


def open_record(session: Session, conversation_id: str) -> HandOffRecord | None:
    """The hand-off of a conversation that is queued or claimed; there is at most one."""
    return session.scalar(
        select(HandOffRecord)
        .where(HandOffRecord.conversation_id == conversation_id, HandOffRecord.state.in_(OPEN))
        .execution_options(populate_existing=True)
    )


def by_message(session: Session, message_id: str) -> HandOffRecord | None:
    """The hand-off that a line brought about."""
    return session.scalar(select(HandOffRecord).where(HandOffRecord.message_id == message_id))


def records(session: Session, conversation_id: str) -> Sequence[HandOffRecord]:
    """All hand-offs of a conversation, newest first."""
    return session.scalars(
        select(HandOffRecord)
        .where(HandOffRecord.conversation_id == conversation_id)
        .order_by(HandOffRecord.queued_at.desc())
    ).all()


def queued(session: Session, shop: str | None = None) -> Sequence[HandOffRecord]:
    """The queue, who is next first."""
    query = select(HandOffRecord).where(HandOffRecord.state == HandOffState.QUEUED)
    if shop is not None:
        query = query.where(HandOffRecord.shop == shop)
    return session.scalars(query.order_by(*_ORDER)).all()


def ahead(session: Session, record: HandOffRecord) -> int:
    """How many are served before this one, by the same people."""
    same = HandOffRecord.department.is_not_distinct_from(record.department)
    before = tuple_(*_ORDER) < tuple_(record.priority, record.queued_at, record.id)
    query = select(func.count()).where(
        HandOffRecord.state == HandOffState.QUEUED, HandOffRecord.shop == record.shop, same, before
    )
    return session.scalar(query) or 0


def before(session: Session, record: HandOffRecord) -> Sequence[HandOffRecord]:
    """Everyone of the shop who is to be served before this one, whoever by."""
    earlier = tuple_(*_ORDER) < tuple_(record.priority, record.queued_at, record.id)
    return session.scalars(
        select(HandOffRecord).where(
            HandOffRecord.state == HandOffState.QUEUED, HandOffRecord.shop == record.shop, earlier
        )
    ).all()


def service_times(session: Session, shop: str, limit: int) -> list[float]:
    """Seconds from claim to end of the last conversations of a shop, newest first."""
    rows = session.execute(
        select(HandOffRecord.claimed_at, HandOffRecord.ended_at)
        .where(
            HandOffRecord.shop == shop,
            HandOffRecord.ended_at.is_not(None),
            HandOffRecord.claimed_at.is_not(None),
        )
        .order_by(HandOffRecord.ended_at.desc())
        .limit(limit)
    )
    return [(row.ended_at - row.claimed_at).total_seconds() for row in rows]


def events(session: Session, hand_off_id: str) -> Sequence[HandOffEvent]:
    """What happened to a hand-off, oldest first."""
    return session.scalars(
        select(HandOffEvent)
        .where(HandOffEvent.hand_off_id == hand_off_id)
        .order_by(HandOffEvent.id)
    ).all()


def agent(session: Session, user_id: str, *, lock: bool = False) -> AgentOnline | None:
    """A person, held against other claims of theirs with `lock`."""
    return session.get(AgentOnline, user_id, with_for_update=lock or None, populate_existing=lock)


def hold_if_free(session: Session, user_id: str) -> bool:
    """Hold a person against other claims of theirs without waiting; False while another does."""
    query = select(AgentOnline.user_id).where(AgentOnline.user_id == user_id)
    return session.scalar(query.with_for_update(skip_locked=True)) is not None


def alive(session: Session, user_id: str, now: datetime) -> bool:
    """Note a sign of life of somebody who is at the desk."""
    done = session.execute(
        update(AgentOnline)
        .where(AgentOnline.user_id == user_id, AgentOnline.status != AgentStatus.OFFLINE)
        .values(heartbeat_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], done).rowcount == 1


def present(session: Session, since: datetime) -> Sequence[AgentOnline]:
    """Who takes conversations and has given a sign of life since then."""
    return session.scalars(
        select(AgentOnline)
        .where(AgentOnline.status == AgentStatus.ONLINE, AgentOnline.heartbeat_at >= since)
        .order_by(AgentOnline.user_id)
    ).all()


def agents(session: Session) -> Sequence[AgentOnline]:
    """Everyone who has been at the desk, those who are there first."""
    return session.scalars(
        select(AgentOnline).order_by(
            (AgentOnline.status == AgentStatus.OFFLINE), AgentOnline.user_id
        )
    ).all()


def loads(session: Session) -> dict[str, int]:
    """How many conversations each person has now."""
    rows = session.execute(
        select(Conversation.agent, func.count())
        .where(Conversation.mode == Mode.HUMAN, Conversation.agent.is_not(None))
        .group_by(Conversation.agent)
    )
    return {str(who): count for who, count in rows}


def mark_lost(session: Session, before: datetime) -> Sequence[str]:
    """Take those off the desk who have given no sign of life since `before`; who they were."""
    return session.scalars(
        update(AgentOnline)
        .where(AgentOnline.status != AgentStatus.OFFLINE, AgentOnline.heartbeat_at < before)
        .values(status=AgentStatus.OFFLINE)
        .returning(AgentOnline.user_id)
        .execution_options(synchronize_session=False)
    ).all()


def without_holder(session: Session) -> Sequence[str]:
    """Conversations whose person is not at the desk any more."""
    gone = select(AgentOnline.user_id).where(AgentOnline.status != AgentStatus.OFFLINE)
    return session.scalars(
        select(Conversation.id).where(
            Conversation.mode == Mode.HUMAN, Conversation.agent.not_in(gone)
        )
    ).all()


def neglected(session: Session, before: datetime) -> Sequence[str]:
    """Conversations of a person in which a shopper has waited for an answer since `before`."""
    line = aliased(Message)
    unanswered = (
        select(line.id)
        .where(
            line.conversation_id == HandOffRecord.conversation_id,
            line.author == Author.SHOPPER,
            line.created_at > HandOffRecord.last_agent_line_at,
            line.created_at < before,
        )
        .exists()
    )
    return session.scalars(
        select(HandOffRecord.conversation_id).where(
            HandOffRecord.state == HandOffState.CLAIMED,
            HandOffRecord.claimed_at < before,
            or_(HandOffRecord.last_agent_line_at.is_(None), unanswered),
        )
    ).all()


def alert(session: Session, before: datetime, now: datetime) -> Sequence[str]:
    """Mark those who have waited since `before` and were not marked yet; their conversations."""
    return session.scalars(
        update(HandOffRecord)
        .where(
            HandOffRecord.state == HandOffState.QUEUED,
            HandOffRecord.queued_at < before,
            HandOffRecord.alerted_at.is_(None),
        )
        .values(alerted_at=now)
        .returning(HandOffRecord.conversation_id)
        .execution_options(synchronize_session=False)
    ).all()


def assignable(session: Session, settled: datetime) -> Sequence[HandOffRecord]:
    """The queue without those whose announcement is still on its way."""
    ready: ColumnElement[bool] = or_(
        HandOffRecord.told_at.is_not(None), HandOffRecord.queued_at < settled
    )
    return session.scalars(
        select(HandOffRecord)
        .where(and_(HandOffRecord.state == HandOffState.QUEUED, ready))
        .order_by(*_ORDER)
    ).all()


_ORDER = (HandOffRecord.priority, HandOffRecord.queued_at, HandOffRecord.id)
