"""Queries over texts, versions, drafts and publications."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.policy.models import (
    Draft,
    DraftFile,
    DraftState,
    PolicySetRow,
    Publication,
    PublicationKind,
    PublishedFile,
    SetInForce,
    SourceText,
    Stamp,
    Version,
)


@dataclass(frozen=True)
class Placed:
    """A text published under a name, in force from an instant on."""

    publication: int
    kind: str
    name: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Turn:
    """From an instant on a set is judged by a version."""

    id: int
    policy_set: str
    version_id: int
    at: datetime


def is_there(session: Session) -> bool:
    """Whether the tables were made; rules can be tried out before they are."""
    return inspect(session.connection()).has_table(Stamp.__tablename__)


def stamp(session: Session) -> int:
    """How often something was published; 0 while nothing was."""
    return session.scalar(select(Stamp.stamp)) or 0


def raise_stamp(session: Session, seen: int) -> bool:
    """Count one more publication; False when another one came since `seen`."""
    if seen == 0 and session.get(Stamp, 1) is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(Stamp(id=1, stamp=0))
    change = update(Stamp).where(Stamp.id == 1, Stamp.stamp == seen).values(stamp=seen + 1)
    done = session.execute(change, execution_options={"synchronize_session": False})
    return bool(getattr(done, "rowcount", 0))


def placed(session: Session) -> list[Placed]:
    """Every text ever published, in the order of publication."""
    query = (
        select(Publication, PublishedFile)
        .join(PublishedFile, PublishedFile.publication_id == Publication.id)
        .order_by(Publication.id, PublishedFile.name)
    )
    return [
        Placed(row.id, row.kind, file.name, file.source, row.takes_effect_at)
        for row, file in session.execute(query)
    ]


def turns(session: Session) -> list[Turn]:
    """Which version judges each set from when, the holding one last."""
    query = select(SetInForce).order_by(SetInForce.takes_effect_at, SetInForce.id)
    return [
        Turn(row.id, row.policy_set, row.version_id, row.takes_effect_at)
        for row in session.scalars(query)
    ]


def source_texts(session: Session, hashes: Iterable[str]) -> dict[str, str]:
    """Texts by their digests."""
    query = select(SourceText.hash, SourceText.text).where(SourceText.hash.in_(set(hashes)))
    return {row.hash: row.text for row in session.execute(query)}


def keep_text(session: Session, digest: str, text: str, now: datetime) -> None:
    """Keep a text once."""
    if session.get(SourceText, digest) is None:
        session.add(SourceText(hash=digest, text=text, created_at=now))
        session.flush()


def version_text(session: Session, version_id: int) -> str:
    """The canonical text of a version."""
    return session.scalars(select(Version.text).where(Version.id == version_id)).one()


def version(session: Session, policy_set: str, name: str) -> Version | None:
    """A version of a set by its name."""
    query = select(Version).where(Version.policy_set == policy_set, Version.version == name)
    return session.scalars(query).one_or_none()


def version_names(session: Session) -> dict[int, str]:
    """The names of all versions by id."""
    return {row.id: row.version for row in session.execute(select(Version.id, Version.version))}


def keep_set(session: Session, name: str, now: datetime) -> None:
    """Keep a set's name once."""
    if session.get(PolicySetRow, name) is None:
        session.add(PolicySetRow(name=name, created_at=now))
        session.flush()


def draft(session: Session, draft_id: int) -> tuple[Draft, list[DraftFile]] | None:
    """A draft and its files."""
    found = session.get(Draft, draft_id)
    if found is None:
        return None
    files = select(DraftFile).where(DraftFile.draft_id == draft_id).order_by(DraftFile.name)
    return found, list(session.scalars(files))


def drafts(session: Session) -> Sequence[tuple[Draft, str]]:
    """Every draft with each name it touches, newest first."""
    query = (
        select(Draft, DraftFile.name)
        .join(DraftFile, DraftFile.draft_id == Draft.id)
        .order_by(Draft.id.desc(), DraftFile.name)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def close_draft(session: Session, draft_id: int, state: DraftState) -> bool:
    """Move an open draft on; False when it is no longer open."""
    change = (
        update(Draft)
        .where(Draft.id == draft_id, Draft.state == DraftState.OPEN)
        .values(state=state)
    )
    done = session.execute(change, execution_options={"synchronize_session": False})
    return bool(getattr(done, "rowcount", 0))


def publications(session: Session) -> list[tuple[Publication, str, str]]:
    """Every publication with each name and text of it, newest first."""
    query = (
        select(Publication, PublishedFile.name, PublishedFile.source)
        .join(PublishedFile, PublishedFile.publication_id == Publication.id)
        .order_by(Publication.id.desc(), PublishedFile.name)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def count_publications(session: Session, kind: PublicationKind) -> int:
    """How many publications of a kind there are."""
    query = select(func.count()).select_from(Publication).where(Publication.kind == kind)
    return session.scalar(query) or 0
