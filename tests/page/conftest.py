"""A fresh twin and a fresh browser page for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.browser import PHONE
from tests.page.twin import Twin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def twin() -> Iterator[Twin]:
    """The server side."""
    with Twin().running() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A shopper's phone, with what its browser remembers."""
    phone = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="America/New_York")
    phone.set_default_timeout(20_000)  # a busy machine is no fault
    yield phone
    phone.close()


@pytest.fixture
def page(context: BrowserContext, twin: Twin) -> Iterator[Page]:
    """The page, greeted; a script error or a blocked resource fails the test."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security" in line.text else None,
    )
    opened.goto(twin.url)
    opened.locator("#chips button").first.wait_for()
    yield opened
    assert complaints == []
