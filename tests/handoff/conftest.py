"""The desk with a scripted Rasa, and people at it."""

from dataclasses import replace

import pytest

from tests.fixtures.desk import Desk, database_url, desk, postgres_desk_url, small_desk
from tests.fixtures.people import Staff, promised

__all__ = ["database_url", "desk", "postgres_desk_url", "small_desk"]


def _with_rules(desk: Desk) -> Staff:
    desk.handoff = replace(desk.handoff, promises=promised)
    desk.router = replace(desk.router, handoff=desk.handoff)
    return Staff(desk)


@pytest.fixture
def staff(desk: Desk) -> Staff:
    """People at a desk on each of the databases."""
    return _with_rules(desk)


@pytest.fixture
def small_staff(small_desk: Desk) -> Staff:
    """People at a desk on SQLite, where the database does not matter."""
    return _with_rules(small_desk)
