"""The table of what people said over the promise guard's warning."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of
from bot.immutable import keep_unchanged


class Gap(StrEnum):
    """Why a line went out that no rule, case or decision holds."""

    POLICY_GAP = "policy_gap"
    GOODWILL = "goodwill"
    RULE_WRONG = "rule_wrong"
    AGREED = "agreed"
    FALSE_ALARM = "false_alarm"


GAPS = {
    Gap.POLICY_GAP: "规则没写到",
    Gap.GOODWILL: "特别照顾",
    Gap.RULE_WRONG: "规则不合适",
    Gap.AGREED: "上级已同意",
    Gap.FALSE_ALARM: "提醒不对",
}


class Override(Base):
    """One line sent over a warning: what it claims that nothing holds, why it was sent all the
    same, and the money in it (fen). Entries are only ever added."""

    __tablename__ = "overrides"
    __table_args__ = (
        one_of("gap", Gap),
        UniqueConstraint("message_id"),
        Index("ix_overrides_at", "shop", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    shop: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    who: Mapped[str] = mapped_column(String(64))
    gap: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    claims: Mapped[list[Any]]
    decision_id: Mapped[str | None] = mapped_column(String(64))
    money: Mapped[int] = mapped_column(default=0)


_OVERRIDES = Override.__table__
assert isinstance(_OVERRIDES, Table)
keep_unchanged(_OVERRIDES)
