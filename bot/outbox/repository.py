"""Queries over the outbox; claims are conditional updates whose row count decides."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.conversations.models import Message
from bot.outbox.models import (
    Attempt,
    Delivery,
    DeliveryState,
    Outcome,
    Parcel,
    ParcelState,
    Way,
)
from bot.wechat.models import Contact

OPEN = (ParcelState.PENDING, ParcelState.SENDING)


def delivery(session: Session, message_id: str) -> Delivery | None:
    """The delivery of a line."""
    return session.get(Delivery, message_id, populate_existing=True)


def loose(session: Session, conversation_id: str) -> Sequence[tuple[Delivery, Message]]:
    """Lines of a conversation that wait to be packed, oldest first."""
    rows = session.execute(
        select(Delivery, Message)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.conversation_id == conversation_id)
        .where(Delivery.state == DeliveryState.PENDING, Delivery.parcel_id.is_(None))
        .order_by(Message.seq)
    ).all()
    return [(row[0], row[1]) for row in rows]


def head(session: Session, conversation_id: str) -> Parcel | None:
    """The oldest parcel of a conversation that is not yet through."""
    return session.scalar(
        select(Parcel)
        .where(Parcel.conversation_id == conversation_id, Parcel.state.in_(OPEN))
        .order_by(Parcel.number)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def held(session: Session, conversation_id: str) -> Sequence[Parcel]:
    """Parcels that wait for the shopper to come back, oldest first."""
    return session.scalars(
        select(Parcel)
        .where(Parcel.conversation_id == conversation_id, Parcel.state == ParcelState.HELD)
        .order_by(Parcel.number)
    ).all()


def lines_of(session: Session, parcel_id: str) -> Sequence[Message]:
    """The lines that a parcel carries, in order."""
    return session.scalars(
        select(Message)
        .join(Delivery, Delivery.message_id == Message.id)
        .where(Delivery.parcel_id == parcel_id)
        .order_by(Message.seq)
    ).all()


def claim(session: Session, parcel: Parcel, owner: str, until: datetime) -> bool:
    """Take a parcel to send its next part; False when another has it."""
    return _changed(
        session,
        update(Parcel)
        .where(Parcel.id == parcel.id, Parcel.state == ParcelState.PENDING)
        .where(Parcel.attempts == parcel.attempts)
        .values(
            state=ParcelState.SENDING,
            owner=owner,
            lease_until=until,
            attempts=parcel.attempts + 1,
        ),
    )


def parcel_held_by(session: Session, parcel_id: str, owner: str, attempt: int) -> Parcel | None:
    """The parcel if `owner` still sends it with that attempt."""
    return session.scalar(
        select(Parcel)
        .where(Parcel.id == parcel_id, Parcel.state == ParcelState.SENDING)
        .where(Parcel.owner == owner, Parcel.attempts == attempt)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def set_lines(
    session: Session, parcel_id: str, state: DeliveryState, error: str | None = None
) -> None:
    """Let the lines of a parcel share its fate."""
    _count(
        session,
        update(Delivery).where(Delivery.parcel_id == parcel_id).values(state=state, error=error),
    )


def unpack(session: Session, parcel_id: str, now: datetime) -> None:
    """Give the lines of a parcel back."""
    _count(
        session,
        update(Delivery)
        .where(Delivery.parcel_id == parcel_id)
        .values(state=DeliveryState.PENDING, parcel_id=None, due_at=now, error=None),
    )


def due(
    session: Session, channel: str, now: datetime, limit: int, without: Collection[str] = ()
) -> Sequence[str]:
    """Conversations with something to send now, those first that have waited longest; none
    whose answer a callback still waits for."""
    ready = (
        select(Delivery.conversation_id, func.min(Delivery.due_at).label("since"))
        .outerjoin(Parcel, Parcel.id == Delivery.parcel_id)
        .where(Delivery.channel == channel, _ready(now))
        .where(Delivery.conversation_id.not_in(without))
        .where(_may_be_sent_to(now))
        .group_by(Delivery.conversation_id)
        .order_by("since")
        .limit(limit)
    )
    return [row[0] for row in session.execute(ready)]


def _ready(now: datetime) -> Any:
    return and_(
        Delivery.state.in_((DeliveryState.PENDING, DeliveryState.SENDING)),
        or_(
            and_(Delivery.parcel_id.is_(None), Delivery.due_at <= now),
            and_(Parcel.state == ParcelState.PENDING, Parcel.due_at <= now),
        ),
    )


def _may_be_sent_to(now: datetime) -> Any:
    return exists().where(
        Contact.conversation_id == Delivery.conversation_id,
        or_(Contact.passive_until.is_(None), Contact.passive_until <= now),
    )


def cut_off(session: Session, now: datetime) -> Sequence[tuple[str, str]]:
    """Conversation and parcel wherever a sender died or hung: its lease has run out."""
    query = select(Parcel.conversation_id, Parcel.id).where(_is_cut_off(now))
    return [(row[0], row[1]) for row in session.execute(query)]


def still_cut_off(session: Session, parcel_id: str, now: datetime) -> Parcel | None:
    """The parcel, locked, unless its sender came back after all."""
    return session.scalar(
        select(Parcel)
        .where(Parcel.id == parcel_id, _is_cut_off(now))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _is_cut_off(now: datetime) -> Any:
    return and_(Parcel.state == ParcelState.SENDING, Parcel.lease_until < now)


def begun(session: Session, parcel_id: str) -> Sequence[Attempt]:
    """Attempts of a parcel that have no end."""
    return session.scalars(
        select(Attempt).where(Attempt.parcel_id == parcel_id, Attempt.outcome == Outcome.BEGUN)
    ).all()


def answered(session: Session, conversation_id: str, answers: str) -> tuple[Parcel, int] | None:
    """The parcel and part that were given as passive reply to a callback."""
    row = session.execute(
        select(Parcel, Attempt.part)
        .join(Attempt, Attempt.parcel_id == Parcel.id)
        .where(Attempt.answers == answers, Attempt.way == Way.PASSIVE)
        .where(Parcel.conversation_id == conversation_id)
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def attempts(session: Session, parcel_id: str) -> Sequence[Attempt]:
    """Every attempt to send a parcel, oldest first."""
    query = select(Attempt).where(Attempt.parcel_id == parcel_id)
    return session.scalars(query.order_by(Attempt.id)).all()


def counts(session: Session, conversation_id: str | None = None) -> dict[str, int]:
    """How many lines are in each state, of one conversation or of all that are pushed."""
    query = select(Delivery.state, func.count()).group_by(Delivery.state)
    if conversation_id is not None:
        query = query.where(Delivery.conversation_id == conversation_id)
    return {row[0]: row[1] for row in session.execute(query)}


def in_states(
    session: Session, states: Collection[ParcelState], limit: int, offset: int
) -> Sequence[Parcel]:
    """Parcels in any of the states, newest first."""
    return session.scalars(
        select(Parcel)
        .where(Parcel.state.in_(states))
        .order_by(Parcel.created_at.desc(), Parcel.id)
        .limit(limit)
        .offset(offset)
    ).all()


def oldest_pending(session: Session) -> datetime | None:
    """Since when the oldest line waits that could be sent now."""
    return session.scalar(
        select(func.min(Delivery.due_at)).where(
            Delivery.state.in_((DeliveryState.PENDING, DeliveryState.SENDING))
        )
    )


def recall(session: Session, message_id: str) -> bool:
    """Take back a line that no parcel carries yet and no page has fetched."""
    loose = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.OFFERED)
    return _changed(
        session,
        update(Delivery)
        .where(Delivery.message_id == message_id, Delivery.parcel_id.is_(None))
        .where(Delivery.state.in_(loose))
        .values(state=DeliveryState.RECALLED),
    )


def fetched(session: Session, message_ids: Collection[str]) -> int:
    """Note that a page has fetched lines that lay ready for it; how many it had not before."""
    return _count(
        session,
        update(Delivery)
        .where(Delivery.message_id.in_(message_ids), Delivery.parcel_id.is_(None))
        .where(Delivery.state == DeliveryState.OFFERED)
        .values(state=DeliveryState.SENT),
    )


def pack(session: Session, message_ids: Sequence[str], parcel_id: str) -> bool:
    """Put lines into a parcel; False when one of them is no longer loose."""
    return _count(
        session,
        update(Delivery)
        .where(Delivery.message_id.in_(message_ids), Delivery.parcel_id.is_(None))
        .where(Delivery.state == DeliveryState.PENDING)
        .values(parcel_id=parcel_id),
    ) == len(message_ids)


def _changed(session: Session, statement: Any) -> bool:
    return _count(session, statement) == 1


def _count(session: Session, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], done).rowcount
