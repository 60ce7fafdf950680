"""What a shopper types when asked."""

from datetime import date
from random import Random

import pytest
import yaml

from bot.evaluation import daysaid
from bot.evaluation.answers import Answers
from bot.language.service import Reader
from bot.settings import ROOT

FRIDAY = date(2026, 5, 8)
CATALOGUE = ROOT / "data" / "policy" / "facts.yml"


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers.load()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "今天"),
        (1, "昨天"),
        (2, "前天"),
        (3, "三天前"),
        (4, "这周一买的"),
        (6, "上周六"),
        (8, "4月30号"),
        (10, "十天前"),
        (31, "4月7号"),
        (185, "2025年11月4号"),
    ],
)
def test_days_are_said_as_people_say_them(days: int, said: str) -> None:
    assert said in daysaid.ways(days, "买的", FRIDAY)


def test_a_weekday_is_named_only_within_two_weeks() -> None:
    assert not any("周" in way for way in daysaid.ways(15, "买的", FRIDAY))


@pytest.mark.parametrize(
    ("number", "said"),
    [(2, "两"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一"), (100, "一百"),
     (105, "一百零五"), (112, "一百一十二"), (185, "一百八十五"), (1000, "1000")],
)  # fmt: skip
def test_numbers_are_spoken(number: int, said: str) -> None:
    assert daysaid.count(number) == said


def test_a_case_holds_what_follows_from_its_facts(answers: Answers) -> None:
    assert answers.held({"purchase_date": "2026-05-01"}, "days_since_purchase", FRIDAY) == "7"
    assert answers.held({"defect": "burn"}, "problem", FRIDAY) == "quality"
    assert answers.held({}, "remote_purchase", FRIDAY) == "no"
    assert answers.held({}, "worn", FRIDAY) == "unknown"


def test_the_words_vary_and_the_same_choice_says_the_same(answers: Answers) -> None:
    said = {answers.say("receipt", "yes", FRIDAY, Random(seed)) for seed in range(20)}
    assert len(said) > 2
    assert len({answers.say("receipt", "yes", FRIDAY, Random(1)) for _ in range(5)}) == 1


def test_amounts_and_counts_are_filled_in(answers: Answers) -> None:
    assert "69.90" in answers.say("price_paid", "69.90", FRIDAY, Random(0))
    assert answers.say("prior_repairs", "2", FRIDAY, Random(0)) in {"修过两次", "两次了"}
    assert answers.say("prior_repairs", "0", FRIDAY, Random(0)) in {"没修过", "没有"}


def test_a_value_without_words_of_its_own_is_never_said_in_english(answers: Answers) -> None:
    said = answers.say("category", "spaceship", FRIDAY, Random(0))
    assert said.isascii() is False


def test_every_value_that_may_be_asked_for_has_words_of_its_own(answers: Answers) -> None:
    facts = yaml.safe_load(CATALOGUE.read_text("utf-8"))["facts"]
    asked = {key: fact for key, fact in facts.items() if fact["class"] != "volunteered"}
    # YAML 1.1 reads a bare on as true.
    values = {
        key: [{True: "on"}.get(value, value) for value in fact.get("values", ())] or ["yes", "no"]
        for key, fact in asked.items()
        if fact["type"] in ("choice", "yes_no")
    }
    rare = {"general", "custom_made", "digital_download", "fresh_food", "newspaper"}
    missing = [
        f"{key}={value}"
        for key, choices in values.items()
        for value in choices
        if value not in rare and not answers.has_own(key, str(value))
    ]
    assert missing == []


@pytest.mark.parametrize("days", [*range(16), 31, 60, 91, 185])
def test_our_own_reader_understands_every_way_of_saying_days(reader: Reader, days: int) -> None:
    for way in daysaid.ways(days, "买的", FRIDAY):
        facts = reader.read(way, today=FRIDAY, asking="days_since_purchase").facts
        assert [(f.key, f.value) for f in facts] == [("days_since_purchase", days)], way
