"""A shopper with a phone and two people at the desk, on the whole product; and what goes wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts.steps.places import ROOT
from tests.desk.agent import (
    OWN,
    PATIENCE,
    complaints,
    enter,
    press,
    reads,
    role,
    sit_down,
    watch,
    write,
)
from tests.fixtures.browser import PHONE
from tests.fixtures.stack import Stack, running_stack
from tests.page.shopper import say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.rasa, pytest.mark.browser]

STAFF = (
    ("lin", "林晓", ("agent",)),
    ("zhao", "赵敏", ("agent", "supervisor")),
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Stack]:
    """The product on a Monday morning, with two people who have changed their first password."""
    var = tmp_path_factory.mktemp("desk")
    with running_stack(var, CLOCK="2026-11-23T10:20:00", SIGN_IN_RATE="1000/minute") as running:
        for login, name, roles in STAFF:
            _hire(browser, running, login, name, roles)
        yield running


def _hire(browser: Browser, running: Stack, login: str, name: str, roles: tuple[str, ...]) -> None:
    asked = [part for each in roles for part in ("--role", each)]
    command = [sys.executable, "-m", "bot", "users", "add", login, "--name", name, "--json", *asked]
    told = subprocess.run(
        command, cwd=ROOT, env=running.environment, capture_output=True, text=True, check=True
    )
    first = json.loads(told.stdout)["first_password"]
    page = browser.new_page()
    page.goto(f"{running.url}/desk/sign-in")
    for fields in (
        {"login": login, "password": first},
        {"old": first, "new": OWN, "again": OWN},
    ):
        for field, value in fields.items():
            page.fill(f"[name={field}]", value)
        page.click("button")
    page.locator(".desk-head").wait_for()
    page.close()


@pytest.fixture
def lin(browser: Browser, product: Stack) -> Iterator[Page]:
    """An agent who takes conversations."""
    yield from _at_desk(browser, product, "lin")


@pytest.fixture
def zhao(browser: Browser, product: Stack) -> Iterator[Page]:
    """A supervisor who takes conversations."""
    yield from _at_desk(browser, product, "zhao")


def _at_desk(browser: Browser, product: Stack, login: str) -> Iterator[Page]:
    page = sit_down(browser, product.url, login)
    comes(page)
    yield page
    assert complaints(page.context) == []
    page.context.close()


def comes(page: Page) -> None:
    """Begin to take conversations, if that has not been begun."""
    state = page.locator(".desk-state", has_text=re.compile("接待中|未上线"))
    state.wait_for()
    if "接待中" not in state.inner_text():
        page.click("text=开始接待")
        page.locator(".desk-state", has_text="接待中").wait_for()


@pytest.fixture
def phone(browser: Browser, product: Stack) -> Iterator[Page]:
    """A shopper."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{product.url}/?shop=brand_fashion")
    page.locator("#chips button").first.wait_for()
    yield page
    context.close()


def hears(phone: Page, text: str) -> None:
    """Wait for words on the shopper's phone."""
    phone.locator("#lines", has_text=text).wait_for()


def takes(agent: Page, phone: Page, words: str) -> None:
    """The shopper asks for a person, and this one comes."""
    say(phone, f"{words}，转人工")
    waiting = agent.locator(role(agent, "waiting")).locator("tr", has_text=words)
    waiting.last.locator("text=接待").click()
    agent.wait_for_url("**/c/**")
    reads(agent, words)


def test_a_shopper_is_answered_passed_on_given_back_and_asked_what_they_thought(
    lin: Page, zhao: Page, phone: Page
) -> None:
    takes(lin, phone, "外套拉链坏了")
    hears(phone, "林晓 来了")
    lin.locator(".composer textarea").press_sequentially("您好")
    phone.locator("#typing", has_text="客服正在输入").wait_for()
    write(lin, "您好，拉链我看一下，麻烦拍张照片。")
    hears(phone, "拉链我看一下")
    phone.locator("#text").press_sequentially("好的")
    lin.locator(".types", has_text="顾客正在输入").wait_for()
    say(phone, "好的，稍等")
    reads(lin, "好的，稍等")
    lin.locator(".line.agent .state.sent").wait_for()

    lin.fill(".composer textarea", "没来得及发的话")
    press(lin, "transfer")
    lin.locator(".q-dialog .q-select").first.click()
    lin.locator(".q-item", has_text="赵敏").click()
    lin.locator(".q-dialog textarea").fill("拉链坏了，等照片")
    press(lin, "ok")
    hears(phone, "赵敏 来了")
    lin.locator(".problem", has_text="不由您接待").wait_for()
    expect(lin.locator(".composer textarea")).to_have_value("没来得及发的话")
    zhao.goto(lin.url)
    zhao.locator(".sections", has_text="等照片").wait_for()
    write(zhao, "我是赵敏，接着办。")
    hears(phone, "接着办")

    press(zhao, "back")
    press(zhao, "ok")
    zhao.locator(".talk-mode.bot").wait_for()
    press(zhao, "over")
    zhao.locator(".q-dialog input").fill("补一句")
    press(zhao, "ok")
    zhao.locator(".talk-mode.human").wait_for()
    press(zhao, "end")
    press(zhao, "ok")
    hears(phone, "先聊到这儿")
    zhao.locator(".talk-mode.closed").wait_for()
    assert _rates(phone) == 201


