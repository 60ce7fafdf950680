"""The table of photos; the pictures themselves lie in files named by their id."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base


class Attachment(Base):
    """One photo of one line, as it was drawn anew: a JPEG of `width` × `height`, `size` bytes."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_conversation_id", "conversation_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    created_at: Mapped[datetime]
