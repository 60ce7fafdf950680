"""An order number in a line: looked up outside the transaction, told, checked and not asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.lookup import MOST, member
from bot.conversations.models import Fact
from bot.orders.console import SAMPLES, ConsoleOrders
from bot.orders.http import HttpOrders
from tests.fixtures.desk import MONDAY, Desk, make_desk
from tests.fixtures.turns import Talk, talk
from tests.twins.orders import OrderSystem, order_system

DRESS: dict[str, Any] = {
    "no": "AB202611001",
    "purchased_on": "2026-11-20",
    "remote": False,
    "lines": [{"name": "碎花连衣裙", "price_paid": "399.00", "category": "dress"}],
    "phone_tail": "5678",
    "status": "shipped",
    "carrier": "示例快递",
    "tracking_no": "T7788990011",
    "member": "VIP88001",
}
TWO = {
    **DRESS,
    "no": "AB202611002",
    "lines": [
        {"name": "牛仔裤", "price_paid": "269.00", "category": "trousers"},
        {"name": "皮鞋", "price_paid": "599.00", "category": "shoe"},
    ],
}


@pytest.fixture
def system() -> Iterator[OrderSystem]:
    with order_system() as running:
        running.orders = [DRESS, TWO]
        yield running


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(f"sqlite:///{tmp_path / 'desk.sqlite3'}", start=MONDAY)
    yield desk
    desk.db.close()


@pytest.fixture
def shopper(small: Desk, system: OrderSystem) -> Talk:
    return talk(small, HttpOrders(system.url, patience=0.2))


def sources(shopper: Talk) -> dict[str, str]:
    with shopper.desk.db.read() as session:
        return {fact.key: fact.source for fact in session.scalars(select(Fact))}


def test_what_the_order_says_is_told_shown_and_not_asked(shopper: Talk) -> None:
    said = shopper.say("订单号AB202611001，裙子不喜欢想退", "return_request")

    assert said[0] == "utter_order_found"
    assert "碎花连衣裙" in shopper.text
    assert "399.00" in shopper.text
    shown = {fact["fact"]: fact for fact in shopper.replies[0].custom["facts"]}
    assert shown["days_since_purchase"]["value"] == 3
    assert shown["days_since_purchase"]["editable"]
    assert shopper.asked not in ("category", "days_since_purchase", "receipt", "remote_purchase")
    assert sources(shopper)["days_since_purchase"] == "order"
    assert sources(shopper)["wants"] == "said"


def test_the_shopper_may_put_an_order_right(shopper: Talk) -> None:
    shopper.say("订单号AB202611001，裙子不喜欢想退", "return_request")
    shopper.say("不对，是昨天买的", "inform")

    assert shopper.facts()["days_since_purchase"] == 1


def test_a_number_alone_begins_a_matter(shopper: Talk) -> None:
    assert shopper.say("AB202611001123", "inform")[0] == "utter_order_unknown"
    assert shopper.say("订单号 ab202611001", "inform")[0] == "utter_order_found"
    assert shopper.asked is not None


def test_of_several_things_the_one_meant_is_asked_for(shopper: Talk, system: OrderSystem) -> None:
    assert shopper.say("订单AB202611002里有东西想退", "return_request") == ["utter_order_which"]
    titles = [button["title"] for button in shopper.replies[0].buttons]
    assert titles == ["牛仔裤", "皮鞋"]

    said = shopper.press(shopper.replies[0].buttons[1]["payload"])

    assert said[0] == "utter_order_found"
    assert shopper.facts()["category"] == "shoe"
    assert shopper.facts()["wants"] == "refund"
    assert len(system.asked) == 1


@pytest.mark.parametrize("payload", ["fact:order_line=9", "fact:order_line=x"])
def test_a_button_of_nothing_found_tells_so(shopper: Talk, payload: str) -> None:
    assert shopper.press(payload) == ["utter_order_unknown"]


@pytest.mark.parametrize("fault", ["hangs", "html", "another order", "negative price", "busy"])
def test_without_the_order_system_the_questions_are_asked(
    shopper: Talk, system: OrderSystem, fault: str
) -> None:
    system.fault = fault
    said = shopper.say("订单号AB202611001，裙子不喜欢想退", "return_request")

    assert said[0] == "utter_orders_away"
    assert shopper.asked is not None
    assert "order" not in sources(shopper).values()
    assert shopper.facts()["wants"] == "refund"


def test_no_transaction_is_open_while_the_order_system_is_asked(
    shopper: Talk, system: OrderSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = HttpOrders.by_number
    free: list[bool] = []

    def watched(self: HttpOrders, shop: str, no: str) -> Any:
        free.append(shopper.desk.db._turnstile.acquire(timeout=0.5))
        shopper.desk.db._turnstile.release()
        return asked(self, shop, no)

    monkeypatch.setattr(HttpOrders, "by_number", watched)
    shopper.say("订单号AB202611001，想退", "return_request")

    assert free == [True]


def test_numbers_cannot_be_tried_for_ever(shopper: Talk, system: OrderSystem) -> None:
    for n in range(MOST):
        assert shopper.say(f"订单号AC20261100{n}", "inform")[0] == "utter_order_unknown"
    assert shopper.say("订单号AB202611001", "inform")[0] == "utter_orders_spent"
    assert len(system.asked) == MOST


def test_where_an_order_is_is_told_from_the_system(shopper: Talk) -> None:
    said = shopper.say("我的快递到哪了，订单号AB202611001", "logistics_inquiry")

    assert said[0] == "utter_order_status"
    assert "已发货" in shopper.text
    assert "T7788990011" in shopper.text
    assert said[-1] == "utter_offer_errand"
    assert shopper.matters() == []


def test_the_order_is_asked_for_and_a_number_that_follows_is_looked_up(shopper: Talk) -> None:
    assert "utter_want_order" in shopper.say("东西送到哪了", "logistics_inquiry")
    said = shopper.say("订单号AB202611001", "inform")

    assert said == ["utter_order_status", "utter_offer_errand"]
    assert shopper.desk.cases() == []


def test_a_bare_number_is_an_order_only_where_it_was_asked_for(
    shopper: Talk, system: OrderSystem
) -> None:
    system.orders = [{**DRESS, "no": "SP1001"}]
    shopper.say("sp1001", "inform")
    assert system.asked == []
    shopper.say("东西送到哪了", "logistics_inquiry")

    assert shopper.say("sp1001", "inform")[0] == "utter_order_status"


def test_a_phone_tells_no_parcel_and_counts_only_where_it_was_asked(
    shopper: Talk, system: OrderSystem
) -> None:
    shopper.say("我的电话13912345678", "inform")
    assert system.asked == []
    shopper.say("东西送到哪了", "logistics_inquiry")
    said = shopper.say("13912345678", "inform")

    assert said[0] == "utter_order_status"
    assert system.asked[0][1] == {"shop": shopper.state().shop, "phone": "13912345678"}
    assert "T7788990011" not in shopper.text
    assert "399" not in shopper.text
    assert shopper.state().phone == "13912345678"


def test_a_turn_run_twice_tells_the_same_and_counts_once(shopper: Talk) -> None:
    first = shopper.say("订单号AB202611001，想退", "return_request")
    rows = shopper.rows()

    assert shopper.repeat() == first
    assert shopper.rows() == rows


def test_the_purchase_is_judged_on_its_own_day(shopper: Talk) -> None:
    shopper.say("订单号AB202611001，想退", "return_request")
    today = shopper.desk.clock.today()
    assert shopper.facts()["days_since_purchase"] == (today - date(2026, 11, 20)).days


@pytest.mark.parametrize("no", [sample.no for sample in SAMPLES])
def test_the_sample_orders_can_be_named_in_a_line(small: Desk, no: str) -> None:
    shopper = talk(small, ConsoleOrders(small.clock))
    said = shopper.say(f"订单号{no}，想退货", "return_request")

    assert said[0] in ("utter_order_found", "utter_order_which")


def test_a_members_card_brings_what_was_bought_to_choose_from(
    shopper: Talk, system: OrderSystem
) -> None:
    said = shopper.say("裙子不喜欢想退，我会员号 VIP88001", "return_request")

    assert said == ["utter_order_which_of_mine"]
    assert system.asked[0][1] == {"shop": shopper.state().shop, "member": "VIP88001"}
    titles = [button["title"] for button in shopper.replies[0].buttons]
    assert titles == ["碎花连衣裙", "牛仔裤", "皮鞋", "都不是"]
    # Whose card it is, and what was paid, is nobody's business who only knows a number.
    assert "399" not in shopper.text

    said = shopper.say("连衣裙", "inform")
    assert said[0] == "utter_order_found_unpriced"
    assert shopper.facts()["days_since_purchase"] == 3
    assert "price_paid" not in shopper.facts()
    assert sources(shopper)["days_since_purchase"] == "order"


@pytest.mark.parametrize("words", ["都不是", "不是这些"])
def test_none_of_the_things_found_goes_on_with_the_questions(shopper: Talk, words: str) -> None:
    shopper.say("裙子不喜欢想退，会员号VIP88001", "return_request")

    assert shopper.say(words, "deny")[0] == "utter_order_none"
    assert shopper.asked is not None
    assert "order" not in sources(shopper).values()


def test_the_one_thing_of_a_phone_is_asked_about_before_it_is_used(
    shopper: Talk, system: OrderSystem
) -> None:
    system.orders = [DRESS]
    said = shopper.say("裙子不喜欢想退，用手机号13912345678查一下购买记录", "return_request")

    assert said == ["utter_order_which_of_mine"]
    assert (
        shopper.press(shopper.replies[0].buttons[0]["payload"])[0] == "utter_order_found_unpriced"
    )


def test_whoever_cannot_say_is_told_what_a_purchase_is_found_by(
    shopper: Talk, system: OrderSystem
) -> None:
    shopper.say("裙子不喜欢，想退", "return_request")
    assert shopper.asked == "days_since_purchase"
    said = shopper.say("记不清了", "inform")
    assert said[0] == "utter_order_hint"
    assert shopper.asked is not None

    assert shopper.say("13912345678", "inform") == ["utter_order_which_of_mine"]
    shopper.say("第一个", "inform")
    assert shopper.facts()["days_since_purchase"] == 3
    assert shopper.state().phone == "13912345678"


def test_a_card_of_nobody_is_said_and_the_questions_go_on(
    shopper: Talk, system: OrderSystem
) -> None:
    system.orders = []
    said = shopper.say("裙子不喜欢想退，会员号VIP0099", "return_request")

    assert said[0] == "utter_order_unknown"
    assert shopper.asked is not None


@pytest.mark.parametrize("fault", ["hangs", "html", "busy"])
def test_a_card_goes_on_without_the_order_system(
    shopper: Talk, system: OrderSystem, fault: str
) -> None:
    system.fault = fault
    said = shopper.say("裙子不喜欢想退，会员号VIP0099", "return_request")

    assert said[0] == "utter_orders_away"
    assert shopper.asked is not None


@pytest.mark.parametrize(
    ("words", "card"),
    [
        ("会员号VIP0001", "VIP0001"),
        ("贵宾卡８８００１２", "880012"),
        ("会员卡6222021234567890123", None),
        ("vip顾客", None),
        ("我是vip0001", "VIP0001"),
        ("会员号13912345678", "13912345678"),
    ],
)
def test_the_number_of_a_card_is_read(words: str, card: str | None) -> None:
    assert member(words) == card
