"""The real examples against lines of our own that are not trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rasa_ext.compare import PERSON, Examples, Line, Way, ours, table

HELD_OUT = Path(__file__).parents[1] / "nlu" / "held_out.tsv"


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return table(HELD_OUT)


@pytest.fixture(scope="module")
def way() -> Way:
    return ours(Examples.read("*.yml", "made/*.yml"))


def told(way: Way, line: Line) -> str:
    return way.intents[int(np.argmax(way.likelihoods(line.text)))]


def test_five_lines_in_six_are_understood(way: Way, lines: list[Line]) -> None:
    right = [told(way, line) in line.right for line in lines]

    assert len(lines) >= 300
    assert sum(right) / len(lines) > 5 / 6


def test_everyone_who_asks_for_a_person_is_heard(way: Way, lines: list[Line]) -> None:
    assert [
        line.text for line in lines if line.intent == PERSON and told(way, line) != PERSON
    ] == []


def test_hardly_anyone_else_is_handed_to_a_person(way: Way, lines: list[Line]) -> None:
    wrongly = [line for line in lines if PERSON not in line.right and told(way, line) == PERSON]

    assert len(wrongly) <= len(lines) / 100


def test_no_line_kept_for_measuring_is_an_example(lines: list[Line]) -> None:
    examples = Examples.read("*.yml", "made/*.yml").lines
    bare = {"".join(example.split()) for example in examples}

    assert [line.text for line in lines if "".join(line.text.split()) in bare] == []
