"""Queries over WeChat's tables; claims are conditional updates whose row count decides."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.channels.wechat.parse import Incoming
from bot.wechat.models import Arrival, Contact, MediaState, Received, Standing


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


def received(session: Session, keys: Collection[str]) -> dict[tuple[str, str], Received]:
    """Callbacks that have come before, by account and key, of those with any of the keys."""
    found = session.scalars(select(Received).where(Received.key.in_(keys)))
    return {(one.account, one.key): one for one in found}


def arrive(
    session: Session, sent: Sequence[tuple[str, Incoming]], now: datetime, due_at: datetime
) -> Sequence[int]:
    """Write down callbacks of accounts as rows of `Arrival`; their numbers, in the same order."""
    rows = [
        {
            "account": account,
            "openid": incoming.openid,
            "fields": dict(incoming.fields),
            "due_at": due_at,
            "arrived_at": now,
        }
        for account, incoming in sent
    ]
    written = insert(Arrival).returning(Arrival.number, sort_by_parameter_order=True)
    return session.scalars(written, rows).all()


def arrived(session: Session, before: datetime | None, tries: int, limit: int) -> Sequence[Arrival]:
    """Callbacks that were due `before`, or all, and have been tried less often; oldest first."""
    query = select(Arrival).where(Arrival.tries < tries).order_by(Arrival.number).limit(limit)
    if before is not None:
        query = query.where(Arrival.due_at <= before)
    return session.scalars(query).all()


def arrivals_of(session: Session, openids: Collection[str]) -> Sequence[Arrival]:
    """Callbacks of these followers that nobody has tried to take in, oldest first."""
    query = select(Arrival).where(Arrival.openid.in_(openids), Arrival.tries == 0)
    return session.scalars(query.order_by(Arrival.number)).all()


def claim_arrivals(session: Session, numbers: Collection[int]) -> set[int]:
    """Remove callbacks in order to take them in; those that nobody else has."""
    gone = delete(Arrival).where(Arrival.number.in_(numbers)).returning(Arrival.number)
    return set(session.scalars(gone.execution_options(synchronize_session=False)))


def put_off(session: Session, number: int, due_at: datetime) -> None:
    """Count a try to take a callback in that failed."""
    _count(
        session,
        update(Arrival)
        .where(Arrival.number == number)
        .values(tries=Arrival.tries + 1, due_at=due_at),
    )


def stuck(session: Session, account: str, tries: int) -> int:
    """How many callbacks of an account could not be taken in however often it was tried."""
    query = select(func.count()).where(Arrival.account == account, Arrival.tries >= tries)
    return session.scalar(query) or 0


def forget_arrivals(session: Session, before: datetime) -> int:
    """Remove callbacks that nobody could take in."""
    return _count(session, delete(Arrival).where(Arrival.arrived_at < before))


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


def ensure_standing(session: Session, account: str) -> None:
    """Let an account have its row, whoever comes first."""
    if standing(session, account) is not None:
        return
    sqlite = session.get_bind().dialect.name == "sqlite"
    made = (sqlite_insert if sqlite else postgres_insert)(Standing)
    row = made.values(account=account, fetched=0, forced=0)
    session.execute(row.on_conflict_do_nothing())


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
