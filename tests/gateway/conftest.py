"""The whole gateway in this process, its Rasa played by a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.desk import database_url, postgres_desk_url
from tests.fixtures.gateway import Gateway, running_gateway

__all__ = ["database_url", "postgres_desk_url"]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One gateway for the tests of a file."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@pytest.fixture
def own_gateway(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway whose Rasa a test may make fail."""
    with running_gateway(tmp_path) as gateway:
        yield gateway
