"""The stored decisions: written once, never changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base


class StoredDecision(Base):
    """A decision record as it was given; `record` is the canonical JSON, byte for byte."""

    __tablename__ = "decisions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    policy_set: Mapped[str] = mapped_column(String(64), index=True)
    version: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date]
    facts: Mapped[dict[str, Any]]
    record: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
