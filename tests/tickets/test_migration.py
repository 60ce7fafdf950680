"""Cases of before are carried over with their history, and the new guards hold for them."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.db import Database
from bot.settings import ROOT
from bot.tickets import guards

OLD = (
    "INSERT INTO conversations (id, shop, channel, token_hash, mode, last_seq, misses, created_at,"
    " updated_at) VALUES ('c', 's', 'web', 'h', 'bot', 1, 0, {now}, {now})",
    "INSERT INTO messages (id, conversation_id, seq, author, text, extras, created_at)"
    " VALUES ('m1', 'c', 1, 'shopper', 'x', '{{}}', {now}), ('m2', 'c', 2, 'shopper', 'x', '{{}}', {now})",
    "INSERT INTO tickets (id, no, kind, state, shop, origin, conversation_id, opened_by, facts,"
    " due_provisional, created_at) VALUES"
    " ('t1', '26112300013', 'return', 'submitted', 's', 'web', 'c', 'm1', '{{}}', {no}, {now}),"
    " ('t2', '26112300021', 'call_back', 'withdrawn', 's', 'web', 'c', 'm2', '{{}}', {no}, {now})",
    "INSERT INTO ticket_events (ticket_id, who, what, why, at) VALUES"
    " ('t1', 'shopper', 'opened', 'x', {now}), ('t2', 'shopper', 'opened', 'x', {now}),"
    " ('t1', 'shopper', 'urged', 'x', {now}), ('t2', 'shopper', 'withdrawn', 'x', {now})",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated(
    request: pytest.FixtureRequest, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Database, Config]]:
    """A database of before with two cases in it."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/old.sqlite3" if sqlite else request.getfixturevalue("postgres_url")
    monkeypatch.setenv("DATABASE_URL", url)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    command.upgrade(config, "0003m")
    db = Database(url)
    now = "'2026-11-23 02:00:00.000000'" if sqlite else "TIMESTAMPTZ '2026-11-23 02:00:00Z'"
    with db.write() as session:
        for statement in OLD:
            session.execute(text(statement.format(now=now, no="0" if sqlite else "false")))
    yield db, config
    db.close()


def test_old_cases_and_their_history_are_kept_both_ways(
    migrated: tuple[Database, Config],
) -> None:
    db, config = migrated
    command.upgrade(config, "0004")
    assert _rows(db, "SELECT id, state, moves, priority FROM tickets ORDER BY id") == [
        ("t1", "submitted", 0, 5),
        ("t2", "withdrawn", 1, 5),
    ]
    assert _rows(db, "SELECT ticket_id, what, place FROM ticket_events ORDER BY id") == [
        ("t1", "opened", 0),
        ("t2", "opened", 0),
        ("t1", "urged", None),
        ("t2", "withdrawn", 1),
    ]
    with pytest.raises(IntegrityError), db.write() as session:
        session.execute(text("UPDATE tickets SET state = 'done'"))
    with pytest.raises(IntegrityError), db.write() as session:
        session.execute(text("DELETE FROM ticket_events"))

    command.downgrade(config, "0003m")
    assert len(_rows(db, "SELECT * FROM tickets")) == 2
    assert len(_rows(db, "SELECT * FROM ticket_events")) == 4


def test_the_migration_sets_the_guards_of_the_models() -> None:
    text_of = (ROOT / "migrations" / "versions" / "0004_cases.py").read_text("utf-8")
    for statement in (*guards.SQLITE, *guards.POSTGRES):
        assert statement in text_of
    moves = [part for part in guards.KNOWN_MOVE.split("'") if part.count(">") == 2]
    assert len(moves) > 60
    assert all(f"'{move}'" in text_of for move in moves)


def _rows(db: Database, query: str) -> list[Any]:
    with db.read() as session:
        return [tuple(row) for row in session.execute(text(query))]
