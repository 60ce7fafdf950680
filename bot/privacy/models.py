"""The table of who was told what is kept of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base


class Consent(Base):
    """A shopper was pointed to this version of the privacy page: on the web `at` is when they
    went on, on WeChat when the line was written into their conversation."""

    __tablename__ = "privacy_consents"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]
