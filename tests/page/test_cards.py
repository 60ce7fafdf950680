"""The decision and the case as the shopper reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.tickets.states import TicketState
from tests.page.routes import PAGE
from tests.page.script import FACTS, TICKET
from tests.page.shopper import heard, say

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.page.twin import Twin

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


def test_what_was_noted_is_listed_and_each_fact_can_be_changed(page: Page, twin: Twin) -> None:
    say(page, "情况")
    card = page.get_by_role("region", name="我记下的情况")
    card.wait_for()
    assert [row.split("\n") for row in card.locator(".fact").all_inner_texts()] == [
        [fact["label"], fact["shown"]] for fact in FACTS
    ]
    assert card.get_by_role("button").count() == 4
    card.get_by_role("button", name="穿过没有：没穿过，修改").press("Enter")
    heard(page, "那衣服穿过吗")
    assert (twin.posts[-1]["payload"], twin.posts[-1]["text"]) == ("edit:worn", "修改穿过没有")
    page.get_by_role("button", name="穿过", exact=True).click()
    newer = page.locator(".facts").nth(1)
    newer.wait_for()
    assert "没穿过" not in newer.inner_text()
    assert page.locator(".facts.old button").count() == 0
    assert "后面有更新的一份" in page.locator(".facts.old").inner_text()


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_a_card_that_comes_late_is_scrolled_into_view(page: Page, size: str) -> None:
    page.evaluate(f"() => {{ document.documentElement.style.fontSize = '{size}'; }}")
    say(page, "情况")
    page.locator(".facts").wait_for()
    page.wait_for_function(
        """() => {
          const box = document.getElementById('scroller');
          return box.scrollHeight - box.scrollTop - box.clientHeight < 2 && box.scrollTop > 0;
        }"""
    )


def test_a_line_without_facts_has_no_card_of_facts(page: Page, twin: Twin) -> None:
    for facts in (None, []):
        twin.add(twin.only, text="没有情况", facts=facts)
    page.locator(".bubble", has_text="没有情况").nth(1).wait_for()
    assert page.locator(".facts").count() == 0


def _case(twin: Twin, state: str, **fields: str) -> None:
    twin.add(twin.only, text=f"现在：{state}", ticket={**TICKET, "state": state, **fields})


def test_a_case_offers_what_its_shopper_can_do_and_only_in_its_last_card(
    page: Page, twin: Twin
) -> None:
    acts = page.locator(".case-acts button")
    _case(twin, "reviewing")
    expect(acts).to_have_text(["催一下", "补充照片", "撤回申请"])
    acts.nth(0).click()
    heard(page, "好的。")
    assert (twin.posts[-1]["text"], twin.posts[-1]["payload"]) == (
        "催一下",
        f"case:urge={TICKET['no']}",
    )
    with page.expect_file_chooser():
        acts.nth(1).click()
    _case(twin, "awaiting_customer")
    expect(acts).to_have_text(["补充照片", "撤回申请"])
    _case(twin, "repairing")
    expect(acts).to_have_text(["催一下", "补充照片"])
    _case(twin, "done")
    expect(acts).to_have_text(["解决了", "还没解决"])
    acts.nth(0).click()
    heard(page, "好的。")
    assert twin.posts[-1]["payload"] == f"case:confirm={TICKET['no']}"
    _case(twin, "withdrawn")
    expect(acts).to_have_count(0)


def test_a_time_that_has_passed_is_owned_up_to(page: Page, twin: Twin) -> None:
    _case(twin, "reviewing", due="2026-11-20T10:00:00Z")
    twin.only.messages[-1]["created_at"] = "2026-11-23T10:00:00Z"
    card = page.locator(".card.case")
    expect(card).to_contain_text("原定 11月20日（周五）18:00 前")
    expect(card).to_contain_text("让您久等了")


@pytest.mark.parametrize("state", list(TicketState))
def test_every_state_of_a_case_has_plain_words(state: str) -> None:
    words = (PAGE / "words.js").read_text(encoding="utf-8")
    assert re.search(rf"\b{state}: '[一-鿿]+'", words)


def test_own_cases_are_one_tap_away(page: Page, twin: Twin) -> None:
    page.get_by_role("button", name="我的工单").click()
    heard(page, "好的。")
    assert (twin.posts[-1]["text"], twin.posts[-1]["payload"]) == (
        "我的工单",
        "intent:ticket_status",
    )
