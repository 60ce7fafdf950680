"""A shopper who talks to the real actions on a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.desk import MONDAY, database_url, desk, make_desk, postgres_desk_url, small_desk
from tests.fixtures.turns import Talk, talk

__all__ = ["database_url", "desk", "postgres_desk_url", "small_desk"]


@pytest.fixture
def shopper(tmp_path: Path) -> Iterator[Talk]:
    """A shopper in the shop's default conversation, on a Monday morning."""
    desk = make_desk(f"sqlite:///{tmp_path / 'desk.sqlite3'}", start=MONDAY)
    yield talk(desk)
    desk.db.close()
