"""Mood and hard triggers, on lines of our own (`moods.tsv`)."""

import csv
import time
from pathlib import Path

import pytest

from bot.language.mood import mood, mood_with
from bot.language.normalise import plain
from bot.language.triggers import trigger

LINES = list(
    csv.DictReader(
        (Path(__file__).parent / "moods.tsv").read_text("utf-8").splitlines(), delimiter="\t"
    )
)
LABELLED = [line for line in LINES if line["mood"]]


def mood_of(line: dict[str, str]) -> int:
    return mood(plain(line["text"]).text)


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(LINES) >= 150
    assert sum(line["mood"] in ("1", "2") for line in LABELLED) >= 50
    assert sum(bool(line["trigger"]) for line in LINES) >= 30


def test_most_of_the_upset_are_found_and_few_others_are_taken_for_it() -> None:
    upset = {line["text"] for line in LABELLED if line["mood"] != "0"}
    found = {line["text"] for line in LABELLED if mood_of(line) >= 1}
    assert len(found & upset) / len(upset) >= 0.9
    assert len(found & upset) / len(found) >= 0.9


def test_nobody_furious_is_taken_for_calm() -> None:
    assert [line["text"] for line in LABELLED if line["mood"] == "2" and mood_of(line) < 2] == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["text"])
def test_a_hard_trigger_is_named_and_nothing_else_is(line: dict[str, str]) -> None:
    assert trigger(plain(line["text"]).text) == (line["trigger"] or None)


def test_the_first_of_two_triggers_counts() -> None:
    assert trigger("我过敏了，再不管我打12315，找律师") == "allergy"


def test_whoever_complains_is_not_calm() -> None:
    assert mood_with(0, "complaint_service") == 1
    assert mood_with(2, "complaint_service") == 2
    assert mood_with(0, "return_request") == 0
    assert mood_with(0, None) == 0


@pytest.mark.parametrize("piece", ["不给", "都三天了", "没有", "!", "怎么还", "法院", "人工"])
def test_a_long_line_is_read_within_its_time(piece: str) -> None:
    text = plain(piece * 1000).text
    began = time.process_time()
    mood(text)
    trigger(text)
    assert time.process_time() - began < 1.0
