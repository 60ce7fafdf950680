"""The lines of a conversation: heard, said, taken back and shown."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.conversations import modes, repository
from bot.conversations.models import Conversation, Message
from bot.errors import NotFound
from bot.messages import Author, Line, Mode

PAGE = 200  # lines given at once; a page asks again from the last it has
RECALLED = "对方撤回了一条消息"  # what a shopper sees in place of a line taken back


@dataclass(frozen=True)
class View:
    """What a shopper may see of a conversation: new lines, who answers, place in the queue."""

    messages: Sequence[Mapping[str, Any]]
    mode: Mode
    position: int | None = None
    agent_name: str | None = None


def new_id() -> str:
    """A fresh random identity."""
    return str(uuid.uuid4())


def hear(
    session: Session,
    conversation_id: str,
    client_message_id: str,
    text: str,
    payload: str | None,
    now: datetime,
) -> tuple[Message, bool]:
    """Write down a shopper's line; the same id again gives the first line and False."""
    conversation = locked(session, conversation_id)
    known = repository.by_client_id(session, conversation_id, client_message_id)
    if known is not None:
        return known, False
    if conversation.mode == Mode.CLOSED:
        modes.reopen(conversation)
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
        "card": dict(line.card) if line.card else None,
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


def announce(session: Session, conversation: Conversation, text: str, now: datetime) -> Message:
    """Write down a notice: of who answers now, or of a case. Also while a person answers."""
    message = _append(session, conversation, Author.SYSTEM, text, now)
    session.flush()
    return message


def say_as_agent(
    session: Session,
    conversation_id: str,
    fence: int,
    agent: str,
    text: str,
    client_id: str,
    name: str,
    now: datetime,
    holder: str | None = None,
) -> tuple[Message, bool]:
    """Write down a line of a person who holds the conversation under `fence`, or writes beside
    its `holder`; the same `client_id` again gives the first line and False, whoever holds the
    conversation by then.

    Raises NotYours, naming who does.
    """
    conversation = locked(session, conversation_id)
    known = repository.by_client_id(session, conversation_id, _of_agent(agent, client_id))
    if known is not None:
        return known, False
    modes.check_holder(conversation, holder or agent, fence)
    message = _append(session, conversation, Author.AGENT, text, now)
    message.client_message_id = _of_agent(agent, client_id)
    message.agent, message.author_name = agent, name
    session.flush()
    return message, True


def recall(session: Session, message_id: str, agent: str, now: datetime) -> Message:
    """Take back a line of one's own. That it has not been delivered is the caller's to know.

    Raises NotFound for a line that is none of this agent's.
    """
    message = repository.message(session, message_id)
    if message is None or message.agent != agent:
        raise NotFound
    if message.recalled_at is None:
        message.recalled_at = now
        session.flush()
    return message


def last_question(session: Session, conversation: Conversation) -> Line | None:
    """The question that stands, as it was last asked."""
    if conversation.asking is None:
        return None
    for message in repository.latest(session, conversation.id, Author.BOT, 20):
        if message.extras.get("ask") == conversation.asking:
            return Line(message.text, message.extras.get("buttons", ()), ask=conversation.asking)
    return None


def _of_agent(agent: str, client_id: str) -> str:
    # Kept apart from the ids of the shopper's page, which share the column.
    return hashlib.sha256(f"{agent}:{client_id}".encode()).hexdigest()


def locked(session: Session, conversation_id: str) -> Conversation:
    """The conversation, held until the transaction ends. Raises NotFound."""
    conversation = repository.lock(session, conversation_id)
    if conversation is None:
        raise NotFound("没有找到这个会话，请刷新页面重新开始。")
    return conversation


def view(
    session: Session, conversation: Conversation, after: int, position: int | None = None
) -> View:
    """Up to a page of lines above `after`, as the shopper API shows them."""
    lines = repository.after(session, conversation.id, after, PAGE)
    shown_lines = [shown(line) for line in lines]
    return View(shown_lines, Mode(conversation.mode), position, conversation.agent_name)


def shown(message: Message) -> Mapping[str, Any]:
    """One line as the shopper API shows it."""
    if message.recalled_at is not None:
        return _as_recalled(message)
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
        "card": extras.get("card"),
        "created_at": message.created_at.isoformat(),
    }


def _as_recalled(message: Message) -> Mapping[str, Any]:
    nothing = dict.fromkeys(("client_message_id", "ask", "decision", "ticket", "facts"))
    return nothing | {
        "seq": message.seq,
        "id": message.id,
        "author": Author.SYSTEM,
        "author_name": None,
        "text": RECALLED,
        "attachments": [],
        "buttons": [],
        "created_at": message.created_at.isoformat(),
    }


def _addressed(message: Message, noted: Mapping[str, Any]) -> Mapping[str, Any]:
    url = f"/api/chat/conversations/{message.conversation_id}/attachments/{noted['id']}"
    return {**noted, "url": url, "thumb_url": f"{url}?size=thumb"}


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
