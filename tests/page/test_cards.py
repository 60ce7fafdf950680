"""The decision and the case as the shopper reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.page.script import TICKET
from tests.page.shopper import say

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser


def test_the_decision_card_says_result_amount_term_presumptions_and_grounds(page: Page) -> None:
    page.get_by_role("button", name="想退货").click()
    page.get_by_role("button", name="还在").click()
    card = page.locator(".card")
    card.wait_for()
    text = card.inner_text()
    for words in (
        "可以退款",
        "¥1,299",
        "收到商品后 7 个工作日内",
        "12月2日（周三）18:00 前",
        "带上商品、吊牌和小票",
    ):
        assert words in text
    assert "我们先按门店购买、正价商品、没有破损处理（另有 1 项按常见情况）" in text
    assert card.locator("svg").count() >= 1
    assert not card.get_by_text("XX-R-03").is_visible()
    card.get_by_text("依据 2 条规则").press("Enter")
    assert card.get_by_text("XX-R-03").is_visible()
    assert card.get_by_text("不喜欢，七天内可以退").is_visible()


def test_a_refusal_names_what_is_still_possible(page: Page) -> None:
    say(page, "退")
    page.get_by_role("button", name="剪掉").click()
    page.locator(".card.no").wait_for()
    text = page.locator(".card").inner_text()
    assert all(words in text for words in ("这次不能办理", "您还可以", "付费维修"))


def test_the_case_number_is_grouped_to_the_eye_and_whole_when_copied(
    page: Page, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    say(page, "登记")
    card = page.locator(".card.case")
    card.wait_for()
    assert card.locator(".digits span").all_inner_texts() == ["261123", "0001", "4"]
    assert card.locator(".digits").text_content() == TICKET["no"]
    assert "已提交" in card.inner_text()
    assert "11月30日（周一）18:00 前" in card.inner_text()
    card.get_by_role("button", name=re.compile("复制单号")).click()
    card.get_by_text("已复制", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == TICKET["no"]
