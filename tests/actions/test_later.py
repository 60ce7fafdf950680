"""Two wishes in one line are settled one after the other."""

from datetime import date

import pytest

from actions.later import aside_of, split
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


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("裙子开线了要退货，另外上次买的包还没发票，帮我开一下", "invoice_inquiry"),
        ("裙子想退，对了会员积分怎么查", "membership_inquiry"),
        ("裤子想换一条，顺便问下你们几点关门", "store_inquiry"),
    ],
)
def test_a_second_wish_about_no_goods_is_kept_with_what_it_is_about(line: str, intent: str) -> None:
    second = split(reader(), line, TODAY)[1]
    assert second is not None
    assert aside_of(second) == intent


@pytest.mark.parametrize("line", ["裙子想退，发票还在", "裙子想退，另外发票也带着呢"])
def test_what_only_belongs_to_the_first_wish_is_none(line: str) -> None:
    assert split(reader(), line, TODAY)[1] is None


def test_a_second_wish_about_no_goods_is_answered_after_the_first(shopper: Talk) -> None:
    shopper.say("裙子要退，昨天买的没穿过不喜欢，小票在，另外上次的发票还没开", "return_request")
    said = shopper.say("好的", "affirm")

    assert said[:2] == ["utter_case_opened", "utter_next_wish"]
    assert "utter_about" in said
    assert said[-1] == "utter_offer_errand"
