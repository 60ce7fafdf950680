"""Queries over stored decisions."""

from sqlalchemy.orm import Session

from bot.policy.models import StoredDecision


def find(session: Session, decision_id: str) -> StoredDecision | None:
    """The decision of that id."""
    return session.get(StoredDecision, decision_id)


def add(session: Session, decision: StoredDecision) -> StoredDecision:
    """Keep a decision; the caller's transaction commits it."""
    session.add(decision)
    session.flush()
    return decision
