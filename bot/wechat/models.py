"""Tables of WeChat: shoppers, callbacks taken in, and the standing of each account."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of


class ContactState(StrEnum):
    """Whether a shopper can be written to at all."""

    FOLLOWING = "following"
    LEFT = "left"


class Contact(Base):
    """One follower of one account and the conversation that is theirs.

    A line of the shopper's gives `talk_left` sends until `talk_until`, a menu click, a scan or
    a follow `tap_left` until `tap_until`. `choices` are the numbered ones that the shopper sees
    last; `holding` says that parcels wait for the shopper to come back. While callback
    `passive_for` waits for its turn, the answers are held back from the API until
    `passive_until`.
    """

    __tablename__ = "wechat_contacts"
    __table_args__ = (
        one_of("state", ContactState),
        UniqueConstraint("account", "openid", name="uq_wechat_contacts_openid"),
        UniqueConstraint("conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    openid: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(String(16), default=ContactState.FOLLOWING)
    talk_left: Mapped[int] = mapped_column(default=0)
    talk_until: Mapped[datetime | None]
    tap_left: Mapped[int] = mapped_column(default=0)
    tap_until: Mapped[datetime | None]
    choices: Mapped[list[Any]] = mapped_column(default=list)
    holding: Mapped[bool] = mapped_column(default=False)
    passive_for: Mapped[str | None] = mapped_column(String(36))
    passive_until: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class MediaState(StrEnum):
    """How far the photo of a callback has come."""

    NONE = "none"
    WANTED = "wanted"
    FETCHING = "fetching"
    KEPT = "kept"
    LOST = "lost"


class Received(Base):
    """One callback, whatever it was, by its key: the second delivery finds the first here.

    `message_id` is the line it became, if any; `raw` its fields when the kind is unknown.
    """

    __tablename__ = "wechat_received"
    __table_args__ = (
        one_of("media", MediaState),
        Index("ix_wechat_received_media", "media", "media_due"),
        Index("ix_wechat_received_at", "received_at"),
    )

    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str | None] = mapped_column(String(36))
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    media: Mapped[str] = mapped_column(String(16), default=MediaState.NONE)
    media_id: Mapped[str | None] = mapped_column(Text)
    media_due: Mapped[datetime | None]
    media_tries: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]


class Arrival(Base):
    """A callback that came in a rush: written down and acknowledged, not yet taken in, which
    removes it. Whoever removes it takes it in; from `due_at` on that may be any process.
    """

    __tablename__ = "wechat_arrivals"

    number: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    openid: Mapped[str] = mapped_column(String(64), index=True)
    fields: Mapped[dict[str, Any]]
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    arrived_at: Mapped[datetime]


class Standing(Base):
    """How an account stands with the platform, shared by all processes.

    `owner` holds the right to fetch a token until `lease_until`. `fetched` and `forced` count
    the token calls of `day`. Until `parked_until` nothing is sent; until `barred_until` answers
    are passive only. `alert` is what a person has to look at.
    """

    __tablename__ = "wechat_accounts"

    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]
    day: Mapped[date | None]
    fetched: Mapped[int] = mapped_column(default=0)
    forced: Mapped[int] = mapped_column(default=0)
    forced_at: Mapped[datetime | None]
    parked_until: Mapped[datetime | None]
    barred_until: Mapped[datetime | None]
    alert: Mapped[str | None] = mapped_column(Text)
    alert_at: Mapped[datetime | None]
