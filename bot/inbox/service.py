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
) -> Accepted:
    """Write a line and owe it a turn, in the caller's transaction.

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
                due_at=now,
                accepted_at=now,
            )
        )
        session.flush()
    return Accepted(message.id, message.seq, new)


def oldest_unfinished(session: Session) -> datetime | None:
    """When the oldest line still waiting for its turn was accepted."""
    return repository.oldest_unfinished(session)
