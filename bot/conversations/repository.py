"""Queries over conversations; the only place that speaks SQL about them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.models import Conversation, Effect, Fact, Matter, Message


def lock(session: Session, conversation_id: str) -> Conversation | None:
    """The conversation, held against other writers until the transaction ends."""
    # Read anew: a copy that this session read before the lock may number its next line twice.
    return session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)


def get(session: Session, conversation_id: str) -> Conversation | None:
    """The conversation as it is now."""
    return session.get(Conversation, conversation_id)


def message(session: Session, message_id: str) -> Message | None:
    """One line by its id."""
    return session.get(Message, message_id)


def by_client_id(session: Session, conversation_id: str, client_message_id: str) -> Message | None:
    """The line that a shopper's page sent under this id of its own."""
    return session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id,
            Message.client_message_id == client_message_id,
        )
    )


def after(session: Session, conversation_id: str, seq: int, limit: int) -> Sequence[Message]:
    """Lines with a number above `seq`, oldest first."""
    return session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > seq)
        .order_by(Message.seq)
        .limit(limit)
    ).all()


def replies(session: Session, message_id: str) -> Sequence[Message]:
    """What was answered to a line."""
    return session.scalars(select(Message).where(Message.reply_to == message_id)).all()


def matter(session: Session, matter_id: str | None) -> Matter | None:
    """The matter of that id, if there is one."""
    return session.get(Matter, matter_id) if matter_id else None


def facts(session: Session, matter_id: str) -> Sequence[Fact]:
    """All facts of a matter in the order they were given."""
    return session.scalars(select(Fact).where(Fact.matter_id == matter_id).order_by(Fact.id)).all()


def effect(session: Session, message_id: str, name: str) -> Effect | None:
    """What the line has already brought about under that name."""
    return session.get(Effect, (message_id, name))
