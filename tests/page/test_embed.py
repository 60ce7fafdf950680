"""The desk on a shop's own site: one script tag, the shop's colours, a badge, nothing in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.host import site
from tests.page.twin import Twin

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 800}
BLOCKED = """for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });"""


@pytest.fixture
def shop(context: BrowserContext, twin: Twin) -> Iterator[Page]:
    """The shop's site in a wide window; a script error anywhere fails the test."""
    with site(twin.url) as url:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_viewport_size(DESK)
        page.goto(url)
        launcher(page).wait_for()
        yield page
        page.close()
        assert complaints == []


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="联系小象童装")


def opened(page: Page) -> FrameLocator:
    launcher(page).click()
    frame = page.frame_locator("iframe")
    frame.locator("#chips button").first.wait_for()
    return frame


def test_the_launcher_opens_the_desk_of_that_shop(shop: Page, twin: Twin) -> None:
    frame = opened(shop)
    assert twin.begun == [{"shop": "kids"}]
    expect(frame.locator("#shop-name")).to_have_text("小象童装")
    expect(frame.locator("#mark")).to_have_text("小")
    expect(launcher(shop)).to_have_attribute("aria-expanded", "true")
    assert shop.get_by_role("dialog", name="小象童装").is_visible()
    box = shop.get_by_role("dialog").bounding_box()
    assert (box["width"], box["x"] + box["width"]) == (400, DESK["width"] - 20)


def test_nothing_is_loaded_before_it_is_opened(shop: Page, twin: Twin) -> None:
    assert shop.locator("iframe").count() == 0
    assert twin.begun == []


def test_the_launcher_has_the_shops_colour_and_none_of_the_sites_rules(shop: Page) -> None:
    colour = launcher(shop).evaluate("(button) => getComputedStyle(button).backgroundColor")
    assert colour == "rgb(194, 65, 12)"
    box = launcher(shop).bounding_box()
    assert box["width"] == box["height"] >= 56


def test_a_line_is_answered_inside_the_site(shop: Page, twin: Twin) -> None:
    frame = opened(shop)
    frame.locator("#text").fill("在吗")
    frame.locator("#text").press("Enter")
    frame.locator(".bubble", has_text="收到：在吗").wait_for()
    assert twin.said() == ["在吗"]


def test_escape_closes_and_the_focus_returns(shop: Page) -> None:
    launcher(shop).focus()
    shop.keyboard.press("Enter")
    frame = shop.frame_locator("iframe")
    frame.locator("#chips button").first.wait_for()
    expect(frame.locator("#text")).to_be_focused()
    shop.keyboard.press("Escape")
    shop.get_by_role("dialog").wait_for(state="hidden")
    expect(launcher(shop)).to_be_focused()
    expect(launcher(shop)).to_have_attribute("aria-expanded", "false")


def test_escape_in_a_large_photo_closes_only_the_photo(shop: Page) -> None:
    from tests.page.photos import chosen, photo

    frame = opened(shop)
    frame.locator("#file").set_input_files([chosen(photo())])
    frame.locator(".tray-note", has_text="1 张照片").wait_for()
    frame.locator("#send").click()
    frame.locator(".shot").click()
    frame.locator(".viewer").wait_for()
    shop.keyboard.press("Escape")
    frame.locator(".viewer").wait_for(state="detached")
    assert shop.get_by_role("dialog", name="小象童装").is_visible()


def test_the_button_in_the_bar_closes_it_too(shop: Page) -> None:
    opened(shop).get_by_role("button", name="收起对话").click()
    shop.get_by_role("dialog").wait_for(state="hidden")
    expect(launcher(shop)).to_be_focused()


def test_lines_that_come_while_it_is_closed_are_counted(shop: Page, twin: Twin) -> None:
    opened(shop).get_by_role("button", name="收起对话").click()
    shop.get_by_role("dialog").wait_for(state="hidden")
    for text in ("第一句", "第二句"):
        twin.add(twin.only, text=text)
    told = shop.get_by_role("button", name="联系小象童装，2 条新消息")
    told.wait_for()
    told.click()
    shop.get_by_role("button", name="联系小象童装", exact=True).wait_for()


