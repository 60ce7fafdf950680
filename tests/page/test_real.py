"""The page against the real gateway: what the twin plays is what the gateway does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.messages import Line
from tests.fixtures.gateway import Gateway, running_gateway
from tests.page.host import site
from tests.page.photos import chosen, heavy, photo
from tests.page.script import FACTS
from tests.page.shopper import heard, mine, say

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

ROOMY = {"photo_rate": "100000/minute", "photo_crowd_rate": "100000/minute"}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """The gateway; its Rasa thanks for photos and repeats words."""
    with running_gateway(tmp_path, **ROOMY) as gateway:
        gateway.rasa.script = lambda question: [
            Line("照片收到了。", facts=FACTS)
            if question.pressed and question.pressed.photo
            else Line(f"答：{question.text}")
        ]
        yield gateway


@pytest.fixture
def page(context: BrowserContext, gateway: Gateway) -> Iterator[Page]:
    """The real page; a script error or a blocked resource fails the test."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security" in line.text else None,
    )
    opened.goto(f"{address(gateway)}?shop=dept_fashion")
    opened.locator("#chips button").first.wait_for()
    yield opened
    opened.close()
    assert complaints == []


def address(gateway: Gateway) -> str:
    return str(gateway.client.base_url).rstrip("/") + "/"


def test_photos_are_sent_answered_and_shown_again(page: Page, gateway: Gateway) -> None:
    expect(page).to_have_title("云锦时尚百货")
    page.set_input_files("#file", [chosen(photo((1200, 1600))), chosen(heavy())])
    page.locator(".tray-note", has_text="2 张照片").wait_for()
    say(page, "鞋底裂了")
    page.locator(".facts").nth(1).wait_for()
    page.reload()
    for index in range(2):
        page.locator(".shot").nth(index).scroll_into_view_if_needed()
        page.wait_for_function(
            "(index) => document.querySelectorAll('.shot img')[index].naturalWidth > 0", arg=index
        )
    assert mine(page) == ["鞋底裂了"]
    privacy = gateway.client.get("/api/chat/shops/dept_fashion").json()["privacy"]
    assert page.locator(".consent").inner_text() == privacy["line"]
    assert page.locator(".consent a").get_attribute("href") == privacy["url"]
    page.locator(".shot").first.click()
    page.wait_for_function("() => document.querySelector('.viewer img')?.naturalWidth === 1200")


def test_opening_the_page_loads_less_than_sixty_kilobytes(
    context: BrowserContext, gateway: Gateway
) -> None:
    page = context.new_page()
    loaded: dict[str, int] = {}

    def weigh(response) -> None:
        if "/api/" not in response.url:
            loaded[response.url] = len(response.body())

    page.on("response", weigh)
    page.goto(address(gateway))
    say(page, "你好")
    heard(page, "答：你好")
    page.wait_for_timeout(300)
    assert len(loaded) > 10
    assert sum(loaded.values()) <= 60_000


def test_a_photo_nobody_can_read_is_refused_in_words(page: Page) -> None:
    page.set_input_files("#file", [chosen(photo() + b"<script>1</script>")])
    page.locator(".tray-note", has_text="1 张照片").wait_for()
    page.click("#send")
    page.locator(".mine .state", has_text="不是能识别的照片").wait_for()


def test_photos_too_fast_wait_their_turn(context: BrowserContext, tmp_path: Path) -> None:
    with running_gateway(tmp_path, photo_rate="2/second") as gateway:
        gateway.rasa.script = lambda question: [Line("收到")]
        page = context.new_page()
        page.goto(address(gateway))
        page.locator("#chips button").first.wait_for()
        page.set_input_files("#file", [chosen(photo((300, 300))) for _ in range(6)])
        page.locator(".tray-note", has_text="6 张照片").wait_for()
        page.click("#send")
        answers = page.locator(".line:not(.mine) .bubble", has_text="收到")
        expect(answers).to_have_count(6, timeout=20_000)
        assert page.locator(".shot").count() == 6
        page.close()


def test_only_named_sites_may_show_the_page(context: BrowserContext, tmp_path: Path) -> None:
    page = context.new_page()
    (tmp_path / "own").mkdir()
    with running_gateway(tmp_path / "own") as alone, site(address(alone), "dept_fashion") as url:
        page.goto(url)
        with page.expect_console_message(lambda line: "frame-ancestors" in line.text):
            page.get_by_role("button", name="联系云锦时尚百货").click()
    with (
        running_gateway(tmp_path, embed_origins="http://localhost:*") as gateway,
        site(address(gateway), "dept_fashion") as url,
    ):
        page.goto(url)
        page.get_by_role("button", name="联系云锦时尚百货").click()
        frame = page.frame_locator("iframe")
        frame.locator("#chips button").first.wait_for()
        frame.locator("#text").fill("在别的网站里")
        frame.locator("#text").press("Enter")
        frame.locator(".bubble", has_text="答：在别的网站里").wait_for()
        page.close()
