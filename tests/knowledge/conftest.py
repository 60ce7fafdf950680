"""The real care files, rules and words, read once."""

import pytest

from bot.knowledge.care_file import CareFiles, load
from bot.knowledge.service import Knowledge
from tests.fixtures import turns


@pytest.fixture(scope="session")
def files() -> CareFiles:
    """The care files of the product."""
    return load()


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The whole room."""
    return turns.knowledge()
