"""The words of a question name its topic; a bad row of the sheet would be silent."""

import re

import pytest
import yaml

from bot.language import topics
from bot.language.rules import SHEETS


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("运费谁出", "freight"),
        ("清仓的能退吗", "special_price"),
        ("鞋子三包几个月", "shoe_period"),
        ("玉镯能退吗", "excluded"),
        ("小票丢了怎么办", "receipt"),
        ("配件是原厂的吗", "parts"),
        ("修一下多少钱", "fee"),
        ("怎么查进度", "progress"),
        ("几点有人接电话", "hotline"),
        ("玉米能退吗", None),
        ("今天心情不错", None),
    ],
)
def test_a_question_names_its_rule(text: str, topic: str | None) -> None:
    assert topics.rule_of(text) == topic


def test_only_what_is_asked_for_most_counts_whatever_the_line_was_taken_for() -> None:
    assert topics.names_a_rule("邮费怎么算")
    assert not topics.names_a_rule("怎么查进度")


@pytest.mark.parametrize(
    ("intent", "text", "matter"),
    [
        ("invoice_inquiry", "抬头写错了能换吗", "invoice_change"),
        ("invoice_inquiry", "去年的还能补开吗", "invoice_when"),
        ("invoice_inquiry", "我要专票", "invoice_special"),
        ("invoice_inquiry", "发票怎么开", None),
        ("membership_inquiry", "积分怎么用", "points"),
        ("membership_inquiry", "优惠券用不了", "coupons"),
        ("membership_inquiry", "购物卡余额怎么查", "gift_card"),
        ("payment_inquiry", "扣了两次钱", "payment_trouble"),
        ("account_inquiry", "号被盗了", "account_unsafe"),
        ("logistics_inquiry", "可以自提吗", "pick_up"),
        ("order_change", "帮我取消", "order_cancel"),
        ("order_change", "门牌号写错了", "order_address"),
        ("installation_request", "师傅能推迟一天来吗", "installation_move"),
        ("store_inquiry", "停车怎么收费", "parking"),
        ("product_inquiry", "一米六五穿什么码", "size_advice"),
        ("product_inquiry", "还有货吗", "stock"),
        ("greet", "发票", None),
    ],
)
def test_a_question_of_an_intent_names_its_matter(
    intent: str, text: str, matter: str | None
) -> None:
    assert topics.matter_of(intent, text) == matter


def test_every_row_of_the_sheet_is_whole_and_reachable() -> None:
    sheet = yaml.safe_load((SHEETS / "topics.yml").read_text("utf-8"))
    rows = [*sheet["rules"], *(row for part in sheet["matters"].values() for row in part)]
    for row in rows:
        assert set(row) <= {"topic", "about", "named", "phrases"}
        assert all(re.compile(phrase) for phrase in row["phrases"])
    matters = [row["about"] for part in sheet["matters"].values() for row in part]
    assert len(matters) == len(set(matters)) == len(topics.matters())
