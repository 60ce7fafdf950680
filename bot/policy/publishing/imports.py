"""Brings the shipped policy files into the database, as often as one likes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.policy.models import Publication, PublicationKind
from bot.policy.publishing import differences, release, repository
from bot.policy.publishing.release import Plan
from bot.policy.publishing.shelf import ALWAYS, Change, Shelf
from bot.policy.publishing.texts import SHARED, Named, compiled, from_folder, header

REASON = "data/policy"
NEW, CHANGED, SAME, KEPT, CONFLICT = "new", "changed", "same", "kept", "conflict"


@dataclass(frozen=True)
class Item:
    """One file and what importing it means.

    `kept`: the database has a later text of its own and the file did not change. `conflict`:
    both changed; the file is left out until somebody drafts it.
    """

    name: str
    status: str
    at: datetime | None
    diff: tuple[str, ...]


@dataclass(frozen=True)
class Import:
    """What an import does, or did: the plan is None when there is nothing to do."""

    items: tuple[Item, ...]
    plan: Plan | None
    sets: Mapping[str, str]


def look(session: Session, folder: Path, now: datetime, zone: ZoneInfo) -> Import:
    """What importing a folder would do. Raises BadPolicy for files that cannot be used."""
    files = from_folder(folder)
    shelf = Shelf.seen(session)
    heads, imported = shelf.heads(), shelf.last_imported()
    known = repository.source_texts(session, (each.source for each in heads.values()))
    present = {name: known[each.source] for name, each in heads.items()}
    told = {name: file.text for name, file in files.items()}
    compiled({**present, **told}, {name: file.path for name, file in files.items()})
    items, instants = [], {}
    for name, file in sorted(files.items()):
        head = heads.get(name)
        status = _status(file, head.source if head else None, imported.get(name))
        old = present.get(name)
        diff = () if status == SAME else tuple(differences.of_lines(name, old, file.text))
        at = None
        if status in (NEW, CHANGED):
            at = _effective(file, shelf, old, now, zone)
            instants[name] = at
        items.append(Item(name, status, at, diff))
    planned = _plan(session, shelf, files, instants)
    return Import(tuple(items), planned, _versions(planned))


def bring_in(session: Session, found: Import, by: str, now: datetime) -> None:
    """Do what `look` found. Raises Conflict when something was published since."""
    if found.plan is None:
        return
    publications = [
        Publication(
            kind=PublicationKind.IMPORT,
            draft_id=None,
            drafted_by=by,
            published_by=by,
            reason=REASON,
            takes_effect_at=change.at,
            created_at=now,
        )
        for change in found.plan.changes
    ]
    release.put_in_force(session, found.plan, publications, now)


def _status(file: Named, head: str | None, imported: str | None) -> str:
    if head is None:
        return NEW
    if file.hash == head:
        return SAME
    if file.hash == imported:
        return KEPT
    return CHANGED if head == imported else CONFLICT


def _effective(
    file: Named, shelf: Shelf, old: str | None, now: datetime, zone: ZoneInfo
) -> datetime:
    """A new number is in force from its header's day; the same number is corrected from its
    own beginning on."""
    if old is None:
        return ALWAYS
    head = shelf.heads()[file.name]
    if file.name in SHARED:
        return head.at
    before, after = _header(file.name, old), _header(file.name, file.text)
    if before[0] == after[0]:
        return head.at
    start = datetime.combine(after[1], time(0), zone)
    return start if start > head.at else max(now, head.at)


def _header(name: str, text: str) -> tuple[int, date]:
    top = header(name, text)
    return top.whole("version"), date.fromisoformat(top.text("effective_from"))


def _plan(
    session: Session, shelf: Shelf, files: Mapping[str, Named], instants: Mapping[str, datetime]
) -> Plan | None:
    if not instants:
        return None
    changes = [
        Change(at, {name: files[name].hash for name in instants if instants[name] == at})
        for at in sorted(set(instants.values()))
    ]
    texts = {files[name].hash: files[name].text for name in instants}
    paths = {name: file.path for name, file in files.items()}
    return release.plan(session, shelf, changes, texts, paths)


def _versions(planned: Plan | None) -> dict[str, str]:
    steps: Sequence[release.Step] = planned.steps if planned else ()
    return {
        name: each.version for step in steps for name, each in sorted(step.policies.sets.items())
    }
