"""Keys of the shop's own systems."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.accounts import keys
from bot.db import Database
from bot.errors import BadInput
from tests.fixtures.tables import with_tables

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: object) -> Iterator[Database]:
    db = with_tables(f"sqlite:///{tmp_path}/desk.sqlite3")
    yield db
    db.close()


def test_a_key_opens_until_it_is_revoked(db: Database) -> None:
    with db.write() as session:
        key, plain = keys.issue(session, "ERP", ["kids"], True, "boss", NOON)
        assert keys.known(session, plain) is key
        assert plain not in str(key.__dict__)
        keys.revoke(session, key.id, "boss", NOON)
        assert keys.known(session, plain) is None


@pytest.mark.parametrize("wrong", [None, "", "asd_", "asd_guess", "x" * 500, "asd_" + "é" * 20])
def test_what_is_no_key_opens_nothing(db: Database, wrong: str | None) -> None:
    with db.write() as session:
        keys.issue(session, "ERP", [], False, "boss", NOON)
        assert keys.known(session, wrong) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "ERP"])
def test_a_key_needs_a_name_of_its_own(db: Database, name: str) -> None:
    with db.write() as session:
        keys.issue(session, "ERP", [], False, "boss", NOON)
        with pytest.raises(BadInput):
            keys.issue(session, name, [], False, "boss", NOON)
