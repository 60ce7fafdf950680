"""The database loses no update and keeps instants as instants."""

import multiprocessing
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from bot.conversations import repository
from bot.conversations.models import Conversation
from bot.db import Base, Database
from tests.fixtures.counting import count_up
from tests.fixtures.desk import MONDAY, database_url, postgres_desk_url
from tests.fixtures.tables import with_tables

__all__ = ["database_url", "postgres_desk_url"]

PROCESSES, TIMES = 3, 30


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its tables."""
    database = with_tables(database_url)
    yield database
    database.close()


def _conversation(session: Session, at: datetime = MONDAY, mode: str = "bot") -> Conversation:
    conversation = Conversation(
        id="one", shop="s", channel="web", token_hash="", mode=mode, created_at=at, updated_at=at
    )
    session.add(conversation)
    session.flush()
    return conversation


def test_processes_that_read_and_then_write_at_once_lose_no_update(
    database: Database, database_url: str
) -> None:
    with database.write() as session:
        _conversation(session)
    database.close()

    start = multiprocessing.get_context("spawn")
    workers = [start.Process(target=count_up, args=(database_url, TIMES)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    with database.read() as session:
        found = repository.get(session, "one")
        assert found is not None
        assert found.last_seq == PROCESSES * TIMES


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Shanghai")),
        datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-9.5))),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database, at: datetime) -> None:
    with database.write() as session:
        _conversation(session, at)
    with database.read() as session:
        found = repository.get(session, "one")
        assert found is not None
        assert found.created_at == at
        assert found.created_at.utcoffset() == timedelta()


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs a time zone"), database.write() as session:
        _conversation(session, datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001


def test_a_state_that_does_not_exist_is_refused_by_the_database_itself(
    database: Database,
) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        _conversation(session, mode="asleep")


def test_a_failed_write_leaves_nothing_behind(database: Database) -> None:
    with suppress(RuntimeError), database.write() as session:
        _conversation(session)
        raise RuntimeError
    with database.read() as session:
        assert repository.get(session, "one") is None


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    with database.write() as session:
        _conversation(session)
        with database.read() as other:
            assert repository.get(other, "one") is None


def test_sqlite_keeps_what_was_committed_and_checks_its_keys(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'deep' / 'desk.sqlite3'}")
    with database.read() as session:
        pragmas = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_every_constraint_has_a_name_by_which_a_migration_can_drop_it() -> None:
    unnamed = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_the_tables_can_be_made_on_a_database_nobody_prepared(database_url: str) -> None:
    engine = create_engine(database_url)
    Base.metadata.create_all(engine)
    Base.metadata.create_all(engine)
    engine.dispose()
