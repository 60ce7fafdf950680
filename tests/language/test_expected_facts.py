"""How many of the facts in `expected.tsv`, written down before they were read, are read exactly."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.language.service import Reader
from tests.language.conftest import TODAY

TABLE = Path(__file__).with_name("expected.tsv")
LEAST_F1 = 0.92
LEAST_PRECISION = 0.95  # a wrong fact is worse than a question
MOODS = "tone"  # measured apart


class Sentence(NamedTuple):
    """A line, the question it may answer, and every fact it states."""

    text: str
    asking: str | None
    expected: dict[str, object]


def sentences() -> list[Sentence]:
    rows = TABLE.read_text("utf-8").splitlines()[1:]
    cells = (row.split("\t") for row in rows if row and not row.startswith("#"))
    return [
        Sentence(text, asking or None, json.loads(expected)) for text, asking, expected in cells
    ]


def read(reader: Reader, sentence: Sentence) -> dict[str, object]:
    reading = reader.read(sentence.text, today=TODAY, asking=sentence.asking)
    found = (*reading.facts, *reading.details)
    return {one.key: _as_json(one.value) for one in found if one.key != MOODS}


def _as_json(value: object) -> object:
    return format(value, "f") if isinstance(value, Decimal) else value


def differences(reader: Reader) -> Iterator[tuple[Sentence, set[object], set[object]]]:
    """Each sentence with the facts read of it and those expected."""
    for sentence in sentences():
        yield sentence, set(read(reader, sentence).items()), set(sentence.expected.items())


def test_the_table_is_as_long_as_promised_and_says_nothing_twice() -> None:
    asked = [(sentence.text, sentence.asking) for sentence in sentences()]
    assert len(asked) == len(set(asked)) >= 320


def test_facts_are_read_exactly(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    read_, told, both = 0, 0, 0
    wrong: list[str] = []
    for sentence, found, expected in differences(reader):
        read_, told, both = read_ + len(found), told + len(expected), both + len(found & expected)
        if found != expected:
            wrong.append(f"{sentence.text} [{sentence.asking}]: {found ^ expected}")
    precision, recall = both / read_, both / told
    f1 = 2 * precision * recall / (precision + recall)
    with capsys.disabled():
        print(f"\nfacts: F1 {f1:.3f}, precision {precision:.3f}, recall {recall:.3f}")
    assert f1 >= LEAST_F1, "\n".join(wrong)
    assert precision >= LEAST_PRECISION, "\n".join(wrong)


def test_a_day_nobody_can_count_back_to_is_asked_for(reader: Reader) -> None:
    for asking in (None, "days_since_purchase"):
        reading = reader.read("上个月发工资那天买的", today=TODAY, asking=asking)
        assert not reading.facts
