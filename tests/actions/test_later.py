"""Two wishes in one line are settled one after the other."""

from datetime import date

import pytest

from actions.later import split
from tests.fixtures.turns import Talk, reader

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        ("裙子要退，鞋子开胶想修", "裙子要退", "鞋子开胶想修"),
        ("裤子想退 另外皮鞋开胶了帮我修", "裤子想退 ", "另外皮鞋开胶了帮我修"),
    ],
)
def test_a_second_wish_about_other_goods_is_kept(line: str, first: str, second: str) -> None:
    assert split(reader(), line, TODAY) == (first, second)


@pytest.mark.parametrize(
    "line",
    [
        "裙子想退，或者换一件",
        "我要退货",
        "昨天买的鞋，大了，想换小一码",
        "鞋子开胶了，想修，修不了就退",
    ],
)
def test_one_matter_stays_one(line: str) -> None:
    assert split(reader(), line, TODAY)[1] is None


def test_the_second_wish_is_taken_up_when_the_first_has_its_case(shopper: Talk) -> None:
    shopper.say("裙子要退，昨天买的没穿过不喜欢，小票在，鞋子开胶想修", "return_request")
    assert shopper.decision["outcome"] == "refund"

    said = shopper.say("好的", "affirm")

    assert said[:2] == ["utter_case_opened", "utter_next_wish"]
    assert shopper.asked is not None
