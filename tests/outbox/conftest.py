"""The desk with a scripted Rasa."""

from collections.abc import Iterator

import pytest

from tests.fixtures.desk import database_url, desk, postgres_desk_url, small_desk
from tests.wechat.round import Round, sending

__all__ = ["database_url", "desk", "postgres_desk_url", "small_desk"]


@pytest.fixture
def round_(database_url: str) -> Iterator[Round]:
    """A follower who has just written, on each of the databases."""
    with sending(database_url) as made:
        yield made


@pytest.fixture
def small(tmp_path: object) -> Iterator[Round]:
    """The same on SQLite, where the database does not matter."""
    with sending(f"sqlite:///{tmp_path}/desk.sqlite3") as made:
        yield made
