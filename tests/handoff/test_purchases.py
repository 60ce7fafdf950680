"""What the order system says is in the packet with how it was found; a silent one costs a second."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.conversations import service
from bot.desk.sheet import Sheet
from bot.desk.words import Words
from bot.handoff.packet import LOOKED_UP, Packet, packet
from bot.handoff.purchases import PurchaseLookup
from bot.orders.http import HttpOrders
from tests.fixtures.desk import Desk, together
from tests.fixtures.people import Staff
from tests.fixtures.turns import policies
from tests.twins.orders import DRESS, OrderSystem, order_system

PHONE = "13912345678"


@pytest.fixture
def system() -> Iterator[OrderSystem]:
    with order_system() as running:
        yield running


@pytest.fixture
def lookup(system: OrderSystem) -> Iterator[PurchaseLookup]:
    made = PurchaseLookup(HttpOrders(system.url), patience=0.4)
    yield made
    system.over.set()
    made.close()


def _packet(desk: Desk, phone: str | None = None, **facts: Any) -> Packet:
    """A shopper who told these facts and left a number."""
    conversation_id = desk.open()
    line = desk.hear(conversation_id, "单号 A-1001，想退").message_id
    with desk.db.write() as session:
        now, conversation = desk.clock.now(), service.locked(session, conversation_id)
        conversation.phone = phone
        matter = service.open_matter(session, conversation, now)
        service.give_facts(session, matter, line, facts, "order", now)
    with desk.db.read() as session:
        return packet(session, conversation_id)


def _rows(desk: Desk, found: Packet) -> dict[str, tuple[str, str]]:
    """What the page shows of the order system: value and hint by name."""
    sections = Sheet(desk.clock, Words.load(policies().facts), {}).of(found)
    rows = [row for one in sections if one["title"] == "订单系统" for row in one["rows"]]
    return {row["name"]: (row["value"], row["hint"]) for row in rows}


def test_an_order_is_shown_with_what_it_was_found_by(
    small_desk: Desk, system: OrderSystem, lookup: PurchaseLookup
) -> None:
    found = lookup.added(_packet(small_desk, phone=PHONE, order_no="A-1001"))

    rows = _rows(small_desk, found)
    assert rows["A-1001"] == ("11月20日买，已完成", "订单系统查到")
    assert rows["连衣裙"][0] == "399.00 元"
    assert rows["按订单号查"] == ("A-1001", "“单号 A-1001，想退”")
    assert [path for path, *_ in system.asked] == ["/orders/A-1001"]


def test_the_number_the_bot_could_not_look_up_in_time_is_tried_again_for_people(
    small_desk: Desk, lookup: PurchaseLookup
) -> None:
    bare = _packet(small_desk)
    with small_desk.db.write() as session:
        (line,) = [m for m in small_desk.lines(bare.conversation_id) if m.seq == 2]
        told, now = {"order_no": "A-1001"}, small_desk.clock.now()
        service.record_effect(session, line.id, LOOKED_UP, told, now)
    with small_desk.db.read() as session:
        found = lookup.added(packet(session, bare.conversation_id))

    assert found.purchases is not None
    assert [order.no for order in found.purchases.orders] == ["A-1001"]


def test_with_a_phone_alone_its_newest_orders_are_shown(
    small_desk: Desk, system: OrderSystem, lookup: PurchaseLookup
) -> None:
    system.orders = [
        {**DRESS, "no": f"A-{day}", "purchased_on": f"2026-11-{day}"} for day in range(11, 16)
    ]

    rows = _rows(small_desk, lookup.added(_packet(small_desk, phone=PHONE)))

    assert [name for name in rows if name.startswith("A-")] == ["A-15", "A-14", "A-13"]
    assert rows["按手机号查"][0] == PHONE


def test_nothing_is_asked_where_nothing_is_known(
    small_desk: Desk, system: OrderSystem, lookup: PurchaseLookup
) -> None:
    found = lookup.added(_packet(small_desk, worn="no"))

    assert (found.purchases, system.asked, _rows(small_desk, found)) == (None, [], {})


def test_an_order_that_is_not_there_is_said_to_be_missing(
    small_desk: Desk, lookup: PurchaseLookup
) -> None:
    assert _rows(small_desk, lookup.added(_packet(small_desk, order_no="B-9")))["订单"] == (
        "没有查到",
        "请顾客核对一下",
    )


@pytest.mark.parametrize("fault", ["hangs", "trickles", "busy", "not json"])
def test_an_order_system_that_does_not_answer_is_told_and_not_waited_for(
    small_staff: Staff, system: OrderSystem, lookup: PurchaseLookup, fault: str
) -> None:
    system.fault = fault
    small_staff.comes()
    bare = _packet(small_staff.desk, order_no="A-1001", worn="no")
    begun = time.monotonic()
    found = lookup.added(bare)
    again = lookup.added(bare)
    took = time.monotonic() - begun

    assert took < 2
    assert _rows(small_staff.desk, found)["订单"][0] == "订单系统没有回应"
    assert replace(found, purchases=None) == bare  # everything else is there
    assert again == found  # and is not waited for anew with each look


def test_twenty_people_looking_at_once_wait_no_longer_while_it_hangs(
    small_desk: Desk, system: OrderSystem
) -> None:
    system.fault, lookup = "hangs", PurchaseLookup(HttpOrders(system.url))
    bare = _packet(small_desk, order_no="A-1001")
    begun = time.monotonic()
    found = together(lambda n: lookup.added(replace(bare, shop=f"s{n}")), 20)

    assert time.monotonic() - begun < 2
    assert all(each.purchases.away for each in found)
