"""Who may write: every change of it raises the fence, so that whoever began before comes too late.

Each function works on a conversation locked by the caller, in the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.conversations import repository
from bot.conversations.models import Conversation, Draft, DraftState
from bot.errors import Conflict
from bot.messages import Line, Mode


class NotYours(Conflict):
    """Somebody else answers this conversation now; `agent_name` says who, None for the bot."""

    code = "not_yours"
    message = "这位顾客现在不在您手上，刷新看看最新情况。"


def check_holder(conversation: Conversation, agent: str, fence: int) -> None:
    """Raises NotYours unless `agent` holds the conversation under this very fence."""
    held = conversation.mode == Mode.HUMAN and conversation.agent == agent
    if held and conversation.fence == fence:
        return
    other = conversation.agent_name if conversation.agent != agent else None
    raise NotYours(
        f"这位顾客已经由{other}接手。" if other else None,
        mode=conversation.mode,
        agent=conversation.agent,
        agent_name=other,
        fence=conversation.fence,
    )


def wait(conversation: Conversation, since: datetime) -> None:
    """Put the shopper in the queue; `since` is when their waiting began."""
    _change(conversation, Mode.WAITING)
    conversation.waiting_since = since


def hold(conversation: Conversation, agent: str, name: str) -> None:
    """Give the conversation to a person, whoever had it."""
    _change(conversation, Mode.HUMAN)
    conversation.agent, conversation.agent_name = agent, name


def to_bot(conversation: Conversation) -> None:
    """Let the bot answer again."""
    _change(conversation, Mode.BOT)
    conversation.misses = 0


def close(conversation: Conversation) -> None:
    """End the episode."""
    _change(conversation, Mode.CLOSED)
    conversation.asking = conversation.offer = None


def reopen(conversation: Conversation) -> None:
    """Begin a new episode: a shopper writes after the end."""
    to_bot(conversation)
    conversation.episode += 1


def keep_draft(
    session: Session, conversation_id: str, message_id: str, lines: Sequence[Line], now: datetime
) -> None:
    """Keep what the bot would have said to a line, for the person who answers instead."""
    if repository.draft_of(session, message_id) is not None:
        return
    session.add(
        Draft(
            id=message_id,
            conversation_id=conversation_id,
            message_id=message_id,
            lines=[_kept(line) for line in lines],
            state=DraftState.OPEN,
            created_at=now,
        )
    )
    session.flush()


def settle_draft(session: Session, message_id: str, *, used: bool) -> None:
    """Take a late answer off the desk: it was used in a person's own line, or is of no use."""
    draft = repository.draft_of(session, message_id)
    if draft is not None and draft.state == DraftState.OPEN:
        draft.state = DraftState.USED if used else DraftState.DROPPED
        session.flush()


def _change(conversation: Conversation, mode: Mode) -> None:
    conversation.mode = mode
    conversation.fence += 1
    conversation.agent = conversation.agent_name = conversation.waiting_since = None


def _kept(line: Line) -> dict[str, Any]:
    return {"text": line.text, "decision": dict(line.decision) if line.decision else None}
