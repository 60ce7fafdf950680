"""How fast cases are found and their clocks looked at, with ten thousand of them and a million."""

import contextlib
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text
from tqdm import tqdm

from bench import many_cases, postgres
from bench.figures import percentile
from bench.many_cases import NOW, OF_ONE_SHOPPER
from bench.tables import Goal, Table
from bot.clock import Clock
from bot.conversations import repository as conversations
from bot.db import Base, Database
from bot.messages import Spoken
from bot.policy.service import PolicyService
from bot.settings import Settings
from bot.shops.service import Shops
from bot.tickets import repository
from bot.tickets.jobs import Jobs
from bot.tickets.models_work import TicketClock
from bot.tickets.service import Tickets
from bot.tickets.views import Page, QueueFilter
from scripts.steps.places import ROOT
from scripts.steps.tell import alone, say

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 300
GOAL_MS = 50.0
FOLDER = ROOT / "var" / "bench"


class StandingClock(Clock):
    """A clock that is moved from one clock of a case to the next."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Where it was put."""
        return self.at


@dataclass
class Desk:
    """Cases on one database."""

    db: Database
    clock: StandingClock
    tickets: Tickets
    jobs: Jobs
    size: int = 0


def tables() -> Sequence[Table]:
    """One table for each database, growing."""
    with alone("bench-cases"), _databases() as urls:
        made = []
        for name, url in urls.items():
            made.append(_table(name, url))
            say(made[-1].as_text())  # a long run that is stopped has told something
        return made


@contextlib.contextmanager
def _databases() -> Iterator[dict[str, str]]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="cases-", dir=FOLDER))
    try:
        with postgres.server() as address:
            yield {"SQLite": f"sqlite:///{folder / 'desk.sqlite3'}", "PostgreSQL": address}
    finally:
        shutil.rmtree(folder)


def _table(name: str, url: str) -> Table:
    desk = _desk(url)
    rows: dict[str, list[float]] = {}
    largest: dict[str, tuple[float, float]] = {}
    for size in SIZES:
        _fill(desk, name, size)
        for title, work in _WORK.items():
            largest[title] = _timed(desk, work)
            rows.setdefault(title, []).extend(largest[title])
            say("    {}: p50 {:.1f} ms, p95 {:.1f} ms".format(title, *largest[title]))
    desk.db.close()
    goals = [
        Goal(
            f"{name}, {SIZES[-1]:,} cases: {title}, p95 {p95:.1f} ms < {GOAL_MS:.0f} ms",
            p95 < GOAL_MS,
        )
        for title, (_, p95) in largest.items()
    ]
    heads = [f"{size:,} {part}" for size in SIZES for part in ("p50", "p95")]
    return Table(
        title=f"Cases in {name}",
        columns=["milliseconds", *heads],
        rows=[[title, *found] for title, found in rows.items()],
        notes=[f"{TIMES} runs each; through the service, a read or a whole committed job each"],
        goals=goals,
    )


def _desk(url: str) -> Desk:
    db, settings = Database(url), Settings()
    Base.metadata.create_all(db.engine)
    clock, shops = StandingClock(settings.zone), Shops.load(settings.shop_default)
    tickets = Tickets(clock, shops, None, PolicyService.load().promises)
    return Desk(db, clock, tickets, Jobs(db, tickets, Spoken.load()))


def _fill(desk: Desk, name: str, size: int) -> None:
    say(f"… {name}:{size:,} 张单子")
    with tqdm(total=size, initial=desk.size, file=sys.stderr, unit="张") as bar:
        many_cases.add(desk.db.engine, desk.size, size, bar.update)
    desk.size = size
    desk.clock.at = NOW  # the new ones are not to be a backlog, to be worked off before the rest


def _timed(desk: Desk, work: Callable[[Desk, random.Random], float]) -> tuple[float, float]:
    dice = random.Random(desk.size)  # noqa: S311
    for _ in range(10):
        work(desk, dice)
    times = [work(desk, dice) for _ in range(TIMES)]
    return percentile(times, 50) * 1000, percentile(times, 95) * 1000


def _by_number(desk: Desk, dice: random.Random) -> float:
    no = many_cases.case_no(dice.randrange(desk.size))
    began = time.perf_counter()
    with desk.db.read() as session:
        assert repository.by_no(session, no) is not None
    return time.perf_counter() - began


def _of_shopper(desk: Desk, dice: random.Random) -> float:
    shopper = many_cases.conversation_id(dice.randrange(desk.size // OF_ONE_SHOPPER))
    began = time.perf_counter()
    with desk.db.read() as session:
        conversation = conversations.get(session, shopper)
        assert conversation is not None
        assert len(desk.tickets.mine(session, conversation)) == OF_ONE_SHOPPER
    return time.perf_counter() - began


def _first_page(desk: Desk, dice: random.Random) -> float:
    chosen = QueueFilter(department=dice.choice(many_cases.DEPARTMENTS))
    began = time.perf_counter()
    with desk.db.read() as session:
        assert desk.tickets.queue(session, chosen, Page()).rows
    return time.perf_counter() - began


def _later_page(desk: Desk, dice: random.Random) -> float:
    chosen = QueueFilter(department=dice.choice(many_cases.DEPARTMENTS))
    behind = Page((5, NOW + timedelta(hours=dice.uniform(1, 40)), "8"))
    began = time.perf_counter()
    with desk.db.read() as session:
        assert desk.tickets.queue(session, chosen, behind).rows
    return time.perf_counter() - began


def _quiet_sweep(desk: Desk, _dice: random.Random) -> float:
    began = time.perf_counter()
    desk.jobs.sweep()
    return time.perf_counter() - began


def _busy_sweep(desk: Desk, _dice: random.Random) -> float:
    """The sweep at the instant at which one clock, the next, has to be looked at."""
    with desk.db.read() as session:
        query = select(TicketClock.looks_at).where(text("looks_at IS NOT NULL"))
        first = session.scalar(query.order_by(TicketClock.looks_at).limit(1))
    assert first is not None
    desk.clock.at = max(desk.clock.at, first)
    began = time.perf_counter()
    assert desk.jobs.sweep() >= 1
    return time.perf_counter() - began


_WORK: dict[str, Callable[[Desk, random.Random], float]] = {
    "a case by its number": _by_number,
    "a shopper's list": _of_shopper,
    "a department's queue, first page": _first_page,
    "a department's queue, a later page": _later_page,
    "the sweep, nothing due": _quiet_sweep,
    "the sweep, one clock due": _busy_sweep,
}
