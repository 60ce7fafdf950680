"""Care, symbols and places as the shopper reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.knowledge.care import Care
from bot.knowledge.care_file import load
from bot.knowledge.labels import Labels
from bot.shops.about import Store

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from bot.knowledge.entries import Told
    from tests.page.twin import Twin

pytestmark = pytest.mark.browser
FILES = load()


def shown(page: Page, twin: Twin, told: Told) -> Locator:
    """The card of an answer, once it is there."""
    twin.add(twin.only, text=told.text, card=dict(told.card))
    card = page.locator(".card").last
    card.wait_for()
    return card


def asked(text: str) -> Told:
    """An answer of the real knowledge room."""
    told = Labels(FILES).answer(text) or Care(FILES, list).answer(text)
    assert told is not None
    return told


def test_every_symbol_is_drawn_inside_its_board(page: Page, twin: Twin) -> None:
    everything = [symbol.shown() for symbol in FILES.symbols.values()]
    told = asked("这个三角形是什么意思")
    twin.add(twin.only, text="水洗标", card={**told.card, "symbols": everything})
    page.locator(".sign").last.wait_for()
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.sign path')].filter((path) => {
          const { x, y, width, height } = path.getBBox();
          return x < 2 || y < 2 || x + width > 46 || y + height > 49 || width + height === 0;
        }).map((path) => path.getAttribute('d'))"""
    )
    assert page.locator(".sign").count() == len(FILES.symbols)
    assert outside == []


def test_a_symbol_has_its_letters_and_its_meaning_beside_it(page: Page, twin: Twin) -> None:
    card = shown(page, twin, asked("圆圈里一个P"))
    assert card.locator("svg.sign text").text_content() == "P"
    assert "可以干洗" in card.inner_text()


def test_the_triangle_is_explained_with_its_three_forms(page: Page, twin: Twin) -> None:
    card = shown(page, twin, asked("这个三角形是什么意思"))
    assert card.locator(".sign").count() == 3
    assert "不能漂白" in card.inner_text()


def test_the_rest_of_the_care_opens_on_demand(page: Page, twin: Twin) -> None:
    card = shown(page, twin, asked("羊绒衫怎么洗"))
    assert not card.get_by_text("收纳").is_visible()
    card.get_by_text("全部打理办法").press("Enter")
    assert card.get_by_text("收纳").is_visible()


def test_a_place_has_its_address_phone_and_a_safe_link(page: Page, twin: Twin) -> None:
    good = Store("一店", "样例路 1 号", "400-000-0101", "10:00–21:00", "https://map.example.com/1")
    bad = Store("二店", "样例路 2 号", "400-000-0102", "10:00–21:00", "javascript:alert(1)")
    places = [good.shown(), bad.shown()]
    card = {"kind": "places", "title": "门店", "rows": [], "places": places}
    twin.add(twin.only, text="门店", card=card)
    page.locator(".place").last.wait_for()
    links = page.locator(".place a")
    assert links.evaluate_all("all => all.map((a) => [a.href, a.rel])") == [
        ["https://map.example.com/1", "noopener noreferrer"]
    ]
    assert "400-000-0102" in page.locator(".card").inner_text()
