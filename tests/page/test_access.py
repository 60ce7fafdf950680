"""The page for every reader: checked by axe-core, enlarged, by keyboard, in forced colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.page import axe
from tests.page.host import site
from tests.page.photos import chosen, photo
from tests.page.shopper import heard, say
from tests.page.twin import Fault, Twin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FileChooser, Frame, Page

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "desk": (1280, 800)}


def problems(frame: Page | Frame, source: str) -> list[str]:
    """What axe-core calls serious or critical, with the elements."""
    if not frame.evaluate("() => 'axe' in window"):
        frame.evaluate(source)  # as the debugger does it: the page's own policy stays in force
    found: list[dict[str, Any]] = frame.evaluate("async () => (await axe.run()).violations")
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shop", ["dept_fashion", "kids"])
def test_axe_finds_nothing_serious(
    browser: Browser, twin: Twin, size: str, scheme: str, shop: str
) -> None:
    source = axe.source()
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale="zh-CN",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{twin.url}?shop={shop}")
    page.locator("#chips button").first.wait_for()
    assert problems(page, source) == []

    say(page, "情况")
    page.locator(".facts").wait_for()
    page.get_by_role("button", name="穿过没有").click()
    page.get_by_role("button", name="穿过", exact=True).click()
    page.locator(".facts").nth(1).wait_for()
    for words in ("登记", "开胶", "经理"):
        say(page, words)
        page.wait_for_timeout(300)
    page.locator(".card").nth(4).wait_for()
    assert problems(page, source) == []

    twin.faults = [Fault("post", "422"), Fault("upload", "422")]
    say(page, "被拒绝的")
    page.locator(".state", has_text="未送达").wait_for()
    page.set_input_files("#file", [chosen(photo()), chosen(b"x")])
    page.locator(".tray-note", has_text="1 张照片").wait_for()
    assert problems(page, source) == []

    page.click("#send")
    page.locator(".shot").wait_for()
    page.locator(".mine .state", has_text="未送达").nth(1).wait_for()
    page.click("#human")
    page.locator("#strip", has_text="第 2 位").wait_for()
    assert problems(page, source) == []

    say(page, "专人")
    page.locator(".line.agent").wait_for()
    ticket = {"no": "26112300014", "state": "done", "due": None}
    conversation = list(twin.conversations.values())[-1]
    twin.add(conversation, author="system", text="办好了。", ticket=ticket)
    twin.change(conversation, mode="closed")
    page.locator(".rating").get_by_role("radio").last.check(force=True)
    assert problems(page, source) == []

    page.locator(".shot").click()
    page.locator(".viewer img").wait_for()
    assert problems(page, source) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_launcher(
    browser: Browser, twin: Twin, scheme: str
) -> None:
    source = axe.source()
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    with site(twin.url, name="127.0.0.1") as url:
        page = context.new_page()
        page.goto(url)
        page.add_style_tag(content="* { opacity: 1 !important }")
        page.get_by_role("button", name="联系小象童装").click()
        page.frame_locator("iframe").locator("#chips button").first.wait_for()
        assert problems(page.frames[1], source) == []
        launcher = page.evaluate_handle(
            "() => [...document.body.children].find((node) => node.shadowRoot)"
        )
        assert launcher
        assert problems(page, source) == []
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_text_of_twice_the_size_loses_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    say(page, "情况")
    page.locator(".facts").wait_for()
    say(page, "登记")
    page.locator(".card.case").wait_for()
    page.set_input_files("#file", [chosen(photo())])
    page.locator(".tray-note", has_text="1 张照片").wait_for()
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    page.wait_for_timeout(200)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => document.getElementById('scroller').scrollWidth <= innerWidth")
    for name in ("#human", "#photo", "#send", "#text"):
        box = page.locator(name).bounding_box()
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= width, name
        assert box["y"] + box["height"] <= 844, name
    cut = """() => [...document.querySelectorAll('.bubble, .card, .chip, .tray-note, #shop-name, #status-text')]
      .filter((node) => node.checkVisibility?.() !== false && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
        && getComputedStyle(node).display !== 'inline')
      .map((node) => node.className + node.textContent.slice(0, 20))"""
    assert page.evaluate(cut) == []
    assert page.locator("#scroller").bounding_box()["height"] > 160


def test_a_photo_is_chosen_sent_and_seen_without_a_mouse(page: Page) -> None:
    opened: list[FileChooser] = []
    page.on(
        "filechooser", lambda chooser: opened.append(chooser)
    )  # well before: the browser is told of it on the side
    page.wait_for_timeout(500)
    page.focus("#photo")
    page.keyboard.press("Enter")
    for _ in range(50):
        page.wait_for_timeout(100)
        if opened:
            break
    opened[0].set_files([chosen(photo()), chosen(photo())])
    page.locator(".tray-note", has_text="2 张照片").wait_for()
    page.get_by_role("button", name="去掉第 2 张照片").focus()
    page.keyboard.press("Enter")
    page.locator(".tray-note", has_text="1 张照片").wait_for()
    page.focus("#text")
    page.keyboard.press("Enter")
    heard(page, "照片收到了")
    page.locator(".shot").focus()
    page.keyboard.press("Space")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_every_stop_of_the_tab_key_can_be_seen(page: Page) -> None:
    say(page, "情况")
    page.locator(".facts").wait_for()
    page.evaluate("() => document.activeElement.blur()")
    stops = []
    for _ in range(14):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const node = document.activeElement;
              if (node === document.body) return null;
              const drawn = getComputedStyle(node.id === 'text' ? node.parentNode : node);
              const ring = parseFloat(drawn.outlineWidth) > 0 && drawn.outlineStyle !== 'none';
              return [node.id || node.className || node.textContent, ring || drawn.boxShadow !== 'none'];
            }"""
        )
        if stop:
            stops.append(stop)
    assert len(stops) >= 8
    assert [name for name, seen in stops if not seen] == []


def test_nothing_moves_for_who_wants_it_still(browser: Browser, twin: Twin) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(twin.url)
    page.locator("#chips button").first.wait_for()
    say(page, "慢")
    assert page.evaluate("() => document.getAnimations().length") == 0
    context.close()


def test_forced_colours_keep_borders_and_marks(browser: Browser, twin: Twin) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(twin.url)
    page.locator("#chips button").first.wait_for()
    say(page, "情况")
    page.locator(".facts").wait_for()
    page.set_input_files("#file", [chosen(photo())])
    page.locator(".tray-item img").wait_for()
    for name in (".card", "#send", ".bubble", ".composer", ".tray-item button"):
        width = page.locator(name).first.evaluate(
            "(node) => parseFloat(getComputedStyle(node).borderTopWidth)"
        )
        assert width >= 1, name
    context.close()


def test_a_browser_too_old_for_the_script_is_told_so(browser: Browser, twin: Twin) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "**/page/chat.js",
        lambda route: route.fulfill(body="class X { #", content_type="text/javascript"),
    )
    page.goto(twin.url)
    assert page.locator("#old").is_hidden()
    page.evaluate("document.getAnimations().forEach((shown) => { shown.currentTime = 10_000 })")
    page.locator("#old", has_text="版本较旧").wait_for()
    context.close()
