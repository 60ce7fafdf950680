"""A store of a small shop's rules on each of the databases, under a clock that tests turn."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.db import Database
from bot.policy.engine import Decision
from bot.policy.publishing import drafts, imports, publish
from bot.policy.publishing.book import StoredBook
from bot.policy.publishing.drafts import Drafted
from bot.policy.publishing.imports import Import
from bot.policy.publishing.publish import Published, Wish
from bot.policy.service import FOLDER, PolicyService
from tests.fixtures.desk import ZONE, database_url, postgres_desk_url
from tests.fixtures.tables import (
    migrated_postgres,
    migrated_sqlite,
    migrated_template,
    with_tables,
)

__all__ = [
    "database_url",
    "migrated_postgres",
    "migrated_sqlite",
    "migrated_template",
    "postgres_desk_url",
]

RULES = Path(__file__).parent / "rules"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
CORNER = """set: corner
title: 街角店
version: 1
effective_from: 2020-01-01
overlays: [common, statutory]
profile: {remote_purchase: no}
people: {top: manager, insist: manager}
clauses:
  - {id: CO-1, title: 三天退, text: 三天内可以退。, source: document}
  - {id: CO-2, title: 修理, text: 质量问题可以修。, source: document}
own:
  - id: early
    clauses: [CO-1]
    when: {wants: refund, days_since_purchase: {max: 3}}
    outcome: refund
    remedies: [{type: refund, amount: price_paid}]
    reason: 可以退，{amount}退给您。
  - id: late
    clauses: [CO-1]
    when: {wants: refund}
    outcome: refuse
    reason: 已经过了三天，这次退不了。
  - id: mend
    clauses: [CO-2]
    when: {wants: repair}
    outcome: free_repair
    remedies: [{type: free_repair, term: {n: 7, unit: working_day, from_event: request}}]
    reason: 可以免费修。
otherwise:
  id: otherwise
  clauses: [CO-2]
  outcome: escalate
  escalate_to: manager
  reason: 请店长来帮您。
"""


class Hands(Clock):
    """A clock that stands until somebody turns it."""

    def __init__(self, at: datetime) -> None:
        super().__init__(ZONE)
        self.at = at

    def now(self) -> datetime:
        return self.at.astimezone(UTC)


@dataclass
class Store:
    """The small shop's rules, its files and the processes that decide by them."""

    db: Database
    folder: Path
    clock: Hands
    services: list[PolicyService] = field(default_factory=list)

    def write(self, *changes: tuple[str, str], name: str = "corner") -> Path:
        """The file of a set with texts replaced."""
        path = self.folder / f"{name}.yml"
        text = CORNER if name == "corner" else path.read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
        return path

    def look(self) -> Import:
        """What importing the folder would do."""
        with self.db.read() as session:
            return imports.look(session, self.folder, self.clock.now(), ZONE)

    def bring_in(self) -> dict[str, str]:
        """Import the folder; the status of each file."""
        found = self.look()
        with self.db.write() as session:
            imports.bring_in(session, found, "import", self.clock.now())
        return {item.name: item.status for item in found.items}

    def draft(self, *paths: Path, by: str = "李") -> Drafted:
        """Keep files as a draft."""
        with self.db.write() as session:
            return drafts.draft(session, paths, by, "", self.clock.now())

    def change(self, *changes: tuple[str, str], by: str = "李") -> Drafted:
        """Draft the small shop's file with texts replaced; the imported file stays as it was."""
        path = self.write(*changes)
        drafted = path.rename(path.with_suffix(".draft.yml"))
        made = self.draft(drafted, by=by)
        drafted.unlink()
        return made

    def publish(self, draft: int, by: str = "王", at: datetime | None = None) -> Published:
        """Put a draft in force."""
        now, wish = self.clock.now(), Wish(by, "新的规定", at)
        with self.db.read() as session:
            ready = publish.prepare(session, draft, wish, now, ZONE)
        with self.db.write() as session:
            return publish.finish(session, ready, now)

    def process(self) -> PolicyService:
        """One more process that looks for changes at every decision."""
        return PolicyService(StoredBook(self.db, self.clock, self.folder, every=0))

    def ask(self, days: int = 1, **more: object) -> Decision:
        """What a fresh process says of a refund so many days after purchase."""
        return decide(self.process(), self.clock.today(), days, **more)


def decide(service: PolicyService, today: date, days: int, **more: object) -> Decision:
    """A refund so many days after purchase."""
    facts: Mapping[str, object] = {
        "wants": "refund",
        "problem": "dislike",
        "days_since_purchase": days,
        **more,
    }
    return service.decide("corner", facts, today)


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store with the files written and nothing imported yet."""
    folder = tmp_path / "policy"
    folder.mkdir()
    for path in (*RULES.glob("*.yml"), FOLDER / "phrases.yml"):
        shutil.copy(path, folder / path.name)
    db = with_tables(database_url)
    made = Store(db, folder, Hands(MONDAY))
    made.write()
    yield made
    db.close()


def later(**span: float) -> datetime:
    """An instant after the first Monday morning."""
    return MONDAY + timedelta(**span)