def _rates(phone: Page) -> int:
    """Rate with what the phone's page remembers of its conversation."""
    script = """async () => {
      const kept = Object.values(localStorage).find((text) => text.includes("visitor_token"));
      const mine = JSON.parse(kept);
      const headers = { "Content-Type": "application/json",
                        Authorization: `Bearer ${mine.visitor_token}` };
      const url = `/api/chat/conversations/${mine.conversation_id}/rating`;
      const answer = await fetch(url, { method: "POST", headers, body: '{"score": 5}' });
      return answer.status;
    }"""
    status: int = phone.evaluate(script)
    return status


def test_a_promise_needs_a_reason_before_it_leaves(lin: Page, phone: Page) -> None:
    takes(lin, phone, "袖口开线")
    write(lin, "给您全额退款五百块，今天到账。")
    lin.locator(".guard", has_text="五百块").wait_for()
    assert phone.locator("#lines", has_text="五百块").count() == 0
    lin.select_option(".over select", "goodwill")
    lin.fill(".over input", "经理电话里同意")
    lin.click(".over button")
    hears(phone, "五百块")


def test_canned_replies_are_found_by_a_slash_and_an_unknown_blank_sends_nothing(
    lin: Page, phone: Page
) -> None:
    takes(lin, phone, "扣子掉了")
    box = lin.locator(".composer textarea")
    box.fill("/打招呼")
    lin.locator(".found li").first.wait_for()
    box.press("Enter")
    expect(box).to_have_value(re.compile("林晓"))
    box.press("Enter")
    hears(phone, "接着帮您办")
    write(lin, "您好{姓名}")
    lin.locator(".problem", has_text="不认识").wait_for()
    expect(box).to_have_value("您好{姓名}")


def test_what_shoppers_write_is_never_run(lin: Page, phone: Page) -> None:
    takes(lin, phone, "<img src=x onerror=document.title='坏'><script>document.title='坏'</script>")
    long = "很长" * 800
    say(phone, long)
    lin.locator(".line.shopper .more").wait_for()
    assert lin.locator(".talk img, .talk script").count() == 0
    assert "坏" not in lin.title()
    write(lin, "啊" * 50_000)
    lin.locator(".problem", has_text="2000").wait_for()


def test_a_line_written_without_network_is_sent_once_when_it_is_back(
    lin: Page, phone: Page
) -> None:
    takes(lin, phone, "鞋跟掉了")
    expect(lin.locator(".composer textarea")).to_be_editable()
    lin.context.set_offline(True)
    lin.evaluate("window.socket.io.engine.close()")
    lin.wait_for_function("() => !window.socket.connected")
    write(lin, "断网时写的话")
    lin.locator(".wait").wait_for()
    expect(lin.locator(".composer textarea")).to_have_value("断网时写的话")
    lin.context.set_offline(False)
    hears(phone, "断网时写的话")
    assert phone.locator("#lines").inner_text().count("断网时写的话") == 1


def test_two_tabs_of_one_person_know_of_each_other_and_show_the_same(
    lin: Page, phone: Page
) -> None:
    takes(lin, phone, "裤脚长了")
    second = lin.context.new_page()
    watch(second)
    second.goto(lin.url)
    second.locator(".others", has_text="另一个窗口").wait_for()
    write(second, "第二个窗口说的")
    reads(lin, "第二个窗口说的")
    hears(phone, "第二个窗口说的")


def test_an_ended_session_closes_the_page_and_keeps_what_was_not_sent(
    browser: Browser, product: Stack, phone: Page
) -> None:
    zhao = sit_down(browser, product.url, "zhao")
    comes(zhao)
    takes(zhao, phone, "衣领变形")
    zhao.fill(".composer textarea", "写到一半的话")
    talk, other = zhao.url, zhao.context.new_page()
    other.goto(f"{product.url}/desk/")
    other.click("text=退出")
    zhao.wait_for_url("**/sign-in**")
    assert zhao.locator(".composer").count() == 0
    assert zhao.get_by_role("alert").inner_text() == "登录已过期，请重新登录。"
    enter(zhao, "zhao")
    zhao.wait_for_url(talk)
    expect(zhao.locator(".composer textarea")).to_have_value("写到一半的话")
    assert phone.locator("#lines", has_text="写到一半").count() == 0
    zhao.context.close()
