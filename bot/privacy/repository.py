"""Queries over every table that holds something of a shopper."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Column, Select, Table, delete, or_, select, text, update
from sqlalchemy.orm import Session

from bot.db import Base
from bot.privacy.places import ERASED, LEFT_OVER, PLACES, By, Place


def table(name: str) -> Table:
    """A table by its name; every room's models are known in a process that erases."""
    return Base.metadata.tables[name]


def of_phone(session: Session, phone: str) -> tuple[set[str], set[str]]:
    """The conversations and cases of whoever can be called under a number."""
    talks, cases = table("conversations"), table("tickets")
    talked = set(session.scalars(select(talks.c.id).where(talks.c.phone == phone)))
    found = session.execute(
        select(cases.c.id, cases.c.conversation_id).where(cases.c.phone == phone)
    )
    own = list(found)
    return talked | {row[1] for row in own if row[1]}, {row[0] for row in own}


def of_ticket(session: Session, no: str) -> tuple[set[str], set[str]]:
    """The case of a number and its conversation."""
    cases = table("tickets")
    row = session.execute(
        select(cases.c.id, cases.c.conversation_id).where(cases.c.no == no)
    ).first()
    if row is None:
        return set(), set()
    return ({row[1]} if row[1] else set()), {row[0]}


def exists(session: Session, conversation_id: str) -> bool:
    """Whether there is such a conversation."""
    talks = table("conversations")
    return session.scalar(select(talks.c.id).where(talks.c.id == conversation_id)) is not None


def cases_of(session: Session, conversations: Iterable[str]) -> set[str]:
    """The cases of these conversations."""
    cases = table("tickets")
    query = select(cases.c.id).where(cases.c.conversation_id.in_(list(conversations)))
    return set(session.scalars(query))


def rows(
    session: Session, place: Place, conversations: Sequence[str], cases: Sequence[str]
) -> list[dict[str, Any]]:
    """Everything that a table holds of them."""
    found = table(place.table)
    query = select(found).where(_of(place, conversations, cases))
    return [dict(row) for row in session.execute(query).mappings()]


def blank(
    session: Session, place: Place, conversations: Sequence[str], cases: Sequence[str]
) -> None:
    """Write over, or remove, what a table holds of them; its facts are the caller's."""
    found, whose = table(place.table), _of(place, conversations, cases)
    if place.removed:
        session.execute(delete(found).where(whose))
    elif place.guarded:
        with _unguarded(session, place.table):
            session.execute(update(found).where(whose).values(**place.blank))
    elif place.blank:
        session.execute(update(found).where(whose).values(**place.blank))


def write_facts(session: Session, place: Place, row: dict[str, Any], kept: Any) -> None:
    """Put the reduced facts of one row in place of what they were."""
    found = table(place.table)
    key = found.c.id
    values = {cast(str, place.facts): kept}
    session.execute(update(found).where(key == row["id"]).values(**values))


def drop_fact(session: Session, fact_id: int) -> None:
    """Remove a fact that would find its owner."""
    facts = table("facts")
    session.execute(delete(facts).where(facts.c.id == fact_id))


def end_left_over(session: Session, conversations: Sequence[str], cases: Sequence[str]) -> None:
    """End what is still to be done for them."""
    from_place = {place.table: place for place in PLACES}
    for name, waiting, over in LEFT_OVER:
        found, whose = table(name), _of(from_place[name], conversations, cases)
        session.execute(update(found).where(whose, found.c.state == waiting).values(state=over))


def forget_followers(session: Session, conversations: Sequence[str]) -> None:
    """Replace the WeChat identity: whoever writes again is somebody new."""
    found = table("wechat_contacts")
    session.execute(
        update(found)
        .where(found.c.conversation_id.in_(list(conversations)))
        .values(openid=text("'erased:' || id"))
    )


def photos(session: Session, conversations: Sequence[str]) -> list[str]:
    """The names of their photos."""
    found = table("attachments")
    query = select(found.c.id).where(found.c.conversation_id.in_(list(conversations)))
    return list(session.scalars(query))


def stale_conversations(session: Session, before: datetime, limit: int) -> list[str]:
    """Conversations silent since an instant, not erased and without a case under way."""
    talks, cases = table("conversations"), table("tickets")
    under_way = select(cases.c.id).where(
        cases.c.conversation_id == talks.c.id,
        or_(cases.c.finished_at.is_(None), cases.c.finished_at >= before),
        cases.c.state != "withdrawn",
    )
    query = select(talks.c.id).where(
        talks.c.updated_at < before, talks.c.token_hash != ERASED, ~under_way.exists()
    )
    return list(session.scalars(query.order_by(talks.c.updated_at).limit(limit)))


def stale_cases(session: Session, before: datetime, limit: int) -> list[str]:
    """Finished cases of callers, who have no conversation, with their number still in them."""
    cases = table("tickets")
    query = select(cases.c.id).where(
        cases.c.conversation_id.is_(None),
        cases.c.finished_at < before,
        or_(cases.c.phone.is_not(None), cases.c.name.is_not(None)),
    )
    return list(session.scalars(query.limit(limit)))


def _of(place: Place, conversations: Sequence[str], cases: Sequence[str]) -> Any:
    """The rows of a table that are theirs."""
    key: Column[Any] = table(place.table).c[place.key]
    if place.by == By.FOLLOWER:
        return _sent_by(key, conversations)
    if place.by == By.TICKET:
        return key.in_(list(cases))
    if place.by == By.CONVERSATION:
        return key.in_(list(conversations))
    through = {By.MESSAGE: "messages", By.MATTER: "matters"}
    through |= {By.HAND_OFF: "hand_offs", By.PARCEL: "outbox_parcels"}
    owner = table(through[place.by])
    owned: Select[Any] = select(owner.c.id).where(owner.c.conversation_id.in_(list(conversations)))
    return key.in_(owned)


def _sent_by(openid: Column[Any], conversations: Sequence[str]) -> Any:
    """The callbacks that followers of these conversations have sent."""
    followers = table("wechat_contacts")
    return (
        select(followers.c.id)
        .where(
            followers.c.conversation_id.in_(list(conversations)),
            followers.c.account == openid.table.c.account,
            followers.c.openid == openid,
        )
        .exists()
    )


@contextmanager
def _unguarded(session: Session, name: str) -> Iterator[None]:
    """Open a table that is written once, for this transaction alone."""
    trigger = f"{name}_written_once"
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER {trigger}"))
        yield
        session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER {trigger}"))
        return
    named = {"name": f"{name}_update"}
    query = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    guard = session.execute(query, named).scalar_one()
    session.execute(text(f"DROP TRIGGER {name}_update"))
    yield
    session.execute(text(guard.replace(":", r"\:")))
