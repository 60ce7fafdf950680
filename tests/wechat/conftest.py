"""The gateway and the twin, one pair for each file."""

from collections.abc import Iterator

import pytest

from tests.fixtures.desk import database_url, desk, postgres_desk_url, small_desk
from tests.wechat.stage import Stage, staged

__all__ = ["database_url", "desk", "postgres_desk_url", "small_desk"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A secure account with courier, shared by the tests of a file: each uses a phone of its own."""
    with staged(tmp_path_factory.mktemp("wechat")) as stage:
        yield stage