def test_the_badge_goes_on_counting_on_the_next_page(context: BrowserContext, twin: Twin) -> None:
    page = context.new_page()
    page.set_viewport_size(DESK)
    with site(twin.url, name="127.0.0.1") as url:
        page.goto(url)
        opened(page).get_by_role("button", name="收起对话").click()
        page.get_by_role("dialog").wait_for(state="hidden")
        page.reload()
        launcher(page).wait_for()
        twin.add(twin.only, text="回来了吗")
        page.get_by_role("button", name="1 条新消息").wait_for()
        page.close()
    assert len(twin.conversations) == 1


def test_on_a_phone_it_fills_the_screen(shop: Page) -> None:
    shop.set_viewport_size({"width": 390, "height": 844})
    opened(shop)
    assert shop.get_by_role("dialog").bounding_box() == {
        "x": 0,
        "y": 0,
        "width": 390,
        "height": 844,
    }
    assert launcher(shop).count() == 0
    expect(shop.get_by_role("dialog")).to_have_attribute("aria-modal", "true")


@pytest.mark.parametrize(
    "message", ["{desk: 'unread', count: 7}", "{desk: 'close'}", "null", "'x'"]
)
def test_other_windows_are_not_listened_to(shop: Page, message: str) -> None:
    opened(shop)
    shop.evaluate(f"() => window.postMessage({message}, '*')")
    frame = shop.frames[1]
    frame.evaluate(f"() => window.postMessage({message}, '*')")
    frame.evaluate("() => window.postMessage({desk: 'hidden'}, '*')")
    shop.wait_for_timeout(200)
    assert shop.get_by_role("dialog").is_visible()
    assert shop.get_by_role("button", name="7 条新消息").count() == 0


def test_blocked_storage_costs_nothing_but_the_memory(context: BrowserContext, twin: Twin) -> None:
    page = context.new_page()
    page.add_init_script(BLOCKED)
    with site(twin.url) as url:
        page.goto(url)
        frame = opened(page)
        frame.locator("#text").fill("没有存储")
        frame.locator("#text").press("Enter")
        frame.locator(".bubble", has_text="收到：没有存储").wait_for()
        page.close()
    assert twin.said() == ["没有存储"]


def test_an_unknown_shop_shows_no_launcher(context: BrowserContext, twin: Twin) -> None:
    page = context.new_page()
    with (
        site(twin.url, shop="nosuch") as url,
        page.expect_console_message(lambda line: "no such shop" in line.text),
    ):
        page.goto(url)
    assert page.get_by_role("button").count() == 0


def test_a_site_with_a_strict_policy_can_have_it(context: BrowserContext, twin: Twin) -> None:
    desk = twin.url.rstrip("/")
    policy = f"default-src 'none'; script-src {desk}; frame-src {desk}; style-src 'none'"
    page = context.new_page()
    page.set_viewport_size(DESK)
    with site(twin.url, policy=policy) as url:
        page.goto(url)
        button = page.get_by_role("button", name="联系售后服务")  # its name could not be asked for
        button.click()
        assert button.evaluate("(node) => getComputedStyle(node).position") == "fixed"
        page.frame_locator("iframe").locator("#chips button").first.wait_for()
        page.close()


def test_an_unknown_shop_in_the_address_is_said_plainly(
    context: BrowserContext, twin: Twin
) -> None:
    page = context.new_page()
    page.goto(f"{twin.url}?shop=nosuch")
    page.locator(".note", has_text="没有找到这家店").wait_for()
    assert page.locator("#text").is_hidden()
    page.wait_for_timeout(1500)
    assert len(twin.begun) == 1


def test_name_mark_and_colours_of_the_shop_are_kept_for_the_next_time(
    context: BrowserContext, twin: Twin
) -> None:
    page = context.new_page()
    page.goto(f"{twin.url}?shop=kids")
    page.locator("#chips button").first.wait_for()
    expect(page).to_have_title("小象童装")
    accent = "() => document.documentElement.style.getPropertyValue('--accent')"
    assert page.evaluate(accent) == "#c2410c"
    page.route("**/api/chat/shops/**", lambda route: route.abort())
    page.reload()
    page.locator("#chips button").first.wait_for()
    assert page.evaluate(accent) == "#c2410c"
    expect(page).to_have_title("小象童装")
