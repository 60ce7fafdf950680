"""Counting queries for the figures; each reads one table of another room."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.conversations.models import Conversation
from bot.handoff.models import HandOffRecord
from bot.messages import Mode
from bot.tickets.models import Ticket
from bot.tickets.models_work import Rating
from bot.tickets.states import SETTLED


def conversations(session: Session, since: datetime) -> dict[str, int]:
    """How many conversations were opened, by shop."""
    query = (
        select(Conversation.shop, func.count())
        .where(Conversation.created_at >= since)
        .group_by(Conversation.shop)
    )
    return dict(session.execute(query).all())


def handed_off(session: Session, since: datetime) -> dict[str, int]:
    """In how many of those people were asked for, by shop."""
    query = (
        select(HandOffRecord.shop, func.count(func.distinct(HandOffRecord.conversation_id)))
        .join(Conversation, Conversation.id == HandOffRecord.conversation_id)
        .where(Conversation.created_at >= since)
        .group_by(HandOffRecord.shop)
    )
    return dict(session.execute(query).all())


def reasons(session: Session, since: datetime) -> dict[str | None, int]:
    """How many hand-offs each rule made; None: none did."""
    query = (
        select(HandOffRecord.rule, func.count())
        .where(HandOffRecord.queued_at >= since)
        .group_by(HandOffRecord.rule)
        .order_by(func.count().desc())
    )
    return dict(session.execute(query).all())


def ends(session: Session, since: datetime) -> dict[str | None, int]:
    """How hand-offs ended."""
    query = (
        select(HandOffRecord.resolution, func.count())
        .where(HandOffRecord.queued_at >= since, HandOffRecord.ended_at.is_not(None))
        .group_by(HandOffRecord.resolution)
        .order_by(func.count().desc())
    )
    return dict(session.execute(query).all())


def waits(session: Session, since: datetime, limit: int = 5000) -> list[float]:
    """Seconds from asking to a person, of the last hand-offs that were taken."""
    rows = session.execute(
        select(HandOffRecord.queued_at, HandOffRecord.first_claimed_at)
        .where(HandOffRecord.queued_at >= since, HandOffRecord.first_claimed_at.is_not(None))
        .order_by(HandOffRecord.queued_at.desc())
        .limit(limit)
    )
    return [(taken - queued).total_seconds() for queued, taken in rows if taken is not None]


def cases(session: Session, since: datetime) -> dict[str, int]:
    """How many cases were opened, by kind."""
    query = (
        select(Ticket.kind, func.count())
        .where(Ticket.created_at >= since)
        .group_by(Ticket.kind)
        .order_by(func.count().desc())
    )
    return dict(session.execute(query).all())


def overdue(session: Session, now: datetime) -> int:
    """How many cases are past a promised time now."""
    query = select(func.count()).where(Ticket.act_by <= now, Ticket.state.not_in(SETTLED))
    return session.scalar(query) or 0


def open_cases(session: Session) -> int:
    """How many cases have something left to be done."""
    return session.scalar(select(func.count()).where(Ticket.state.not_in(SETTLED))) or 0


def now_in(session: Session, mode: Mode) -> int:
    """How many conversations are in a mode."""
    return session.scalar(select(func.count()).where(Conversation.mode == mode)) or 0


def scores(session: Session, since: datetime) -> dict[int, int]:
    """How many shoppers gave each score."""
    query = (
        select(Rating.score, func.count()).where(Rating.created_at >= since).group_by(Rating.score)
    )
    return dict(session.execute(query).all())
