"""One reader for all tests, and a Wednesday to count back from."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.language.reading import Value
from bot.language.service import Reader

TODAY = date(2024, 5, 8)
Facts = Callable[..., dict[str, Value]]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture
def facts(reader: Reader) -> Facts:
    """Facts of a line as a dict, tone left out: it is mood's matter."""

    def read(text: str, asking: str | None = None) -> dict[str, Value]:
        found = reader.read(text, today=TODAY, asking=asking).facts
        return {one.key: one.value for one in found if one.key != "tone"}

    return read
