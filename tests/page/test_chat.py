"""The shopper page in a browser: talking, choosing, typing and reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.shopper import compose, heard, mine, say
from tests.page.twin import Fault, Twin

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser


def test_the_greeting_is_shown_once_with_its_buttons(page: Page) -> None:
    assert page.locator(".bubble").count() == 1
    assert page.locator("#chips button").count() == 4
    assert page.get_attribute("html", "lang") == "zh-CN"
    told = page.locator(".line").first.get_by_role("link", name="《隐私说明》")
    assert told.get_attribute("href") == "/privacy"


def test_the_shop_in_the_address_is_asked_for_and_otherwise_left_to_the_server(
    page: Page, twin: Twin
) -> None:
    page.goto(f"{twin.url}?shop=dept_fashion")
    page.locator("#chips button").first.wait_for()
    assert twin.begun == [{}, {"shop": "dept_fashion"}]


def test_a_line_is_sent_and_answered_in_order(page: Page, twin: Twin) -> None:
    say(page, "你好呀")
    heard(page, "收到：你好呀")
    assert twin.said() == mine(page) == ["你好呀"]
    assert page.input_value("#text") == ""


def test_who_goes_on_has_agreed_and_is_noted_once(page: Page, twin: Twin) -> None:
    assert twin.consents == []
    for words in ("第一句", "第二句"):
        say(page, words)
        heard(page, f"收到：{words}")
    assert twin.consents == [(twin.only.id, "2026-11")]


def test_every_step_of_a_line_is_told(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("post", "slow", seconds=0.6)]
    twin.answer_after = 1.0
    say(page, "慢一点")
    expect(page.locator(".mine .state")).to_have_text("发送中")
    expect(page.locator(".mine .state")).to_have_text("已发送")
    heard(page, "收到：慢一点")
    expect(page.locator(".mine .state")).to_be_hidden()


def test_typing_is_shown_between_the_line_and_its_answer(page: Page, twin: Twin) -> None:
    twin.answer_after = 1.0
    say(page, "在吗")
    page.locator("#typing").wait_for()
    heard(page, "收到：在吗")
    assert page.locator("#typing").is_hidden()


def test_a_reload_keeps_every_line_once_and_the_draft(page: Page, twin: Twin) -> None:
    say(page, "第一句")
    heard(page, "收到：第一句")
    page.fill("#text", "还没写完")
    page.reload()
    heard(page, "收到：第一句")
    assert mine(page) == ["第一句"]
    assert page.locator(".bubble").count() == 3
    assert page.input_value("#text") == "还没写完"
    assert len(twin.conversations) == 1


def test_two_windows_share_one_conversation(
    page: Page, twin: Twin, context: BrowserContext
) -> None:
    second = context.new_page()
    second.goto(twin.url)
    second.locator("#chips button").first.wait_for()
    say(second, "另一个窗口")
    heard(page, "收到：另一个窗口")
    assert len(twin.conversations) == 1
    assert twin.said() == mine(page) == mine(second) == ["另一个窗口"]


def test_a_pressed_button_sends_its_payload_and_shows_its_title(page: Page, twin: Twin) -> None:
    page.get_by_role("button", name="想退货").click()
    heard(page, "吊牌还在吗")
    assert mine(page) == ["想退货"]
    assert twin.posts[-1]["payload"] == "intent:return_request"
    assert twin.posts[-1]["text"] == "想退货"
    assert page.locator("#chips button").all_inner_texts() == ["还在", "已经剪掉了", "记不清了"]


def test_free_text_takes_the_buttons_away(page: Page) -> None:
    say(page, "沉默")
    page.locator("#chips").wait_for(state="hidden")


def test_a_person_can_be_asked_for_at_any_time(page: Page, twin: Twin) -> None:
    page.click("#human")
    page.locator(".note", has_text="已经为您排队").wait_for()
    assert twin.posts[-1]["payload"] == "human"
    page.locator("#strip", has_text="第 2 位").wait_for()
    page.click("#human", force=True)
    assert len(twin.posts) == 1
    say(page, "专人")
    heard(page, "林芳")
    page.locator("#status-text", has_text="林芳正在为您服务").wait_for()


def test_markup_in_any_line_is_shown_as_text(page: Page, twin: Twin) -> None:
    attack = "标签<script>document.title='破'</script>"
    say(page, attack)
    heard(page, "<img src=x")
    assert mine(page) == [attack]
    assert page.locator("#lines img, #lines script, #lines b").count() == 0
    assert page.title() == "售后服务台"


def test_enter_that_chooses_a_word_does_not_send(page: Page, twin: Twin) -> None:
    page.fill("#text", "nihao")
    compose(page, "compositionstart")
    page.press("#text", "Enter")
    compose(page, "compositionend")
    last = "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229}))"
    page.locator("#text").evaluate(last)
    page.wait_for_timeout(300)
    assert twin.posts == []
    say(page, "你好")
    heard(page, "收到：你好")


def test_shift_enter_starts_a_new_line_and_the_box_grows(page: Page, twin: Twin) -> None:
    before = page.locator("#text").bounding_box()["height"]
    page.fill("#text", "上")
    page.press("#text", "Shift+Enter")
    page.keyboard.type("下")
    assert page.input_value("#text") == "上\n下"
    assert page.locator("#text").bounding_box()["height"] > before
    assert twin.posts == []


def test_a_line_too_long_is_counted_and_not_sent(page: Page, twin: Twin) -> None:
    page.fill("#text", "字" * 1990)
    page.locator("#counter", has_text="还可写 10 字").wait_for()
    page.fill("#text", "字" * 2003)
    page.locator("#counter", has_text="超出 3 字").wait_for()
    page.press("#text", "Enter")
    assert page.locator("#send").is_disabled()
    assert twin.posts == []
    assert len(page.input_value("#text")) == 2003


def test_a_reader_further_up_is_left_there_and_told_of_new_lines(page: Page, twin: Twin) -> None:
    for _ in range(2):
        say(page, "长")
        page.wait_for_timeout(400)
    page.locator("#scroller").evaluate("(box) => box.scrollTo(0, 0)")
    page.wait_for_timeout(100)
    twin.add(twin.only, text="新到的一句")
    page.get_by_role("button", name="新消息").wait_for()
    assert page.locator("#scroller").evaluate("(box) => box.scrollTop") == 0
    page.get_by_role("button", name="新消息").click()
    page.locator("#pill").wait_for(state="hidden")
    expect(page.locator(".bubble", has_text="新到的一句")).to_be_in_viewport()


def test_history_is_not_read_aloud_but_new_lines_are(page: Page) -> None:
    log = page.locator("#log")
    assert log.get_attribute("role") == "log"
    expect(log).to_have_attribute("aria-live", "polite")


def test_everything_works_from_the_keyboard(page: Page, twin: Twin) -> None:
    page.locator("#chips button").first.focus()
    page.keyboard.press("Enter")
    heard(page, "吊牌还在吗")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("还在的")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    heard(page, "收到：还在的")
    assert twin.said() == ["想退货", "还在的"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    say(page, "登记" + "长" * 120 + "W" * 300)
    page.locator(".card.case").wait_for()
    assert page.evaluate("document.getElementById('scroller').scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
