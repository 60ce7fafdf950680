"""Accept a line once, durably, together with its place in the transcript."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversations import service as conversations
from bot.inbox import repository
from bot.inbox.models import Turn


@dataclass(frozen=True)
class Accepted:
    """An accepted line; `new` is False when it had been accepted before."""

    message_id: str
    seq: int
    new: bool


def accept(
    session: Session,
    channel: str,
    conversation_id: str,
    client_message_id: str,
    text: str,
    payload: str | None,
    now: datetime,
    due_at: datetime | None = None,
) -> Accepted:
    """Write a line and owe it a turn, in the caller's transaction; with `due_at` not before then,
    nor any line behind it.

    The same `client_message_id` again gives the same answer and changes nothing.
    """
    message, new = conversations.hear(
        session, conversation_id, client_message_id, text, payload, now
    )
    if new:
        session.add(
            Turn(
                message_id=message.id,
                conversation_id=conversation_id,
                channel=channel,
                channel_message_id=f"{conversation_id}:{client_message_id}",
                seq=message.seq,
                due_at=due_at or now,
                accepted_at=now,
            )
        )
    return Accepted(message.id, message.seq, new)


def hasten(session: Session, message_id: str, now: datetime) -> None:
    """Let a turn that was put off run now; its lane is to be woken after the commit."""
    repository.hasten(session, message_id, now)


def settle(session: Session, message_id: str, now: datetime) -> bool:
    """End a turn that has not begun, because its line was answered without one."""
    return repository.settle(session, message_id, now)


def is_over(session: Session, message_id: str) -> bool:
    """Whether a line has had its turn, or never was owed one."""
    return repository.is_over(session, message_id)


def oldest_unfinished(session: Session) -> datetime | None:
    """When the oldest line still waiting for its turn was accepted."""
    return repository.oldest_unfinished(session)
