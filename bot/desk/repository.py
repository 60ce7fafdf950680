"""Queries over the override ledger."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.models import Override


def add(session: Session, override: Override) -> None:
    """Write an entry."""
    session.add(override)
    session.flush()


def of_message(session: Session, message_id: str) -> Override | None:
    """The entry of a line, if it has one."""
    return session.scalar(select(Override).where(Override.message_id == message_id))


def newest(session: Session, limit: int) -> Sequence[Override]:
    """The last entries, newest first."""
    return session.scalars(select(Override).order_by(Override.id.desc()).limit(limit)).all()


def by_gap(session: Session, since: datetime) -> dict[str, tuple[int, int]]:
    """Since an instant: how many entries of each label, and the money in them (fen)."""
    query = (
        select(Override.gap, func.count(), func.sum(Override.money))
        .where(Override.at >= since)
        .group_by(Override.gap)
    )
    return {gap: (count, int(money or 0)) for gap, count, money in session.execute(query)}
