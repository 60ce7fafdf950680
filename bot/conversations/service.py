"""Opening conversations, adding lines and keeping what is known of each matter."""

import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.conversations import repository
from bot.conversations.models import (
    Conversation,
    Effect,
    Fact,
    Matter,
    MatterState,
    Message,
)
from bot.errors import NotAllowed, NotFound
from bot.messages import Author, Line, Mode

_ID = re.compile(r"[0-9a-f-]{36}")

PAGE = 200  # lines given at once; a page asks again from the last it has


@dataclass(frozen=True)
class Opened:
    """A new conversation and the token that is its shopper's only key to it."""

    conversation_id: str
    visitor_token: str


@dataclass(frozen=True)
class View:
    """What a shopper may see of a conversation: new lines, who answers, place in the queue."""

    messages: Sequence[Mapping[str, Any]]
    mode: Mode
    position: int | None = None


def new_id() -> str:
    """A fresh random identity."""
    return str(uuid.uuid4())


def open_conversation(
    session: Session, shop: str, channel: str, greeting: Line, now: datetime
) -> Opened:
    """Open a conversation whose first line is the greeting."""
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


def hear(
    session: Session,
    conversation_id: str,
    client_message_id: str,
    text: str,
    payload: str | None,
    now: datetime,
) -> tuple[Message, bool]:
    """Write down a shopper's line; the same id again gives the first line and False."""
    conversation = _locked(session, conversation_id)
    known = repository.by_client_id(session, conversation_id, client_message_id)
    if known is not None:
        return known, False
    message = _append(session, conversation, Author.SHOPPER, text, now)
    message.client_message_id = client_message_id
    message.payload = payload
    session.flush()
    return message, True


def say(
    session: Session,
    conversation: Conversation,
    line: Line,
    now: datetime,
    reply_to: str | None = None,
    place: str | None = None,
) -> Message:
    """Write down a line of the bot, as answer `place` to the line `reply_to` if it is one."""
    message = _append(session, conversation, Author.BOT, line.text, now)
    message.reply_to, message.place = reply_to, place
    message.extras = {
        "buttons": list(line.buttons),
        "ask": line.ask,
        "decision": dict(line.decision) if line.decision else None,
        "ticket": dict(line.ticket) if line.ticket else None,
        "facts": list(line.facts) if line.facts else None,
    }
    session.flush()
    return message


def attach(
    session: Session, message_id: str, noted: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Note the photos of a shopper's line (`{"id", "width", "height"}`); gives them as shown."""
    message = repository.message(session, message_id)
    if message is None:
        raise NotFound
    message.extras = {**message.extras, "attachments": [dict(each) for each in noted]}
    session.flush()
    shown_now: Sequence[Mapping[str, Any]] = shown(message)["attachments"]
    return shown_now


def locked(session: Session, conversation_id: str) -> Conversation:
    """The conversation, held until the transaction ends. Raises NotFound."""
    return _locked(session, conversation_id)


def view(session: Session, conversation: Conversation, after: int) -> View:
    """Up to a page of lines above `after`, as the shopper API shows them."""
    lines = repository.after(session, conversation.id, after, PAGE)
    return View([shown(line) for line in lines], Mode(conversation.mode))


def shown(message: Message) -> Mapping[str, Any]:
    """One line as the shopper API shows it."""
    extras = message.extras or {}
    return {
        "seq": message.seq,
        "id": message.id,
        "client_message_id": message.client_message_id,
        "author": message.author,
        "author_name": message.author_name,
        "text": message.text,
        "attachments": [_addressed(message, noted) for noted in extras.get("attachments", ())],
        "buttons": extras.get("buttons", []),
        "ask": extras.get("ask"),
        "decision": extras.get("decision"),
        "ticket": extras.get("ticket"),
        "facts": extras.get("facts"),
        "created_at": message.created_at.isoformat(),
    }


def _addressed(message: Message, noted: Mapping[str, Any]) -> Mapping[str, Any]:
    url = f"/api/chat/conversations/{message.conversation_id}/attachments/{noted['id']}"
    return {**noted, "url": url, "thumb_url": f"{url}?size=thumb"}


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


def _locked(session: Session, conversation_id: str) -> Conversation:
    conversation = repository.lock(session, conversation_id)
    if conversation is None:
        raise NotFound("没有找到这个会话，请刷新页面重新开始。")
    return conversation


def _append(
    session: Session, conversation: Conversation, author: Author, text: str, now: datetime
) -> Message:
    conversation.last_seq += 1
    conversation.updated_at = now
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        author=author,
        text=text,
        extras={},
        created_at=now,
    )
    session.add(message)
    return message


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
