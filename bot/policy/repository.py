"""Queries over stored decisions."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.policy.models import StoredDecision


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
