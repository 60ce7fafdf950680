"""Queries over stored decisions."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.policy.models import AskedDecision, StoredDecision


def find(session: Session, decision_id: str) -> StoredDecision | None:
    """The decision of that id."""
    return session.get(StoredDecision, decision_id)


def add(session: Session, decision: StoredDecision) -> StoredDecision:
    """Keep a decision; the caller's transaction commits it.

    Equal cases have one decision: when another shopper's is kept at this very moment, that one
    is given back.
    """
    try:
        with session.begin_nested():
            session.add(decision)
    except IntegrityError:
        kept = find(session, decision.id)
        if kept is None:
            raise
        return kept
    return decision


def every(session: Session, policy_sets: Collection[str]) -> Iterator[Row[Any]]:
    """What replaying needs of each decision of some sets, oldest first, read in portions."""
    query = (
        select(
            StoredDecision.id,
            StoredDecision.policy_set,
            StoredDecision.as_of,
            StoredDecision.facts,
            StoredDecision.presume,
            StoredDecision.profile,
            StoredDecision.rules,
            StoredDecision.record,
        )
        .where(StoredDecision.policy_set.in_(policy_sets))
        .order_by(StoredDecision.created_at, StoredDecision.id)
        .execution_options(yield_per=1000)
    )
    yield from session.execute(query)


def given(session: Session, decision_id: str) -> StoredDecision | AskedDecision | None:
    """A decision that was given to anybody, shopper or program."""
    return find(session, decision_id) or session.get(AskedDecision, decision_id)


def kept(session: Session, decision_ids: Collection[str]) -> set[str]:
    """Those of the ids that are kept for ever."""
    query = select(StoredDecision.id).where(StoredDecision.id.in_(decision_ids))
    return set(session.scalars(query))


def asked(session: Session, decision_ids: Collection[str]) -> dict[str, date]:
    """Those of the ids that programs asked for, and when for the last time."""
    query = select(AskedDecision.id, AskedDecision.last_asked)
    rows = session.execute(query.where(AskedDecision.id.in_(decision_ids)))
    return {row.id: row.last_asked for row in rows}


def asked_again(session: Session, decision_ids: Collection[str], day: date) -> None:
    """They were asked for on a day."""
    change = update(AskedDecision).where(AskedDecision.id.in_(decision_ids)).values(last_asked=day)
    session.execute(change, execution_options={"synchronize_session": False})


def add_asked(session: Session, decision: AskedDecision) -> None:
    """Keep one that a program asked for, unless another process just did."""
    try:
        with session.begin_nested():
            session.add(decision)
    except IntegrityError:
        if session.get(AskedDecision, decision.id) is None:
            raise


def forget_asked(session: Session, before: date, most: int) -> int:
    """Remove up to `most` that nobody has asked for since a day; how many went."""
    oldest = select(AskedDecision.id).where(AskedDecision.last_asked < before).limit(most)
    return _forget(session, list(session.scalars(oldest)))


def forget_above(session: Session, limit: int, most: int) -> int:
    """Remove up to `most` of what is above the limit, longest not asked for first."""
    count = session.scalar(select(func.count()).select_from(AskedDecision)) or 0
    above = min(count - limit, most)
    if above <= 0:
        return 0
    order = (AskedDecision.last_asked, AskedDecision.created_at)
    return _forget(
        session, list(session.scalars(select(AskedDecision.id).order_by(*order).limit(above)))
    )


def _forget(session: Session, decision_ids: list[str]) -> int:
    change = delete(AskedDecision).where(AskedDecision.id.in_(decision_ids))
    done = session.execute(change, execution_options={"synchronize_session": False})
    return int(getattr(done, "rowcount", 0))
