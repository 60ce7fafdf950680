"""What people at the desk say: harmless talk of what is to come passes, a promise does not.

Nothing is held by any decision, case or queue here. Lines of our own, `promises` by hand.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from bot.outbox.guard import check, covered_by

NOTHING = covered_by(date(2024, 5, 8))


@pytest.fixture(scope="module")
def lines() -> dict[str, bool]:
    with (Path(__file__).parent / "agents_say.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["line"]: bool(row["promises"]) for row in rows}


def test_the_table_is_as_long_as_promised(lines: dict[str, bool]) -> None:
    assert sum(lines.values()) >= 60
    assert len(lines) - sum(lines.values()) >= 60


def test_hardly_a_harmless_line_is_warned_of(lines: dict[str, bool]) -> None:
    warned = [line for line in lines if check(line, NOTHING)]
    wrongly = [line for line in warned if not lines[line]]

    assert len(wrongly) <= 0.02 * len(warned), wrongly


def test_hardly_a_promise_goes_unseen(lines: dict[str, bool]) -> None:
    promises = [line for line, promised in lines.items() if promised]
    missed = [line for line in promises if not check(line, NOTHING)]

    assert len(missed) <= 0.02 * len(promises), missed


@pytest.mark.parametrize("line", ["修好给您打电话", "有结果我告诉您", "我帮您看一下"])
def test_talk_of_what_is_to_come_is_no_promise(line: str) -> None:
    assert check(line, NOTHING) == []


def test_a_sum_that_is_spread_out_is_shown_where_it_stands() -> None:
    text = "好，退 您 2 0 0 元 哈"

    assert "2 0 0 元" in [one.text for one in check(text, NOTHING)]
