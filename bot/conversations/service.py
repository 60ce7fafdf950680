"""Opening conversations, adding lines and keeping what is known of each matter."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.conversations import repository
from bot.conversations.models import Conversation, Effect, Fact, Matter, MatterState
from bot.conversations.transcript import (
    PAGE,
    View,
    announce,
    attach,
    hear,
    last_question,
    locked,
    new_id,
    recall,
    say,
    say_as_agent,
    shown,
    view,
)
from bot.errors import NotAllowed, NotFound
from bot.messages import Line, Mode

__all__ = [
    "PAGE",
    "View",
    "announce",
    "attach",
    "hear",
    "last_question",
    "locked",
    "new_id",
    "recall",
    "say",
    "say_as_agent",
    "shown",
    "view",
]

_ID = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True)
class Opened:
    """A new conversation and the token that is its shopper's only key to it."""

    conversation_id: str
    visitor_token: str


def open_conversation(
    session: Session, shop: str, channel: str, greeting: Line | None, now: datetime
) -> Opened:
    """Open a conversation whose first line is the greeting, if one is said."""
    token = secrets.token_urlsafe(32)
    conversation = Conversation(
        id=new_id(),
        shop=shop,
        channel=channel,
        token_hash=_hash(token),
        mode=Mode.BOT,
        last_seq=0,
        misses=0,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    session.flush()
    if greeting is not None:
        say(session, conversation, greeting, now)
    return Opened(conversation.id, token)


def authorise(session: Session, conversation_id: str, token: str | None) -> Conversation:
    """The conversation, if `token` is its key.

    Raises NotFound for an unknown id and NotAllowed for a wrong or missing token.
    """
    # What is no id is not looked up: PostgreSQL fails on a NUL where SQLite finds nothing.
    known = repository.get(session, conversation_id) if _ID.fullmatch(conversation_id) else None
    if known is None:
        raise NotFound("没有找到这个会话，请刷新页面重新开始。")
    if token is None or not hmac.compare_digest(_hash(token), known.token_hash):
        raise NotAllowed
    return known


def open_matter(session: Session, conversation: Conversation, now: datetime) -> Matter:
    """Begin a new matter and make it the one being talked about."""
    matter = Matter(
        id=new_id(),
        conversation_id=conversation.id,
        state=MatterState.OPEN,
        asked=[],
        opened_at=now,
    )
    session.add(matter)
    conversation.matter_id = matter.id
    session.flush()
    return matter


def give_facts(
    session: Session,
    matter: Matter,
    message_id: str,
    facts: Mapping[str, Any],
    source: str,
    now: datetime,
) -> None:
    """Add facts as given by a line; earlier values stay on record."""
    for key, value in facts.items():
        session.add(
            Fact(
                matter_id=matter.id,
                message_id=message_id,
                key=key,
                value=value,
                source=source,
                stated_at=now,
            )
        )
    session.flush()


def known_facts(session: Session, matter: Matter) -> dict[str, Any]:
    """The newest value of every fact of a matter."""
    return {fact.key: fact.value for fact in repository.facts(session, matter.id)}


def effect(session: Session, message_id: str, name: str) -> dict[str, Any] | None:
    """What a line already brought about, or None."""
    found = repository.effect(session, message_id, name)
    return None if found is None else found.payload


def record_effect(
    session: Session, message_id: str, name: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a line brought about; a second one of the same name is a database error."""
    session.add(Effect(message_id=message_id, name=name, payload=payload, created_at=now))
    session.flush()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
