"""Houses on a real database, and browsers in front of one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.house import House, made
from tests.fixtures.desk import database_url as database_url
from tests.fixtures.desk import postgres_desk_url as postgres_desk_url


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The services of a desk, on SQLite."""
    yield from _house(f"sqlite:///{tmp_path / 'desk.sqlite3'}", tmp_path)


@pytest.fixture
def each_house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The same on each database, where that matters."""
    yield from _house(database_url, tmp_path)


def _house(url: str, var: Path) -> Iterator[House]:
    built = made(url, var)
    yield built
    built.all.db.close()
