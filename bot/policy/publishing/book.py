"""The rules a process decides by: from files, or from the database and renewed when published."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db import Database
from bot.errors import Unavailable
from bot.policy.catalogue import Catalogue
from bot.policy.engine import PolicySet
from bot.policy.engine.words import UNKNOWN, Value
from bot.policy.errors import NoSuchPolicy
from bot.policy.facts_file import read_facts
from bot.policy.publishing import codec, repository
from bot.policy.publishing.shelf import ALWAYS, Shelf
from bot.policy.publishing.texts import CATALOGUE, header
from bot.policy.publishing.timeline import Timeline
from bot.policy.store import Policies, load

log = logging.getLogger(__name__)

Facts = Mapping[str, Value]


class Rules(Protocol):
    """All rules as of one moment; immutable, so a decision never sees half a publication."""

    @property
    def catalogue(self) -> Catalogue:
        """The facts there are."""

    @property
    def sets(self) -> Mapping[str, PolicySet]:
        """What each set says now."""

    def current(self, name: str) -> PolicySet:
        """What a set says now. Raises NoSuchPolicy."""

    def judging(self, name: str, told: Facts, day: date) -> tuple[PolicySet, Facts]:
        """What a set said on a day, and the facts as that version understands them.

        Raises NoSuchPolicy.
        """


class Book(Protocol):
    """Where a process takes its rules from."""

    @property
    def keeps_versions(self) -> bool:
        """Whether there is a database in which versions are kept."""

    def rules(self) -> Rules:
        """The rules now; asked for at every decision, so it costs next to nothing."""


@dataclass(frozen=True)
class FileRules:
    """Rules from files: one version of each set, for every day."""

    policies: Policies

    @property
    def catalogue(self) -> Catalogue:
        """The facts there are."""
        return self.policies.catalogue

    @property
    def sets(self) -> Mapping[str, PolicySet]:
        """The sets by name."""
        return self.policies.sets

    def current(self, name: str) -> PolicySet:
        """One set. Raises NoSuchPolicy."""
        found = self.policies.sets.get(name)
        if found is None:
            raise NoSuchPolicy(policy_set=name[:60], known=sorted(self.policies.sets))
        return found

    def judging(self, name: str, told: Facts, day: date) -> tuple[PolicySet, Facts]:
        """One set, and the facts as they are."""
        return self.current(name), told


@dataclass(frozen=True)
class FileBook:
    """A book that never changes."""

    content: FileRules
    keeps_versions: bool = False

    def rules(self) -> Rules:
        """The rules of the files."""
        return self.content


class Versions:
    """Compiled versions by id, each read once and kept: what was walked of a set stays known
    through publications that do not change it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._made: dict[int, PolicySet] = {}

    def get(self, version_id: int, session: Session | None = None) -> PolicySet:
        """A version. A former one is read when the first case of its days comes."""
        made = self._made.get(version_id)
        if made is None:
            made = self._made.setdefault(version_id, self._make(version_id, session))
        return made

    def _make(self, version_id: int, session: Session | None) -> PolicySet:
        if session is not None:
            return PolicySet(codec.as_source(repository.version_text(session, version_id)))
        try:
            with self._db.read() as own:
                return self._make(version_id, own)
        except SQLAlchemyError as error:
            raise Unavailable from error


