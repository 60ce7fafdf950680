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


def test_too_many_lines_wait_until_the_date_that_the_server_names(page: Page, twin: Twin) -> None:
    twin.dated = True
    twin.faults = [Fault("post", "429", seconds=3)]
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


def test_ten_minutes_offline_lose_and_double_nothing(context: BrowserContext, twin: Twin) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(twin.url)
    page.locator("#chips button").first.wait_for()
    context.set_offline(True)
    for text in ("甲", "乙", "丙"):
        say(page, text)
        page.clock.run_for(200_000)
    page.locator("#strip", has_text="网络断开了").wait_for()
    page.fill("#text", "还没写完")
    assert twin.said() == []
    twin.add(twin.only, text="断网时说的")
    context.set_offline(False)
    heard(page, "断网时说的")
    heard(page, "收到：丙")
    assert twin.said() == mine(page) == ["甲", "乙", "丙"]
    assert page.locator("#strip").is_hidden()
    assert page.input_value("#text") == "还没写完"


@pytest.mark.parametrize("years", [-3, 5])
def test_a_wrong_clock_changes_nothing(context: BrowserContext, twin: Twin, years: int) -> None:
    page = context.new_page()
    page.add_init_script(
        f"const now = Date.now; Date.now = () => now() + {years} * 365 * 86400000;"
    )
    twin.faults = [Fault("post", "429", seconds=1)]
    page.goto(twin.url)
    for text in ("一", "二", "三"):
        say(page, text)
    heard(page, "收到：三")
    page.reload()
    heard(page, "收到：三")
    assert twin.said() == mine(page) == ["一", "二", "三"]
    assert page.locator("#typing").is_hidden()


def test_a_clock_set_back_meanwhile_does_not_hold_lines_up(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("post", "429", seconds=1)]
    say(page, "一")
    page.locator(".state", has_text="自动重试").wait_for()
    page.evaluate("() => { const now = Date.now; Date.now = () => now() - 86400000; }")
    say(page, "二")
    heard(page, "收到：二")
    assert twin.said() == ["一", "二"]


def test_twenty_lines_in_a_second_all_arrive_in_order(page: Page, twin: Twin) -> None:
    twin.rate = (8, 3.0)
    texts = [f"第{number}句" for number in range(20)]
    for text in texts:
        say(page, text)
    page.locator(".line:not(.mine) .bubble", has_text="收到：第19句").wait_for(timeout=25_000)
    assert twin.said() == mine(page) == texts
    assert len({body["client_message_id"] for body in twin.posts}) == 20
    assert len(twin.posts) > 20  # some were sent back


def test_a_key_that_expires_while_talking_keeps_what_is_not_sent(page: Page, twin: Twin) -> None:
    say(page, "第一句")
    heard(page, "收到：第一句")
    page.reload()
    heard(page, "收到：第一句")
    twin.only.token = "another"
    twin.faults = [Fault("post", "500", times=1)]
    say(page, "没发出去的")
    page.fill("#text", "正在写的")
    page.locator(".note", has_text="已经失效").wait_for()
    heard(page, "收到：没发出去的")
    assert page.input_value("#text") == "正在写的"
    assert twin.said() == ["第一句", "没发出去的"]
    assert mine(page) == ["第一句", "没发出去的"]


def test_two_windows_that_lose_their_conversation_make_one_new_one(
    page: Page, twin: Twin, context: BrowserContext
) -> None:
    page.reload()
    page.locator("#chips button").first.wait_for()
    second = context.new_page()
    second.goto(twin.url)
    second.locator("#chips button").first.wait_for()
    twin.faults = [Fault("begin", "slow", times=2, seconds=0.5)]
    twin.only.token = "another"
    twin.add(twin.only, text="叫醒两边")
    for window in (page, second):
        window.locator(".note", has_text="已经失效").wait_for()
    say(page, "从这边说")
    heard(second, "收到：从这边说")
    assert len(twin.conversations) == 2


def test_two_windows_send_a_waiting_line_once(
    page: Page, twin: Twin, context: BrowserContext
) -> None:
    twin.faults = [Fault("post", "drop", times=50)]
    say(page, "两边都有")
    page.get_by_role("button", name="重试").wait_for()
    second = context.new_page()
    second.goto(twin.url)
    second.locator(".mine .bubble", has_text="两边都有").wait_for()
    twin.faults = []
    heard(page, "收到：两边都有")
    heard(second, "收到：两边都有")
    assert twin.said() == mine(page) == mine(second) == ["两边都有"]
