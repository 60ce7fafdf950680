"""Queries over conversations; the only place that speaks SQL about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from bot.conversations.models import (
    Conversation,
    Draft,
    DraftState,
    Effect,
    Fact,
    Matter,
    Message,
)
from bot.messages import Author, Mode


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


def latest(session: Session, conversation_id: str, author: Author, limit: int) -> Sequence[Message]:
    """The last lines of one author, newest first."""
    return session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.author == author)
        .order_by(Message.seq.desc())
        .limit(limit)
    ).all()


def said_after(session: Session, conversation_id: str, seq: int, author: Author) -> bool:
    """Whether an author has said anything after a line."""
    query = select(Message.id).where(
        Message.conversation_id == conversation_id, Message.seq > seq, Message.author == author
    )
    return session.scalar(query.limit(1)) is not None


def take(
    session: Session,
    conversation_id: str,
    agent: str,
    name: str,
    modes: Sequence[Mode],
    now: datetime,
) -> bool:
    """Give a conversation to a person if it is in one of these modes; the row count decides."""
    done = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.mode.in_(modes))
        .values(
            mode=Mode.HUMAN,
            agent=agent,
            agent_name=name,
            fence=Conversation.fence + 1,
            waiting_since=None,
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], done).rowcount == 1


def held_by(session: Session, agent: str) -> Sequence[Conversation]:
    """The conversations that a person has, oldest first."""
    return session.scalars(
        select(Conversation)
        .where(Conversation.agent == agent, Conversation.mode == Mode.HUMAN)
        .order_by(Conversation.updated_at)
    ).all()


def drafts(session: Session, conversation_id: str) -> Sequence[Draft]:
    """The answers that came too late and nobody has used or dropped yet, oldest first."""
    return session.scalars(
        select(Draft)
        .where(Draft.conversation_id == conversation_id, Draft.state == DraftState.OPEN)
        .order_by(Draft.created_at)
    ).all()


def draft_of(session: Session, message_id: str) -> Draft | None:
    """The late answer to a line."""
    return session.scalar(select(Draft).where(Draft.message_id == message_id))


def replies(session: Session, message_id: str) -> Sequence[Message]:
    """What was answered to a line."""
    return session.scalars(select(Message).where(Message.reply_to == message_id)).all()


def matter(session: Session, matter_id: str | None) -> Matter | None:
    """The matter of that id, if there is one."""
    return session.get(Matter, matter_id) if matter_id else None


def facts(session: Session, matter_id: str) -> Sequence[Fact]:
    """All facts of a matter in the order they were given."""
    return session.scalars(select(Fact).where(Fact.matter_id == matter_id).order_by(Fact.id)).all()


def last_effect(session: Session, conversation_id: str, name: str) -> dict[str, Any] | None:
    """What the newest line of a conversation with an effect of that name brought about."""
    return session.scalar(
        select(Effect.payload)
        .join(Message, Message.id == Effect.message_id)
        .where(Message.conversation_id == conversation_id, Effect.name == name)
        .order_by(Message.seq.desc())
        .limit(1)
    )


def effects(session: Session, conversation_id: str, name: str) -> int:
    """How many lines of a conversation had an effect of that name."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Effect)
            .join(Message, Message.id == Effect.message_id)
            .where(Message.conversation_id == conversation_id, Effect.name == name)
        )
        or 0
    )


def facts_with_lines(session: Session, matter_id: str) -> list[tuple[Fact, str]]:
    """All facts of a matter in the order they were given, each with the words of its line."""
    rows = session.execute(
        select(Fact, Message.text)
        .join(Message, Message.id == Fact.message_id)
        .where(Fact.matter_id == matter_id)
        .order_by(Fact.id)
    )
    return [(fact, text) for fact, text in rows]


def effect(session: Session, message_id: str, name: str) -> Effect | None:
    """What the line has already brought about under that name."""
    return session.get(Effect, (message_id, name))
