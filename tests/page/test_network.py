"""Whatever the network and the server do, a line arrives once and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.page.shopper import heard, mine, say
from tests.page.twin import Fault, Twin

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser


def test_lines_written_offline_arrive_once_and_in_order(
    page: Page, twin: Twin, context: BrowserContext
) -> None:
    context.set_offline(True)
    for text in ("甲", "乙", "丙"):
        say(page, text)
    page.locator("#strip").wait_for()
    page.get_by_role("button", name="重试").first.wait_for()
    assert twin.said() == []
    context.set_offline(False)
    heard(page, "收到：丙")
    assert twin.said() == mine(page) == ["甲", "乙", "丙"]
    assert page.locator("#strip").is_hidden()


def test_a_line_written_offline_survives_a_reload(
    page: Page, twin: Twin, context: BrowserContext
) -> None:
    twin.faults = [Fault("post", "drop", times=50)]
    say(page, "重开之后还在")
    page.get_by_role("button", name="重试").wait_for()
    page.reload()
    page.locator(".mine .bubble", has_text="重开之后还在").wait_for()
    twin.faults = []
    heard(page, "收到：重开之后还在")
    assert twin.said() == mine(page) == ["重开之后还在"]


@pytest.mark.parametrize("fault", ["500", "drop", "drop_after"])
def test_a_failing_server_neither_loses_nor_doubles_a_line(
    page: Page, twin: Twin, fault: str
) -> None:
    twin.faults = [Fault("post", fault, times=2)]
    say(page, "别丢")
    heard(page, "收到：别丢")
    assert twin.said() == mine(page) == ["别丢"]
    assert len({body["client_message_id"] for body in twin.posts}) == 1


def test_failing_polls_lose_no_answer(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("poll", "500", times=1), Fault("poll", "drop", times=1)]
    say(page, "一")
    say(page, "二")
    heard(page, "收到：二")
    heard(page, "收到：一")
    assert sorted(mine(page)) == ["一", "二"]
    assert page.locator(".bubble").count() == 5


def test_too_many_lines_wait_as_long_as_the_server_asks(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("post", "429", seconds=2)]
    say(page, "太快")
    page.locator(".state", has_text="自动重试").wait_for()
    page.evaluate("dispatchEvent(new Event('online'))")  # impatience changes nothing
    page.wait_for_timeout(900)
    assert len(twin.posts) == 1
    heard(page, "收到：太快")
    assert len(twin.posts) == 2


def test_a_refused_line_says_why_and_lets_the_next_one_pass(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("post", "422")]
    say(page, "被拒绝的")
    page.locator(".state", has_text="这句话太长了").wait_for()
    say(page, "后面的")
    heard(page, "收到：后面的")
    assert twin.said() == ["后面的"]
    page.get_by_role("button", name="重试").click()
    heard(page, "收到：被拒绝的")
    assert sorted(mine(page)) == ["后面的", "被拒绝的"]


def test_a_lost_conversation_is_admitted_and_its_unsent_line_kept(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("post", "drop", times=50)]
    say(page, "没发出去")
    page.get_by_role("button", name="重试").wait_for()
    twin.only.token = "another"
    twin.faults = []
    page.reload()
    page.locator(".note", has_text="已经失效").wait_for()
    heard(page, "收到：没发出去")
    assert len(twin.conversations) == 2
    assert twin.said() == mine(page) == ["没发出去"]


def test_a_proxys_own_error_page_does_not_cost_the_conversation(page: Page, twin: Twin) -> None:
    page.route(
        "**/messages?**", lambda route: route.fulfill(status=404, body="<h1>nginx</h1>"), times=2
    )
    say(page, "还是这段")
    heard(page, "收到：还是这段")
    assert len(twin.conversations) == 1


def test_a_page_that_cannot_begin_keeps_trying_and_keeps_the_line(
    context: BrowserContext, twin: Twin
) -> None:
    twin.faults = [Fault("begin", "503", times=2)]
    page = context.new_page()
    page.goto(twin.url)
    say(page, "先写下来")
    page.locator("#strip").wait_for()
    heard(page, "收到：先写下来")
    assert twin.said() == ["先写下来"]
