"""Orders from the shop's own system and from the samples."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from openapi_spec_validator import validate

from bot.clock import Clock
from bot.orders.console import MEMBER, PHONE, SAMPLES, ConsoleOrders
from bot.orders.http import FAILURES, HttpOrders
from bot.orders.service import Order, OrderLine, OrdersAway, facts, only_line
from bot.settings import ROOT
from tests.twins.orders import DRESS, OrderSystem, order_system

TODAY = date(2026, 11, 23)


@pytest.fixture
def system() -> Iterator[OrderSystem]:
    with order_system() as running:
        yield running


def test_an_order_is_found_by_its_number(system: OrderSystem) -> None:
    order = HttpOrders(system.url, "secret").by_number("kids", "A-1001")
    assert order is not None
    assert order.lines[0].price_paid == Decimal("399.00")
    assert system.asked == [("/orders/A-1001", {"shop": "kids"}, "Bearer secret")]


def test_an_unknown_number_is_no_failure(system: OrderSystem) -> None:
    orders = HttpOrders(system.url)
    assert all(orders.by_number("kids", f"B-{n}") is None for n in range(FAILURES + 1))


@pytest.mark.parametrize("no", ["../admin", "A/1", "A?x=1", "票", "A 1"])
def test_a_number_stays_one_part_of_the_path(system: OrderSystem, no: str) -> None:
    assert HttpOrders(system.url).by_number("kids", no) is None
    assert system.asked[0][0] == f"/orders/{no}"


def test_orders_of_a_phone_come_newest_first(system: OrderSystem) -> None:
    system.orders = [DRESS, {**DRESS, "no": "A-2", "purchased_on": "2026-11-22"}]
    found = HttpOrders(system.url).by_phone("kids", "13912345678")
    assert [order.no for order in found] == ["A-2", "A-1001"]
    assert HttpOrders(system.url).by_phone("kids", "13912340000") == []


@pytest.mark.parametrize(
    "fault",
    [
        "hangs",
        "trickles",
        "closes",
        "busy",
        "refuses",
        "html",
        "not json",
        "another order",
        "negative price",
        "no such day",
        "huge",
        "elsewhere",
    ],
)
def test_a_system_that_fails_or_lies_is_said_to_be_away(system: OrderSystem, fault: str) -> None:
    system.fault = fault
    began = time.monotonic()
    with pytest.raises(OrdersAway):
        HttpOrders(system.url, patience=0.4).by_number("kids", "A-1001")
    assert time.monotonic() - began < 5  # two tries, and no longer


def test_what_passes_is_tried_again(system: OrderSystem) -> None:
    system.fault = "once busy"
    assert HttpOrders(system.url).by_number("kids", "A-1001") is not None
    assert len(system.asked) == 2


def test_a_system_that_keeps_failing_is_left_alone(system: OrderSystem) -> None:
    system.fault = "busy"
    orders = HttpOrders(system.url)
    for _ in range(FAILURES + 3):
        with pytest.raises(OrdersAway):
            orders.by_number("kids", "A-1001")
    calls = len(system.asked)
    with pytest.raises(OrdersAway):
        orders.by_number("kids", "A-1001")
    assert len(system.asked) == calls


def test_a_system_that_is_not_there_is_away() -> None:
    with pytest.raises(OrdersAway):
        HttpOrders("http://127.0.0.1:9").by_number("kids", "A-1001")


def test_an_order_settles_facts_of_the_rules() -> None:
    line = OrderLine("羽绒服", Decimal("458.00"), category="down_jacket", special_price=True)
    order = Order("A", date(2026, 11, 13), [line], remote=True, received_on=date(2026, 11, 16))
    assert facts(order, line, TODAY) == {
        "price_paid": "458.00",
        "days_since_purchase": 10,
        "days_since_received": 7,
        "remote_purchase": "yes",
        "store_confirms": "yes",
        "category": "down_jacket",
        "special_price": "yes",
    }


def test_what_an_order_does_not_say_is_left_to_be_asked() -> None:
    line = OrderLine("某物", Decimal(1))
    known = facts(Order("A", TODAY, [line], remote=False), line, TODAY)
    assert {"category", "special_price", "days_since_received"}.isdisjoint(known)


def test_an_order_of_several_things_does_not_say_which_is_meant() -> None:
    line = OrderLine("某物", Decimal(1))
    assert only_line(Order("A", TODAY, [line], remote=False)) is line
    assert only_line(Order("A", TODAY, [line, line], remote=False)) is None


def test_samples_are_found_as_real_orders_are() -> None:
    clock = Clock(ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 23, 2, tzinfo=UTC))
    orders = ConsoleOrders(clock)
    order = orders.by_number("kids", "demo100001")
    assert order is not None
    assert order.purchased_on == date(2026, 11, 22)
    assert orders.by_number("kids", "X") is None
    days = [each.purchased_on for each in orders.by_phone("kids", PHONE)]
    assert days == sorted(days, reverse=True)
    assert len(days) == len(SAMPLES) == len(orders.by_member("kids", MEMBER))
    assert orders.by_phone("kids", "13912345678") == []


def test_samples_name_categories_of_the_rules() -> None:
    catalogue = yaml.safe_load((ROOT / "data/policy/facts.yml").read_text("utf-8"))
    known = set(catalogue["facts"]["category"]["values"])
    named = {line.category for sample in SAMPLES for line in sample.lines}
    assert named <= known


def test_the_description_for_a_shops_engineers_is_valid() -> None:
    path = Path(ROOT / "docs" / "orders-openapi.yaml")
    validate(yaml.safe_load(path.read_text("utf-8")))
