"""Cases by the hundred thousand, written in bulk: three in a hundred are still being worked on."""

import contextlib
import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Executable, text
from sqlalchemy.schema import CreateIndex, DropIndex

from bot.db import Base
from bot.tickets import number
from bot.tickets.models import FAR

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OF_ONE_SHOPPER = 4
LIVE_SHARE = 0.03
DEPARTMENTS = ("qc", "warehouse", "sales", "store_manager", "office")
A_DAY = 5000
SHOP = "dept_fashion"

_DICE = random.Random()  # noqa: S311
Rows = Iterator[Sequence[object]]
_HASTE = {
    "sqlite": (
        "PRAGMA synchronous=OFF",
        "PRAGMA foreign_keys=OFF",
        "PRAGMA cache_size=-1000000",
        "BEGIN IMMEDIATE",
    ),
    "postgresql": ("SET synchronous_commit=off", "SET session_replication_role=replica"),
}
COLUMNS = {
    "conversations": "id shop channel token_hash mode last_seq misses fence episode "
    "created_at updated_at",
    "tickets": "id no kind state moves shop origin conversation_id department priority rung "
    "reopened facts sources phone due_at due_provisional act_by created_at",
    "ticket_events": "ticket_id who what why place to_state at",
    "ticket_clocks": "ticket_id clock state clause n unit statutory started_at due_at "
    "provisional paused_total explained looks_at rung",
}


def add(engine: Engine, have: int, want: int, told: Callable[[int], object]) -> None:
    """Write cases number `have` to `want`; the same number is the same case in each run."""
    postgres = engine.dialect.name == "postgresql"

    def instant(at: datetime | None) -> str | None:
        if at is None:
            return None
        told = at.isoformat(" ", "microseconds")
        return told if postgres else told[:26]

    with _hasty(engine) as connection:
        for start in range(have, want, A_DAY * 4):
            numbers = range(start, min(want, start + A_DAY * 4))
            made = list(map(_case, numbers))
            _load(connection, "conversations", _conversations(numbers, instant))
            _load(connection, "tickets", (_ticket(case, instant) for case in made))
            _load(connection, "ticket_events", (_event(case, instant) for case in made))
            clocks = (row for case in made for row in _clocks(case, instant))
            _load(connection, "ticket_clocks", clocks)
            told(len(numbers))
    if postgres:  # as its autovacuum would, in its own time
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@contextlib.contextmanager
def _hasty(engine: Engine) -> Iterator[Any]:
    """A connection of the driver's, in one transaction, that looks at no reference and waits for
    no disk. Indexes are built when the rows are there: row by row, each of random ids, takes
    a million cases many times as long."""
    indexes = [index for name in COLUMNS for index in Base.metadata.tables[name].indexes]
    _execute(engine, *(DropIndex(index, if_exists=True) for index in indexes))
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in _HASTE[engine.dialect.name]:
            cursor.execute(statement)
        yield connection
        connection.commit()
    finally:
        connection.detach()  # not to be anybody else's in this state
        connection.close()
    _execute(engine, *map(CreateIndex, indexes))


def _execute(engine: Engine, *statements: Executable) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def conversation_id(n: int) -> str:
    """The id of a conversation."""
    return _uuid(f"c{n}")


def case_no(n: int) -> str:
    """The number of a case."""
    day = (NOW - timedelta(days=1 + n // A_DAY)).date()
    return number.make(day, n % A_DAY + 1)


Instant = Callable[[datetime | None], str | None]


def _case(n: int) -> dict[str, Any]:
    dice = _dice(n)
    live = dice.random() < LIVE_SHARE
    due = NOW + timedelta(hours=dice.uniform(1, 72))
    return {"n": n, "id": _uuid(f"t{n}"), "live": live, "due": due}


def _conversations(numbers: range, instant: Instant) -> Rows:
    at = instant(NOW)
    first, last = numbers[0] // OF_ONE_SHOPPER, numbers[-1] // OF_ONE_SHOPPER
    for n in range(first, last + 1):
        yield conversation_id(n), SHOP, "web", "0" * 64, "bot", 1, 0, 0, 1, at, at


def _ticket(case: dict[str, Any], instant: Instant) -> Sequence[object]:
    dice, live, n = _dice(-case["n"]), case["live"], case["n"]
    state = dice.choice(("submitted", "reviewing", "inspecting")) if live else "closed"
    return (
        case["id"],
        case_no(n),
        dice.choice(("return", "exchange", "repair", "complaint")),
        state,
        0,
        SHOP,
        "web",
        conversation_id(n // OF_ONE_SHOPPER),
        dice.choice(DEPARTMENTS),
        dice.choice((2, 4, 5, 5, 5)),
        0,
        0,
        '{"wants": "refund", "problem": "quality", "worn": "no", "receipt": "yes"}',
        "{}",
        f"138{n // OF_ONE_SHOPPER:08d}",
        instant(case["due"]) if live else None,
        False,
        instant(case["due"] if live else FAR),
        instant(NOW - timedelta(days=n // A_DAY, seconds=n % A_DAY)),
    )


def _event(case: dict[str, Any], instant: Instant) -> Sequence[object]:
    return case["id"], "shopper", "opened", "不喜欢", 0, "submitted", instant(NOW)


def _clocks(case: dict[str, Any], instant: Instant) -> Rows:
    state, dice = "running" if case["live"] else "met", _dice(case["n"])
    for name, n in (("first_response", 1), ("finish", 3)):
        looks = case["due"] - timedelta(hours=dice.uniform(0, 1)) if case["live"] else None
        start, due = instant(NOW), instant(case["due"])
        yield (
            case["id"],
            name,
            state,
            "DG-T-03",
            n,
            "working_day",
            False,
            start,
            due,
            False,
            0,
            "{}",
            instant(looks),
            0,
        )


def _dice(n: int) -> random.Random:
    """Throws the same for the same case in each run."""
    _DICE.seed(n)
    return _DICE


def _uuid(seed: str) -> str:
    digits = hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _load(connection: Any, table: str, rows: Rows) -> None:
    columns = COLUMNS[table].split()
    cursor = connection.cursor()
    if hasattr(cursor, "copy"):  # PostgreSQL's
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        # A shopper's conversation may have been written with the cases before.
        into = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(into, list(rows))
