"""Who went on after being pointed to which version of the privacy page."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import BadInput
from bot.privacy.models import Consent
from bot.privacy.service import VERSION


def note(session: Session, conversation_id: str, version: str, now: datetime) -> None:
    """Keep it once. Raises BadInput for a version that is not shown now."""
    if version != VERSION:
        raise BadInput("隐私说明已经更新，请刷新页面。", version=VERSION)
    if session.get(Consent, (conversation_id, version)) is None:
        session.add(Consent(conversation_id=conversation_id, version=version, at=now))
        session.flush()
