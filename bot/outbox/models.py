"""Tables of lines to be delivered, the parcels they travel in and every attempt to send one."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of


class DeliveryState(StrEnum):
    """How far a line has come. `offered` lies ready for a page to fetch, or went out as the
    answer to a callback, which nobody confirms; `sending` was begun and, after a crash, may or
    may not have arrived: it becomes `unconfirmed`, never re-sent. `held` waits for the shopper
    to come back; `recalled` was taken back before it left."""

    PENDING = "pending"
    SENDING = "sending"
    OFFERED = "offered"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    HELD = "held"
    RECALLED = "recalled"


class ParcelState(StrEnum):
    """As for a line; a parcel `unpacked` gave its lines back to travel with newer ones."""

    PENDING = "pending"
    SENDING = "sending"
    OFFERED = "offered"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    HELD = "held"
    UNPACKED = "unpacked"


class Way(StrEnum):
    """How a part travels: as answer to a callback, by customer-service message, or as one of the
    notices that are let through later."""

    PASSIVE = "passive"
    CUSTOM = "custom"
    NOTICE = "notice"


class Outcome(StrEnum):
    """How an attempt ended. `begun` has not, or its process died."""

    BEGUN = "begun"
    OFFERED = "offered"
    SENT = "sent"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"


class Parcel(Base):
    """Lines merged to be sent together, in `parts` short enough for the channel.

    `done` parts need no more sending; `doubtful` ones among them may not have arrived. `choices`
    are the buttons of its lines, `head` its text without them; `plain` says that they go as
    numbers. `held_for` says why it is held.
    """

    __tablename__ = "outbox_parcels"
    __table_args__ = (
        one_of("state", ParcelState),
        Index("ix_outbox_parcels_lane", "conversation_id", "state", "number"),
        Index("ix_outbox_parcels_state", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    number: Mapped[int]  # the seq of its first line: the order of a conversation's parcels
    state: Mapped[str] = mapped_column(String(16), default=ParcelState.PENDING)
    parts: Mapped[list[Any]]
    head: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    plain: Mapped[bool] = mapped_column(default=False)
    weighty: Mapped[bool] = mapped_column(default=False)
    done: Mapped[int] = mapped_column(default=0)
    doubtful: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]
    due_at: Mapped[datetime]
    held_for: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Attempt(Base):
    """One attempt to send one part, written before it is made. `answers` is the callback to
    which a passive reply was given, so that the same one gets the same answer."""

    __tablename__ = "outbox_attempts"
    __table_args__ = (
        one_of("way", Way),
        one_of("outcome", Outcome),
        Index("ix_outbox_attempts_parcel_id", "parcel_id"),
        Index("ix_outbox_attempts_answers", "answers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[str] = mapped_column(ForeignKey("outbox_parcels.id"))
    part: Mapped[int]
    way: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16), default=Outcome.BEGUN)
    answers: Mapped[str | None] = mapped_column(String(36))
    code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Delivery(Base):
    """The delivery of one line over one channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", DeliveryState),
        Index("ix_outbox_state", "state", "due_at"),
        Index("ix_outbox_conversation_id", "conversation_id", "state"),
        Index("ix_outbox_parcel_id", "parcel_id"),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(Text)
    parcel_id: Mapped[str | None] = mapped_column(ForeignKey("outbox_parcels.id"))
