"""Queries over turns; claims are conditional updates whose row count decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, func, or_, select, update
from sqlalchemy.orm import Session

from bot.inbox.models import Turn, TurnState

WAITING = (TurnState.PENDING, TurnState.RUNNING)


@dataclass(frozen=True)
class Claimed:
    """A turn that is ours to run; `attempt` counts from 1."""

    message_id: str
    conversation_id: str
    attempt: int


def claim_head(
    session: Session, conversation_id: str, owner: str, now: datetime, until: datetime
) -> Claimed | None:
    """Take the oldest unfinished turn of a conversation, the only one that may run, if it is
    due or its owner's lease has run out."""
    head = session.scalar(
        select(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.state.in_(WAITING))
        .order_by(Turn.seq)
        .limit(1)
    )
    if head is None:
        return None
    taken = _changed(
        session,
        update(Turn)
        .where(Turn.message_id == head.message_id, Turn.attempts == head.attempts, _ready(now))
        .values(
            state=TurnState.RUNNING, owner=owner, lease_until=until, attempts=head.attempts + 1
        ),
    )
    return Claimed(head.message_id, conversation_id, head.attempts + 1) if taken else None


def finish(
    session: Session,
    message_id: str,
    owner: str,
    state: TurnState,
    now: datetime,
    error: str | None,
) -> bool:
    """End a turn that `owner` still holds; False when another has taken it over."""
    return _changed(
        session,
        _held(message_id, owner).values(state=state, finished_at=now, error=error, owner=None),
    )


def postpone(session: Session, message_id: str, owner: str, due_at: datetime, error: str) -> bool:
    """Give a turn back to be tried again at `due_at`."""
    return _changed(
        session,
        _held(message_id, owner).values(
            state=TurnState.PENDING, due_at=due_at, error=error, owner=None
        ),
    )


def pending(session: Session, conversation_id: str) -> Sequence[str]:
    """The lines of a conversation whose turn has yet to come, or to come again, oldest first."""
    return session.scalars(
        select(Turn.message_id)
        .where(Turn.conversation_id == conversation_id, Turn.state == TurnState.PENDING)
        .order_by(Turn.seq)
    ).all()


def hasten(session: Session, message_id: str, now: datetime) -> None:
    """Cut short the pause before a turn is tried again."""
    _count(
        session,
        update(Turn)
        .where(Turn.message_id == message_id, Turn.state == TurnState.PENDING, Turn.due_at > now)
        .values(due_at=now),
    )


def settle(session: Session, message_id: str, now: datetime) -> bool:
    """End a turn that nobody has begun."""
    return _changed(
        session,
        update(Turn)
        .where(Turn.message_id == message_id, Turn.state == TurnState.PENDING, Turn.attempts == 0)
        .values(state=TurnState.DONE, finished_at=now),
    )


def is_over(session: Session, message_id: str) -> bool:
    """Whether no turn of the line is pending or running."""
    query = select(Turn.message_id).where(Turn.message_id == message_id, Turn.state.in_(WAITING))
    return session.scalar(query) is None


def release_owned_by_others(session: Session, owner: str, now: datetime) -> int:
    """Make every running turn of another owner due at once."""
    return _count(
        session,
        update(Turn)
        .where(Turn.state == TurnState.RUNNING, Turn.owner != owner)
        .values(state=TurnState.PENDING, due_at=now, owner=None),
    )


def lanes_with_work(session: Session, now: datetime) -> Sequence[str]:
    """Conversations whose turns could run now."""
    return session.scalars(select(Turn.conversation_id).where(_ready(now)).distinct()).all()


def oldest_unfinished(session: Session) -> datetime | None:
    """When the oldest line still waiting for its turn was accepted."""
    return session.scalar(select(func.min(Turn.accepted_at)).where(Turn.state.in_(WAITING)))


def _ready(now: datetime) -> ColumnElement[bool]:
    return or_(
        (Turn.state == TurnState.PENDING) & (Turn.due_at <= now),
        (Turn.state == TurnState.RUNNING) & (Turn.lease_until < now),
    )


def _held(message_id: str, owner: str) -> Any:
    return update(Turn).where(
        Turn.message_id == message_id, Turn.owner == owner, Turn.state == TurnState.RUNNING
    )


def _changed(session: Session, statement: Any) -> bool:
    return _count(session, statement) == 1


def _count(session: Session, statement: Any) -> int:
    # Nothing reads these rows again in the same transaction, so none is kept in step.
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], done).rowcount
