"""Whatever is pasted, a line is understood or honestly not, within its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

SECONDS = 0.5
PAGE = (
    "订单详情 订单编号:8812345509 下单时间:2026-10-05 12:30 商品:不粘锅 28cm ¥199.00 数量:1 已完成 申请售后 "
    * 40
)


@pytest.mark.parametrize(
    "line",
    [
        "我要退货" * 2500,
        "退" * 10_000,
        "a1 " * 3400,
        "，" * 10_000,
        "😡",
        "👍🏻👨‍👩‍👧",
        "？！……",
        "   \n\t ",
        PAGE,
        "https://shop.example/item/8812345509?from=app&sku=77#detail",
        "Could you please tell me where my parcel is?",
        "Где мой заказ? Я хочу вернуть деньги",
        "返品したいのですが、どうすればいいですか",
        "\u202e\u0000\ufeff退货\u200b",
        "<script>alert(1)</script>",
        "/restart",
        "'; DROP TABLE cases; --",
    ],
    ids=lambda line: repr(line[:12]),
)
def test_any_line_is_parsed_in_its_time(parse: Callable[[str], dict[str, Any]], line: str) -> None:
    parse("你好")
    began = time.process_time()
    parsed = parse(line)

    assert time.process_time() - began < SECONDS
    assert isinstance(parsed["intent"]["name"], str)
    assert all(0 <= entry["confidence"] <= 1 for entry in parsed["intent_ranking"])


@pytest.mark.parametrize("line", ["😡", "？！……", "Где мой заказ"])
def test_a_line_without_a_known_word_is_not_guessed_at(
    parse: Callable[[str], dict[str, Any]], line: str
) -> None:
    assert parse(line)["intent"]["name"] == "nlu_fallback"