@dataclass(frozen=True)
class StoredRules:
    """The database's rules as of a stamp; `until` is when the facts change next by themselves."""

    stamp: int
    until: datetime | None
    catalogue: Catalogue
    timelines: Mapping[str, Timeline]
    versions: Versions
    clock: Clock

    @property
    def sets(self) -> Mapping[str, PolicySet]:
        """What each set says now."""
        now = self.clock.now()
        return {
            name: self.versions.get(timeline.now(now).version_id)
            for name, timeline in self.timelines.items()
            if timeline.stretches[0].at <= now
        }

    def current(self, name: str) -> PolicySet:
        """What a set says now. Raises NoSuchPolicy, also for one that is yet to come."""
        now, line = self.clock.now(), self._line(name)
        if line.stretches[0].at > now:
            raise self._unknown(name)
        return self.versions.get(line.now(now).version_id)

    def judging(self, name: str, told: Facts, day: date) -> tuple[PolicySet, Facts]:
        """What a set said on a day, and the facts as that version understands them."""
        line = self._line(name)
        first = line.stretches[0]
        if len(line.stretches) == 1 and first.at == ALWAYS:
            return self.versions.get(first.version_id), told
        now = self.clock.now()
        if first.at > now and first.day > day:
            raise self._unknown(name)
        stretch = line.on(day, now, self.clock.today())
        policy = self.versions.get(stretch.version_id)
        return policy, told if stretch is line.now(now) else _as_known(policy, told)

    def _line(self, name: str) -> Timeline:
        line = self.timelines.get(name)
        if line is None:
            raise self._unknown(name)
        return line

    def _unknown(self, name: str) -> NoSuchPolicy:
        return NoSuchPolicy(policy_set=name[:60], known=sorted(self.timelines))


def _as_known(policy: PolicySet, told: Facts) -> Facts:
    """A value that a former version has never heard of is one that nobody can tell it."""
    specs = {spec.key: spec for spec in policy.source.facts}
    return {
        key: UNKNOWN
        if key in specs and specs[key].values and value not in specs[key].values
        else value
        for key, value in told.items()
    }


class StoredBook:
    """The database's rules, looked at for changes at most once in `every` seconds.

    Before anything is imported the files are what runs.
    """

    keeps_versions = True

    def __init__(self, db: Database, clock: Clock, files: Path, every: float = 1.0) -> None:
        self._db = db
        self._clock = clock
        self._files = files
        self._every = every
        self._versions = Versions(db)
        self._renewing = threading.Lock()
        self._rules = self._read()
        self._look_at = time.monotonic() + every

    def rules(self) -> Rules:
        """The rules now. One caller a second looks at the stamp; the others go on meanwhile."""
        if time.monotonic() >= self._look_at and self._renewing.acquire(blocking=False):
            try:
                self._look_at = time.monotonic() + self._every
                self._renew()
            finally:
                self._renewing.release()
        return self._rules

    def _renew(self) -> None:
        try:
            if self._stale():
                self._rules = self._read()
        except SQLAlchemyError:
            log.warning("rules: the database does not answer; going on with what is loaded")
        except Exception:  # of every kind
            # A version that cannot be read must not take away the one that runs.
            log.exception("rules: what was published cannot be read; going on with the former")

    def _stale(self) -> bool:
        rules = self._rules
        with self._db.read() as session:
            if isinstance(rules, FileRules):
                return repository.is_there(session) and repository.stamp(session) > 0
            facts_turn = rules.until is not None and rules.until <= self._clock.now()
            return facts_turn or repository.stamp(session) != rules.stamp

    def _read(self) -> "StoredRules | FileRules":
        with self._db.read() as session:
            shelf = Shelf.seen(session) if repository.is_there(session) else Shelf(0, ())
            if not shelf.placed:
                return FileRules(load(self._files))
            return self._stored(session, shelf)

    def _stored(self, session: Session, shelf: Shelf) -> StoredRules:
        now = self._clock.now()
        turns: dict[str, list[tuple[datetime, int]]] = {}
        for turn in repository.turns(session):
            turns.setdefault(turn.policy_set, []).append((turn.at, turn.version_id))
        lines = {name: Timeline.of(each, self._clock.zone) for name, each in turns.items()}
        for line in lines.values():
            self._versions.get(line.now(now).version_id, session)
        facts = shelf.at(now)[CATALOGUE]
        text = repository.source_texts(session, [facts.source])[facts.source]
        catalogue, _ = read_facts(header(CATALOGUE, text))
        later = [each.at for each in shelf.placed if each.name == CATALOGUE and each.at > now]
        return StoredRules(
            shelf.stamp, min(later, default=None), catalogue, lines, self._versions, self._clock
        )
