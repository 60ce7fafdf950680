"""One reader for all tests: it takes a second to build."""

import pytest

from bot.language.service import Reader


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()
