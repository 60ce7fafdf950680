"""The page on a phone: a dress goes back, the case number stays."""

import re
from typing import TYPE_CHECKING

import pytest

from bot.tickets import number

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.rasa]


def case_number(page: "Page") -> str:
    card = page.locator(".card.case .digits").last
    card.wait_for()
    return re.sub(r"\D", "", card.inner_text())


def test_a_dress_is_returned_on_a_phone_and_the_case_survives_a_reload(phone: "Page"):
    phone.fill("#text", "昨天买的裙子不喜欢，没穿过，小票在，能退吗")
    phone.press("#text", "Enter")
    phone.get_by_role("button", name="帮我登记").click()
    no = case_number(phone)
    assert number.is_valid(no)
    assert "可以退" in phone.inner_text("#lines")

    phone.reload()
    assert case_number(phone) == no
    lines = phone.locator("#lines").inner_text()
    assert lines.count("昨天买的裙子不喜欢") == 1
