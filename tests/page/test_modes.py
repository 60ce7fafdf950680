"""Bot, queue, person and the end: who answers, how long it takes, and what it was worth."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.fixtures.desk import until
from tests.page.shopper import heard, mine, say
from tests.page.twin import Fault, Twin

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

SCORES = [{"title": f"{n} 分", "payload": f"rate:{n}"} for n in (5, 4, 3, 2, 1)]


def rating(page: Page) -> Locator:
    card = page.get_by_role("form", name="评价这次服务")
    card.wait_for()
    return card


def test_the_queue_says_place_and_time_and_can_be_left(page: Page, twin: Twin) -> None:
    page.click("#human")
    strip = page.locator("#strip")
    expect(strip).to_contain_text("您排在第 2 位。")
    twin.change(twin.only, position=2, wait_minutes=10)
    expect(strip).to_contain_text("您排在第 2 位，大约还要 10 分钟。")
    twin.change(twin.only, position=1, wait_minutes=1)
    expect(strip).to_contain_text("您排在第 1 位，很快就到。")
    expect(page.locator("#mine")).to_be_hidden()
    way_out = [{"title": "不等了，接着说", "payload": "bot"}]
    twin.add(twin.only, text="您是下一位。", buttons=way_out)
    heard(page, "您是下一位")
    expect(page.locator("#chips")).to_be_hidden()  # the strip has it already

    page.get_by_role("button", name="不等了，继续跟机器人说").press("Enter")
    heard(page, "不排队了")
    assert twin.posts[-1]["payload"] == "bot"
    expect(strip).to_be_hidden()
    expect(page.locator("#human")).to_have_text("转人工")


def test_a_person_is_named_and_lines_show_who_says_them(page: Page, twin: Twin) -> None:
    twin.change(twin.only, mode="human", agent_name="王敏")
    twin.add(twin.only, author="system", text="王敏 来了，您之前说的都看得到。")
    twin.add(twin.only, author="agent", author_name="王敏", text="您好，我来办。")
    heard(page, "我来办")
    expect(page.locator("#status-text")).to_have_text("王敏正在为您服务")
    expect(page.locator(".line.agent .speaker")).to_have_text("王敏")
    shade = "(node) => getComputedStyle(node).backgroundColor"
    agent, bot = page.locator(".agent .bubble"), page.locator(".line.bot .bubble").first
    assert agent.evaluate(shade) != bot.evaluate(shade)
    note = page.locator(".note", has_text="王敏 来了")
    assert note.evaluate("(node) => getComputedStyle(node).textAlign") == "center"
    twin.add(twin.only, author="system", text="对方撤回了一条消息")
    expect(page.locator(".note", has_text="对方撤回了一条消息")).to_be_visible()
    twin.change(twin.only, agent_name="林芳")
    expect(page.locator("#status-text")).to_have_text("林芳正在为您服务")


def test_a_notice_beside_a_person_shows_its_case(page: Page, twin: Twin) -> None:
    twin.change(twin.only, mode="human", agent_name="王敏")
    ticket = {"no": "26112300014", "state": "done", "due": None}
    twin.add(twin.only, author="system", text="办好了。您看解决了吗？", ticket=ticket)
    page.locator(".note .card.case").get_by_role("button", name="还没解决").click()
    expect(page.locator(".mine .bubble")).to_have_text("还没解决")
    assert twin.posts[-1]["payload"] == "case:dispute=26112300014"


def test_an_ended_talk_is_rated_once_and_goes_on_as_a_new_one(page: Page, twin: Twin) -> None:
    twin.change(twin.only, mode="closed")
    expect(page.locator("#strip")).to_contain_text("这次服务结束了")
    card = rating(page)
    assert card.get_by_role("button").count() == 0
    card.get_by_role("radio", name="4 星，满意").check(force=True)
    card.get_by_role("textbox").fill("挺快的")
    card.get_by_role("button", name="提交评价").click()
    expect(card).to_contain_text("谢谢您的评价")
    assert twin.only.ratings == {1: {"score": 4, "comment": "挺快的"}}
    assert page.evaluate("() => document.getElementById('app').scrollTop") == 0

    page.reload()
    expect(page.locator("#strip")).to_contain_text("这次服务结束了")
    expect(page.locator("#rating")).to_be_hidden()
    say(page, "还有一件事")
    heard(page, "收到：还有一件事")
    expect(page.locator("#strip")).to_be_hidden()
    twin.change(twin.only, mode="closed")
    rating(page).get_by_role("radio", name="1 星，不满意").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="提交评价").press("Enter")
    expect(rating(page)).to_contain_text("谢谢您直说")
    assert twin.only.ratings[2] == {"score": 1, "comment": ""}


def test_a_case_that_is_over_asks_for_stars_instead_of_five_buttons(page: Page, twin: Twin) -> None:
    twin.add(twin.only, text="这张单子结束了。这次服务您觉得怎么样？", buttons=SCORES)
    rating(page)
    expect(page.locator("#chips")).to_be_hidden()
    say(page, "别的事")
    expect(page.locator("#rating")).to_be_hidden()
    assert mine(page) == ["别的事"]


def test_a_rating_that_is_not_taken_can_be_sent_again(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("rating", "429")]
    page.route("**/rating", lambda route: route.abort(), times=1)
    twin.change(twin.only, mode="closed")
    card = rating(page)
    card.get_by_role("radio", name="5 星，很满意").check(force=True)
    for told in ("没有送出去，请再试一次", "现在有点忙", "谢谢您的评价"):
        card.get_by_role("button", name="提交评价").click()
        expect(card).to_contain_text(told)
    assert twin.only.ratings[1]["score"] == 5


def test_who_rated_elsewhere_is_told_so(page: Page, twin: Twin) -> None:
    twin.only.ratings[1] = {"score": 3, "comment": ""}
    twin.change(twin.only, mode="closed")
    card = rating(page)
    card.get_by_role("radio", name="5 星，很满意").check(force=True)
    card.get_by_role("button", name="提交评价").click()
    expect(card).to_contain_text("这次您已经评过了")


def test_each_side_sees_that_the_other_one_types(page: Page, twin: Twin) -> None:
    page.locator("#text").type("还没有人")
    page.clock.install()
    twin.change(twin.only, mode="human", agent_name="王敏")
    for ended_by in ("time", "line"):
        twin.change(twin.only, typing=True)
        expect(page.locator("#typing")).to_contain_text("客服正在输入")
        if ended_by == "time":
            page.clock.fast_forward(6_000)
        else:
            twin.add(twin.only, author="agent", author_name="王敏", text="两天就好。")
        expect(page.locator("#typing")).to_be_hidden()

    assert twin.typed == []
    page.clock.set_fixed_time(datetime.now(UTC))
    # The part that tells of typing is fetched when a person comes.
    assert until(lambda: bool(page.locator("#text").type("请问") or twin.typed))
    page.locator("#text").type("，什么时候能好")
    assert twin.typed == [twin.only.id]
