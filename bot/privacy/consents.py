"""Who was pointed to which version of the privacy page, and went on."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import BadInput
from bot.privacy.models import Consent
from bot.privacy.service import VERSION


def note(session: Session, conversation_id: str, version: str, now: datetime) -> None:
    """Keep it once. Raises BadInput for a version that is not shown now."""
    if version != VERSION:
        raise BadInput("隐私说明已经更新，请刷新页面。", version=VERSION)
    _once(session, conversation_id, now)


def point_out(session: Session, conversation_id: str, now: datetime) -> bool:
    """Whether the page that is shown now is still to be pointed out here; keeps that it was."""
    return _once(session, conversation_id, now)


def _once(session: Session, conversation_id: str, now: datetime) -> bool:
    if session.get(Consent, (conversation_id, VERSION)) is not None:
        return False
    session.add(Consent(conversation_id=conversation_id, version=VERSION, at=now))
    session.flush()
    return True
