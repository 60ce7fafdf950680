"""Loose answers to single questions, as typed on a phone; nothing else may be read from them."""

from datetime import date

import pytest

from bot.evaluation.answers import Answers
from bot.language.reading import Value
from bot.language.service import Reader
from tests.language.conftest import TODAY, Facts

ANSWERS: list[tuple[str, str, Value | None]] = [
    ("special_reason_same", "就是那个问题", "yes"), ("special_reason_same", "不是同一个", "no"),
    ("special_reason_same", "另外的毛病", "no"), ("special_reason_same", "小票上没写", None),
    ("restorable", "看不出来", "yes"), ("restorable", "会有印子", "no"), ("restorable", "没问", "unknown"),
    ("same_size_in_stock", "还有", "yes"), ("same_size_in_stock", "店里说断码了", "no"),
    ("same_size_in_stock", "不知道有没有", "unknown"),
    ("in_purchase_year", "今年买的", "yes"), ("in_purchase_year", "去年买的", "no"),
    ("in_purchase_year", "前几天", None),
    ("used_before", "没用过", "no"), ("used_before", "第一次", "no"), ("used_before", "去年用过", "yes"),
    ("genuine", "就在你们店买的", "yes"), ("genuine", "不是你们这买的", "no"), ("genuine", "朋友送的", None),
    ("card", "找不到了", "no"), ("card", "卡还在", "yes"), ("card", "会员卡在", None),
    ("repair_records", "单子没了", "no"), ("repair_records", "当时没给单子", "no"),
    ("in_period", "早过了", "no"), ("in_period", "应该还在", "yes"),
    ("normal_use", "正常穿", "yes"), ("normal_use", "不太正常", "no"),
    ("normal_use", "不算正常用吧 我弄过", "no"),
    ("registered", "登记了", "yes"), ("registered", "店员记下来了", "yes"), ("registered", "没登记", "no"),
    ("accepts_repair", "修好就行", "yes"), ("accepts_repair", "可以修", "yes"),
    ("accepts_repair", "愿意修", "yes"), ("accepts_repair", "能修好就修吧", "yes"),
    ("accepts_repair", "不要修", "no"), ("accepts_repair", "不想修", "no"),
    ("accepts_repair", "修不好呢", None), ("accepts_repair", "要多久", None),
    ("resale_ok", "不太像新的了", "no"), ("resale_ok", "跟新的不一样了", "no"),
    ("resale_ok", "有一点点旧", "no"), ("resale_ok", "跟新的一样", "yes"),
    ("resale_ok", "应该不影响", "yes"), ("resale_ok", "差不多", None),
    ("store_confirms", "他们不记得了", "no"), ("store_confirms", "会员卡能查到", "yes"),
    ("store_confirms", "我不记得了", "unknown"), ("store_confirms", "不知道能不能查到", "unknown"),
    ("receipt", "不知道还在不在", "unknown"), ("receipt", "小票找到了", "yes"), ("receipt", "要找找", None),
    ("packaging", "包装都好好的", "intact"), ("tag", "没有剪", "on"),
    ("cause", "刮到了", "human"), ("cause", "猫抓的", "human"), ("cause", "小孩弄的", "human"),
    ("cause", "洗坏了", "human"), ("cause", "不是我自己搞的", "quality"), ("cause", "自己坏的", "quality"),
    ("cause", "没弄过它", "quality"), ("cause", "正常穿用", "quality"), ("cause", "洗了一次", None),
    ("problem", "大小不合适", "size"), ("problem", "号不对", "size"), ("problem", "没什么问题", "none"),
    ("problem", "拉链的问题", "zipper"), ("problem", "服务态度有问题", "service"),
    ("wants", "就是问一下", "info"), ("wants", "量一下尺寸", "measure"), ("wants", "都行", None),
    ("days_since_purchase", "3个工作日", None),
    ("workdays_since_purchase", "3个工作日", 3), ("workdays_since_purchase", "买了3个工作日", 3),
    ("workdays_since_purchase", "今天买的", 0),
    ("months_since_purchase", "买了3个月", 3), ("months_since_purchase", "三个月了", 3),
    ("months_since_purchase", "半年", 6), ("months_since_purchase", "一年了", 12),
    ("months_since_purchase", "不到一个月", 0), ("months_since_purchase", "三个多月了", None),
    ("months_since_purchase", "两个半月", None),
    ("label_price", "599", 599), ("tag_price", "八百", 800), ("price_paid", "一千多", None),
    ("days_since_exchange", "换货10天", 10), ("days_since_exchange", "昨天换的", 1),
    ("days_since_received", "还没收到", None),
]  # fmt: skip


@pytest.mark.parametrize(("asking", "text", "value"), ANSWERS)
def test_an_answer_in_own_words_says_that_and_no_more(
    facts: Facts, asking: str, text: str, value: Value | None
) -> None:
    found = facts(text, asking)
    assert found.get(asking) == value
    if value is not None:
        assert set(found) == {asking}


BESIDES: list[tuple[str, str, dict[str, Value]]] = [
    ("days_since_purchase", "3个工作日", {"workdays_since_purchase": 3}),
    ("months_since_purchase", "4月28号买的", {"days_since_purchase": 10, "months_since_purchase": 0}),
    ("months_since_purchase", "3月2号买的", {"days_since_purchase": 67}),
    ("in_purchase_year", "去年12月买的", {"in_purchase_year": "no"}),
    ("in_purchase_year", "4月28号", {"days_since_purchase": 10, "in_purchase_year": "yes"}),
    ("normal_use", "就正常穿", {"normal_use": "yes", "cause": "quality", "worn": "yes"}),
    ("complete", "没有腰带", {}),
    ("complete", "腰带不见了", {"complete": "no"}),
    ("cause", "可能是我不小心", {}),
    ("cause", "我也不知道 反正没动过", {"cause": "quality"}),
    ("days_since_purchase", "不是昨天就是前天", {}),
    ("days_since_purchase", "昨天还是前天", {}),
    ("damaged", "有个小洞", {"damaged": "yes", "defect": "small_hole"}),
    ("clean", "领口有污渍", {"clean": "no"}),
    ("accepts_repair", "不想修 我要退", {"accepts_repair": "no", "wants": "refund"}),
    ("worn", "穿了两天 没有弄脏", {"worn": "yes", "clean": "yes"}),
]  # fmt: skip


@pytest.mark.parametrize(("asking", "text", "expected"), BESIDES)
def test_an_answer_keeps_what_is_sure_besides(
    facts: Facts, asking: str, text: str, expected: dict[str, Value]
) -> None:
    assert facts(text, asking) == expected


def test_the_shoppers_of_the_evaluation_are_understood(reader: Reader) -> None:
    """All but those whose words may mean another value as well: 面料破了, 拉链坏了, 棉衬衫, 标签没了."""
    said = [(fact, str(value), text) for fact, value, text in _sayings(Answers.load(), TODAY)]
    misses = [
        (fact, value, text)
        for fact, value, text in said
        if value
        not in {
            str(one.value)
            for one in reader.read(text, today=TODAY, asking=fact).facts
            if one.key == fact
        }
    ]
    assert len(said) > 300
    assert len(misses) <= len(said) // 50, misses


def _sayings(answers: Answers, today: date) -> list[tuple[str, str, str]]:
    sheet = answers._phrases
    said = [
        (fact, value, text)
        for kind in ("values", "yes_no")
        for fact, values in sheet[kind].items()
        if fact != "default"
        for value, texts in values.items()
        for text in texts
    ]
    return said + [
        ("defect", slug, text) for slug, texts in sheet["defects"].items() for text in texts
    ]
