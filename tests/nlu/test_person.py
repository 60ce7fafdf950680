"""A person asked for is heard by the reader alone, wherever the talk stands; nobody else is."""

import csv
from datetime import date
from pathlib import Path

import pytest

from bot.language.service import Reader, default_reader

HERE = Path(__file__).parent
TODAY = date(2026, 1, 5)
ASKS = (HERE / "asks_for_person.txt").read_text("utf-8").splitlines()
QUESTIONS = (None, "wants", "worn", "receipt", "days_since_purchase", "price_paid", "category")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return default_reader()


def asks(reader: Reader, text: str, asking: str | None = None) -> bool:
    facts = reader.read(text, today=TODAY, asking=asking).facts
    return any(fact.key == "wants" and fact.value == "human" for fact in facts)


@pytest.mark.parametrize("asking", QUESTIONS)
def test_everyone_who_asks_for_a_person_is_heard(reader: Reader, asking: str | None) -> None:
    assert len(ASKS) >= 100
    assert [line for line in ASKS if not asks(reader, line, asking)] == []


def test_hardly_anyone_else_is_handed_over(reader: Reader) -> None:
    with (HERE / "held_out.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    others = [
        row["text"]
        for row in rows
        if "request_human" not in f"{row['intent']} {row.get('also_right') or ''}"
    ]
    wrongly = [line for line in others if asks(reader, line)]
    assert len(others) >= 300
    assert len(wrongly) <= len(others) / 100, wrongly


@pytest.mark.parametrize(
    "line",
    [
        "不用转人工了",
        "别给我转人工",
        "不要打电话给我",
        "你是真人吗",
        "人工费怎么收",
        "上次转人工说可以退",
        "安排师傅来装空调",
        "能派人来取件吗",
        "客服在吗",
        "经理说可以退",
        "人造革的包",
    ],
)
def test_who_only_names_a_person_asks_for_none(reader: Reader, line: str) -> None:
    assert not asks(reader, line)


def test_the_goods_beside_the_wish_are_still_read(reader: Reader) -> None:
    facts = reader.read("昨天买的鞋子开胶了，转人工", today=TODAY).facts
    assert {fact.key: fact.value for fact in facts}["days_since_purchase"] == 1
