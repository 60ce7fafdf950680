"""What a person at the desk does in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SCREEN = {"width": 1280, "height": 800}
OWN = "yu-hou-de-shan-lu-9"  # the password of everyone in these tests
PATIENCE = 20_000  # a busy machine is no fault


def sit_down(browser: Browser, url: str, login: str, scheme: str = "light") -> Page:
    """A browser at a desk, signed in, in front of the queue."""
    context = browser.new_context(viewport=SCREEN, locale="zh-CN", color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    watch(page)
    page.goto(f"{url}/desk/sign-in")
    enter(page, login)
    return page


def enter(page: Page, login: str) -> None:
    """Fill in the form of the sign-in."""
    page.fill("[name=login]", login)
    page.fill("[name=password]", OWN)
    page.click("button")
    page.locator(".desk-head").wait_for()


def watch(page: Page) -> None:
    """Keep what the page complains of, for `complaints`."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda line: found.append(line.text) if "Content Security" in line.text else None,
    )
    page.complaints = found  # type: ignore[attr-defined]


def complaints(context: BrowserContext) -> list[str]:
    """Script errors and refused resources of all pages of a browser."""
    return [line for page in context.pages for line in getattr(page, "complaints", [])]


def role(page: Page, name: str) -> str:
    """The selector of a control by its `data-role`."""
    return f"[data-role={name}]:visible"


def press(page: Page, name: str) -> None:
    """Press a control by its `data-role`."""
    page.locator(role(page, name)).last.click()


def write(page: Page, text: str) -> None:
    """Type a line and press Enter."""
    box = page.locator(".composer textarea")
    box.fill(text)
    box.press("Enter")


def reads(page: Page, text: str) -> None:
    """Wait for words in the transcript."""
    page.locator(".talk", has_text=text).wait_for()
