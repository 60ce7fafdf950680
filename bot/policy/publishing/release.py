"""Puts texts in force: compiles every combination they bring about, then writes all or nothing."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.errors import Conflict
from bot.policy.engine.words import Source
from bot.policy.models import (
    ClauseRow,
    PromiseRow,
    Publication,
    PublishedFile,
    RuleRow,
    SetInForce,
    Version,
)
from bot.policy.promises import entries
from bot.policy.publishing import codec, repository
from bot.policy.publishing.shelf import Change, Shelf
from bot.policy.publishing.texts import compiled
from bot.policy.store import Policies


@dataclass(frozen=True)
class Step:
    """What every set says from an instant on."""

    at: datetime
    policies: Policies
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """Changes whose every consequence compiles, on top of what `shelf` saw."""

    shelf: Shelf
    changes: tuple[Change, ...]
    texts: Mapping[str, str]
    steps: tuple[Step, ...]


def plan(
    session: Session,
    shelf: Shelf,
    changes: Sequence[Change],
    texts: Mapping[str, str],
    found: Mapping[str, Path] | None = None,
) -> Plan:
    """Compile what the changes bring about, at their own instants and at each later one where
    a text published before takes effect beside them. `texts` holds the new ones by digest.

    Raises BadPolicy; nothing was written.
    """
    after = shelf.with_more(changes)
    known = {**repository.source_texts(session, (each.source for each in after.placed)), **texts}
    instants = {change.at for change in changes}
    for change in changes:
        instants.update(shelf.later_than(change.at))
    steps = []
    for instant in sorted(instants):
        here = {name: known[each.source] for name, each in after.at(instant).items()}
        steps.append(Step(instant, compiled(here, found), here))
    return Plan(shelf, tuple(changes), texts, tuple(steps))


def put_in_force(
    session: Session, planned: Plan, publications: Sequence[Publication], now: datetime
) -> None:
    """Write a plan, one publication per change in order.

    Raises Conflict when something else was published since the plan was made.
    """
    if not repository.raise_stamp(session, planned.shelf.stamp):
        raise Conflict("刚刚有别的规则发布了，请再试一次。")
    for digest, text in planned.texts.items():
        repository.keep_text(session, digest, text, now)
    for publication, change in zip(publications, planned.changes, strict=True):
        session.add(publication)
        session.flush()
        for name, source in change.sources.items():
            session.add(PublishedFile(publication_id=publication.id, name=name, source=source))
    session.flush()
    _put_versions(session, planned.steps, publications[-1].id, now)


def keep_version(session: Session, source: Source, now: datetime) -> Version:
    """The version as kept; one that the same name held with another content gets its own name.

    That happens when the reader of the files has learnt something new: the files did not
    change, what they come to did.
    """
    text = codec.as_text(source)
    kept = repository.version(session, source.name, source.version)
    if kept is None:
        return _add_version(session, source, text, now)
    if kept.text == text:
        return kept
    base = source.version.partition("~")[0]
    renamed = replace(source, version=f"{base}~{codec.digest(text)[:8]}")
    return repository.version(session, source.name, renamed.version) or _add_version(
        session, renamed, codec.as_text(renamed), now
    )


def keep_missing(session: Session, source: Source, now: datetime) -> None:
    """Keep a version that runs from files before the first import, so that what is decided by
    it can be explained. Two processes may come to it at once."""
    if repository.version(session, source.name, source.version) is None:
        with suppress(IntegrityError), session.begin_nested():
            _add_version(session, source, codec.as_text(source), now)


def _put_versions(session: Session, steps: Sequence[Step], publication: int, now: datetime) -> None:
    held: dict[str, list[tuple[datetime, int]]] = {}
    for turn in repository.turns(session):
        held.setdefault(turn.policy_set, []).append((turn.at, turn.version_id))
    for step in steps:
        for name in sorted(step.policies.sets):
            version = keep_version(session, step.policies.sets[name].source, now)
            before = [kept for at, kept in held.get(name, []) if at <= step.at]
            if before and before[-1] == version.id:
                continue
            session.add(
                SetInForce(
                    policy_set=name,
                    version_id=version.id,
                    publication_id=publication,
                    takes_effect_at=step.at,
                )
            )
            line = [*held.get(name, []), (step.at, version.id)]
            held[name] = sorted(line, key=lambda turn: turn[0])  # stable: the later row last
    session.flush()


def _add_version(session: Session, source: Source, text: str, now: datetime) -> Version:
    repository.keep_set(session, source.name, now)
    version = Version(
        policy_set=source.name,
        version=source.version,
        title=source.title,
        hash=codec.digest(text),
        text=text,
        created_at=now,
    )
    session.add(version)
    session.flush()
    session.add_all(_clauses(version.id, source))
    session.add_all(_rules(version.id, source))
    session.add_all(_promises(version.id, source))
    session.flush()
    return version


def _clauses(version_id: int, source: Source) -> list[ClauseRow]:
    return [
        ClauseRow(
            version_id=version_id,
            place=place,
            clause=clause.id,
            number=clause.version,
            title=clause.title,
            text=clause.text,
            source=clause.source,
            effective_from=clause.effective_from,
            effective_to=clause.effective_to,
            open=clause.open,
            note=clause.note,
        )
        for place, clause in enumerate(source.clauses)
    ]


def _rules(version_id: int, source: Source) -> list[RuleRow]:
    return [
        RuleRow(
            version_id=version_id,
            place=place,
            rule=rule.id,
            stage=rule.stage.value,
            outcome=rule.outcome,
            escalate_to=rule.escalate_to,
            clauses=list(rule.clauses),
            effective_from=rule.effective_from,
            effective_to=rule.effective_to,
        )
        for place, rule in enumerate(source.rules)
    ]


def _promises(version_id: int, source: Source) -> list[PromiseRow]:
    return [
        PromiseRow(
            version_id=version_id,
            place=place,
            sort=entry.sort,
            name=entry.id,
            clauses=list(entry.clauses),
            borrowed=entry.borrowed,
            said=codec.as_data(entry.item),
            effective_from=entry.effective_from,
            effective_to=entry.effective_to,
        )
        for place, entry in enumerate(entries(source))
    ]
