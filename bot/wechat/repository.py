"""Queries over WeChat's tables; claims are conditional updates whose row count decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.wechat.models import Contact, MediaState, Received, Standing


def contact(session: Session, account: str, openid: str) -> Contact | None:
    """The follower, held against other writers until the transaction ends."""
    return session.scalar(
        select(Contact)
        .where(Contact.account == account, Contact.openid == openid)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def of_conversation(
    session: Session, conversation_id: str, *, lock: bool = False
) -> Contact | None:
    """The follower whose conversation this is."""
    query = select(Contact).where(Contact.conversation_id == conversation_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def received(session: Session, account: str, key: str) -> Received | None:
    """The callback of that key, if it has come before."""
    return session.get(Received, (account, key))


def wanted_media(session: Session, now: datetime, limit: int) -> Sequence[Received]:
    """Photos that are still to be fetched, and those whose fetching was cut off."""
    return session.scalars(
        select(Received)
        .where(Received.media.in_((MediaState.WANTED, MediaState.FETCHING)))
        .where(Received.media_due <= now)
        .order_by(Received.media_due)
        .limit(limit)
    ).all()


def claim_media(session: Session, one: Received, now: datetime, until: datetime) -> bool:
    """Take the fetching of a photo until `until`; False when another has it."""
    return _changed(
        session,
        update(Received)
        .where(Received.account == one.account, Received.key == one.key)
        .where(Received.media.in_((MediaState.WANTED, MediaState.FETCHING)))
        .where(Received.media_due <= now, Received.media_tries == one.media_tries)
        .values(media=MediaState.FETCHING, media_due=until, media_tries=one.media_tries + 1),
    )


def settle_media(
    session: Session, one: Received, tries: int, state: MediaState, due: datetime | None
) -> bool:
    """End the fetching that counted as number `tries`; False when another has taken it over."""
    return _changed(
        session,
        update(Received)
        .where(Received.account == one.account, Received.key == one.key)
        .where(Received.media == MediaState.FETCHING, Received.media_tries == tries)
        .values(media=state, media_due=due),
    )


def forget_received(session: Session, before: datetime) -> int:
    """Remove callbacks too old to be delivered again; their lines stay."""
    return _count(
        session,
        delete(Received).where(
            Received.received_at < before,
            Received.media.in_((MediaState.NONE, MediaState.KEPT, MediaState.LOST)),
        ),
    )


def standing(session: Session, account: str, *, lock: bool = False) -> Standing | None:
    """How an account stands."""
    return session.get(Standing, account, with_for_update=lock or None, populate_existing=True)


def claim_token(session: Session, account: str, owner: str, now: datetime, until: datetime) -> bool:
    """Take the right to fetch the token of an account; False while another has it."""
    return _changed(
        session,
        update(Standing)
        .where(Standing.account == account)
        .where(or_(Standing.owner.is_(None), Standing.lease_until < now))
        .values(owner=owner, lease_until=until),
    )


def _changed(session: Session, statement: Any) -> bool:
    return _count(session, statement) == 1


def _count(session: Session, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], done).rowcount
