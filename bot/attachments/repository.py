"""Queries over photos."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.attachments.models import Attachment

_AT_ONCE = 500  # ids of one query


def of_conversation(
    session: Session, conversation_id: str, attachment_id: str
) -> Attachment | None:
    """The photo of that id, if it belongs to the conversation."""
    found = session.get(Attachment, attachment_id)
    return found if found is not None and found.conversation_id == conversation_id else None


def known(session: Session, ids: Iterable[str]) -> set[str]:
    """Those of these ids that there are."""
    asked, found = sorted(ids), set[str]()
    for start in range(0, len(asked), _AT_ONCE):
        some = Attachment.id.in_(asked[start : start + _AT_ONCE])
        found.update(session.scalars(select(Attachment.id).where(some)))
    return found


def of_message(session: Session, message_id: str) -> Attachment | None:
    """The photo that a line carries."""
    return session.scalar(select(Attachment).where(Attachment.message_id == message_id))


def of_messages(session: Session, message_ids: Sequence[str]) -> Sequence[Attachment]:
    """The photos that lines carry, in the order they came."""
    query = select(Attachment).where(Attachment.message_id.in_(message_ids))
    return session.scalars(query.order_by(Attachment.created_at)).all()


def count(session: Session, conversation_id: str) -> int:
    """How many photos a conversation holds."""
    query = select(func.count()).where(Attachment.conversation_id == conversation_id)
    return session.scalar(query) or 0
