"""Photos on the page: looked at before they go, sent once whatever happens, seen large."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.page.photos import chosen, heavy, photo
from tests.page.shopper import heard, say
from tests.page.twin import Fault, Twin

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser


def choose(page: Page, *files: dict, ready: int | None = None) -> None:
    """Pick files and wait until they lie ready."""
    page.set_input_files("#file", list(files))
    told = f"{len(files) if ready is None else ready} 张照片，还没有发出"
    page.locator(".tray-note", has_text=told).wait_for()


def shown(page: Page) -> None:
    """Wait until the last photo of the list has its picture."""
    picture = page.locator(".shot img").last
    picture.wait_for()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.shot img')].every((img) => img.naturalWidth > 0)"
    )


def test_a_photo_is_looked_at_before_it_is_sent(page: Page, twin: Twin) -> None:
    choose(page, chosen(photo()))
    assert page.locator(".tray-item img").evaluate("img => img.naturalWidth") == 800
    assert twin.uploads == []
    page.click("#send")
    heard(page, "照片收到了")
    shown(page)
    assert len(twin.uploads) == 1
    assert page.locator("#tray").is_hidden()
    assert page.locator(".mine .shot").count() == 1


def test_words_go_with_photos(page: Page, twin: Twin) -> None:
    choose(page, chosen(photo()), chosen(photo(shade="#204060")))
    say(page, "这两处都裂了")
    heard(page, "照片收到了")
    page.locator(".shot").nth(1).wait_for()
    page.locator(".bubble", has_text="照片收到了").nth(1).wait_for()
    # Photos travel beside the words: what is promised is that all arrive, each once.
    assert sorted(twin.said()) == ["", "", "这两处都裂了"]
    assert len({name for name, _ in twin.uploads}) == 2


def test_a_photo_can_be_taken_back_before_it_is_sent(page: Page, twin: Twin) -> None:
    choose(page, chosen(photo()), chosen(photo()))
    page.get_by_role("button", name="去掉第 2 张照片").click()
    page.locator(".tray-note", has_text="1 张照片").wait_for()
    page.get_by_role("button", name="去掉第 1 张照片").click()
    page.locator("#tray").wait_for(state="hidden")
    assert page.locator("#send").is_disabled()
    assert page.evaluate("document.activeElement.id") in ("photo", "text")


def test_what_is_no_photo_is_told_at_once_and_not_sent(page: Page, twin: Twin) -> None:
    choose(page, chosen(b"no photo at all"), chosen(photo()), ready=1)
    page.locator(".tray-item.bad", has_text="打不开").wait_for()
    page.click("#send")
    heard(page, "照片收到了")
    assert len(twin.uploads) == 1


def test_a_heavy_photo_is_made_smaller_on_the_phone(page: Page, twin: Twin) -> None:
    data = heavy()
    choose(page, chosen(data))
    page.click("#send")
    heard(page, "照片收到了")
    ((_, sent),) = twin.uploads
    assert len(sent) < len(data) / 2
    assert max(Image.open(io.BytesIO(sent)).size) == 2560


def test_a_light_photo_goes_as_it_is(page: Page, twin: Twin) -> None:
    data = photo()
    choose(page, chosen(data))
    page.click("#send")
    heard(page, "照片收到了")
    assert twin.uploads[0][1] == data


def test_a_format_of_another_kind_is_turned_into_a_jpeg(page: Page, twin: Twin) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, "GIF")
    choose(page, chosen(out.getvalue(), "a.gif", "image/gif"))
    page.click("#send")
    heard(page, "照片收到了")
    assert Image.open(io.BytesIO(twin.uploads[0][1])).format == "JPEG"


@pytest.mark.parametrize("fault", ["drop", "drop_after", "500", "429"])
def test_a_broken_off_upload_is_sent_again_under_the_same_id(
    page: Page, twin: Twin, fault: str
) -> None:
    twin.faults = [Fault("upload", fault, times=2)]
    choose(page, chosen(photo()))
    page.click("#send")
    heard(page, "照片收到了")
    assert twin.said() == [""]
    assert len({name for name, _ in twin.uploads}) == 1
    assert page.locator(".mine").count() == 1


def test_a_refused_photo_says_why_and_can_be_removed(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("upload", "422")]
    choose(page, chosen(photo()))
    page.click("#send")
    page.locator(".mine .state", has_text="未送达").wait_for()
    say(page, "后面的话")
    heard(page, "收到：后面的话")
    page.get_by_role("button", name="删除").click()
    expect(page.locator(".mine")).to_have_count(1)
    page.reload()
    heard(page, "收到：后面的话")
    assert page.locator(".shot").count() == 0


def test_an_upload_under_way_shows_how_far_it_is_and_can_be_cancelled(
    page: Page, twin: Twin
) -> None:
    twin.faults = [Fault("upload", "slow", seconds=3)]
    choose(page, chosen(photo()))
    page.click("#send")
    page.get_by_role("progressbar", name="上传进度").wait_for()
    page.get_by_role("button", name="取消").click()
    expect(page.locator(".mine")).to_have_count(0)
    page.reload()
    page.locator("#chips button").first.wait_for()
    assert page.locator(".mine .state button").count() == 0


def test_words_do_not_wait_for_a_slow_photo(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("upload", "slow", seconds=4)]
    choose(page, chosen(photo()))
    page.click("#send")
    say(page, "先说一句")
    heard(page, "收到：先说一句")
    assert twin.said() == ["先说一句"]
    heard(page, "照片收到了")


def test_a_photo_on_its_way_survives_a_reload(page: Page, twin: Twin) -> None:
    twin.faults = [Fault("upload", "drop", times=50)]
    choose(page, chosen(photo()))
    page.click("#send")
    page.locator(".mine .state", has_text="未送达").wait_for()
    page.reload()
    page.locator(".mine .shot").wait_for()
    shown(page)
    twin.faults = []
    heard(page, "照片收到了")
    assert twin.said() == [""]
    assert page.locator(".mine").count() == 1


def test_photos_of_the_transcript_are_shown_again_after_a_reload(page: Page) -> None:
    choose(page, chosen(photo()))
    page.click("#send")
    heard(page, "照片收到了")
    page.reload()
    shown(page)
    assert page.locator(".shot img").get_attribute("alt").startswith("我发的照片")


def test_a_photo_is_seen_large_and_the_keyboard_closes_it(page: Page) -> None:
    choose(page, chosen(photo()))
    page.click("#send")
    heard(page, "照片收到了")
    page.reload()
    shown(page)
    page.locator(".shot").focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog")
    viewer.wait_for()
    page.wait_for_function("() => document.querySelector('.viewer img').naturalWidth > 0")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.viewer') !== null")
    page.keyboard.press("Escape")
    viewer.wait_for(state="detached")
    assert page.evaluate("document.activeElement.className") == "shot"
    page.locator(".shot").click()
    page.get_by_role("button", name="关闭大图").click()
    expect(viewer).to_have_count(0)


DROP = """(bytes) => {
  const data = new DataTransfer();
  const file = new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'a.jpg', {type: 'image/jpeg'});
  data.items.add(file);
  return data;
}"""


def test_a_photo_can_be_dropped_on_the_page(page: Page) -> None:
    data = page.evaluate_handle(DROP, base64.b64encode(photo()).decode())
    page.dispatch_event("#scroller", "dragover", {"dataTransfer": data})
    assert "dropping" in page.get_attribute("#app", "class")
    page.dispatch_event("#scroller", "drop", {"dataTransfer": data})
    page.locator(".tray-note", has_text="1 张照片").wait_for()
    assert "dropping" not in page.get_attribute("#app", "class")


def test_a_photo_can_be_pasted(page: Page) -> None:
    data = page.evaluate_handle(DROP, base64.b64encode(photo()).decode())
    script = "(box, data) => box.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))"
    page.locator("#text").evaluate(script, data)
    page.locator(".tray-note", has_text="1 张照片").wait_for()


def test_more_than_nine_at_once_are_not_taken(page: Page) -> None:
    page.set_input_files("#file", [chosen(photo((50, 50))) for _ in range(11)])
    page.locator(".tray-item").nth(8).wait_for()
    assert page.locator(".tray-item").count() == 9


def test_a_photo_goes_to_the_new_conversation_when_the_old_one_is_lost(
    page: Page, twin: Twin
) -> None:
    page.reload()
    page.locator("#chips button").first.wait_for()
    twin.only.token = "another"
    choose(page, chosen(photo()))
    page.click("#send")
    heard(page, "照片收到了")
    assert len(twin.conversations) == 2
    assert twin.said() == [""]


def test_code_for_photos_that_does_not_come_is_asked_for_again(
    page: Page, context: BrowserContext, twin: Twin
) -> None:
    page.route("**/page/shrink.js", lambda route: route.abort(), times=1)
    page.route("**/page/photos.css", lambda route: route.abort(), times=1)
    choose(page, chosen(photo()))
    page.click("#send")
    heard(page, "照片收到了")
