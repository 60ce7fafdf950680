"""What a shopper does on the page and sees there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def say(page: Page, text: str) -> None:
    """Type a line and press Enter."""
    page.fill("#text", text)
    page.press("#text", "Enter")


def heard(page: Page, text: str) -> None:
    """Wait for a line of the other side."""
    page.locator(".line:not(.mine) .bubble", has_text=text).last.wait_for()


def mine(page: Page) -> list[str]:
    """The shopper's bubbles, top to bottom."""
    return page.locator(".mine .bubble").all_inner_texts()


def compose(page: Page, event: str) -> None:
    """What an input method does around the word it is building."""
    script = "(box, name) => box.dispatchEvent(new CompositionEvent(name))"
    page.locator("#text").evaluate(script, event)
