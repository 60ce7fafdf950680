"""What people at the desk may be refused; each says who has the conversation now, or why not."""

from sqlalchemy.orm import Session

from bot.conversations import repository as transcript
from bot.errors import Conflict, NotFound
from bot.messages import Mode


class AlreadyTaken(Conflict):
    """Somebody else was quicker; `agent_name` in the details says who."""

    code = "already_taken"


class NobodyWaits(Conflict):
    """The conversation is with the bot or at its end."""

    code = "nobody_waits"
    message = "这位顾客已经不在排队了。"


class AtCapacity(Conflict):
    """A person has as many conversations as they can take."""

    code = "at_capacity"


class AlreadySent(Conflict):
    """A line that has reached the shopper cannot be taken back."""

    code = "already_sent"
    message = "这条消息顾客已经收到，撤不回来了。"


def refusal(session: Session, conversation_id: str) -> Conflict:
    """Why nobody can be claimed here. Raises NotFound."""
    conversation = transcript.get(session, conversation_id)
    if conversation is None:
        raise NotFound("没有找到这个会话，请刷新页面重新开始。")
    if conversation.mode != Mode.HUMAN:
        return NobodyWaits(mode=conversation.mode)
    who = conversation.agent_name or "同事"
    return AlreadyTaken(
        f"{who}已经接了这位顾客。", agent=conversation.agent, agent_name=conversation.agent_name
    )
