"""Short answers beside the question that was asked."""

from decimal import Decimal

import pytest

from tests.language.conftest import Facts

ANSWERS = [
    ("worn", "没有", "no"),
    ("worn", "没", "no"),
    ("worn", "没呢", "no"),
    ("worn", "没有啊", "no"),
    ("worn", "一次都没有", "no"),
    ("worn", "穿过一次", "yes"),
    ("worn", "有", "yes"),
    ("worn", "穿了", "yes"),
    ("worn", "嗯", "yes"),
    ("worn", "没有,吊牌都在", "no"),
    ("receipt", "有的", "yes"),
    ("receipt", "在", "yes"),
    ("receipt", "在的", "yes"),
    ("receipt", "还留着", "yes"),
    ("receipt", "丢了", "no"),
    ("receipt", "没了", "no"),
    ("receipt", "没有", "no"),
    ("receipt", "找不到了", "no"),
    ("tag", "在", "on"),
    ("tag", "还在", "on"),
    ("tag", "剪了", "removed"),
    ("tag", "没有了", "removed"),
    ("packaging", "拆了", "opened"),
    ("packaging", "扔了", "missing"),
    ("packaging", "完好", "intact"),
    ("price_paid", "399", Decimal(399)),
    ("price_paid", "399块", Decimal(399)),
    ("price_paid", "三百二", Decimal(320)),
    ("price_paid", "三百多", None),
    ("category", "裙子", "garment"),
    ("category", "鞋", "shoe"),
    ("category", "包", "bag"),
    ("problem", "就是不喜欢", "dislike"),
    ("problem", "坏了", "quality"),
    ("problem", "质量问题", "quality"),
    ("problem", "尺码", "size"),
    ("problem", "太大", "size"),
    ("problem", "颜色不好看", "color"),
    ("cause", "自己开的", "quality"),
    ("cause", "我勾的", "human"),
    ("cause", "正常穿的", "quality"),
    ("cause", "不知道", "unknown"),
    ("washed", "没有", "no"),
    ("washed", "洗过", "yes"),
    ("clean", "是的", "yes"),
    ("clean", "有点脏", "no"),
    ("complete", "都齐", "yes"),
    ("complete", "少了个扣子", "no"),
    ("damaged", "没有", "no"),
    ("damaged", "有", "yes"),
    ("resale_ok", "嗯嗯", "yes"),
    ("special_price", "不是", "no"),
    ("special_price", "是特价", "yes"),
    ("store_confirms", "能", "yes"),
    ("store_confirms", "查不到", "no"),
    ("remote_purchase", "店里", "no"),
    ("remote_purchase", "网上", "yes"),
    ("accepts_repair", "可以", "yes"),
    ("accepts_repair", "不行", "no"),
    ("prior_repairs", "两次", 2),
    ("prior_repairs", "2", 2),
    ("prior_repairs", "没有", 0),
    ("months_since_purchase", "两个月", 2),
    ("months_since_purchase", "60天", None),
    ("special_reason", "有污渍", "stain"),
    ("price_paid", "大概400", Decimal(400)),
    ("wants", "退", "refund"),
    ("wants", "换货", "exchange"),
    ("worn", "不知道", "unknown"),
    ("receipt", "记不得了", "unknown"),
    ("receipt", "不确定", "unknown"),
    ("price_paid", "忘了多少钱了", "unknown"),
    ("store_confirms", "不清楚", "unknown"),
    ("worn", "你好", None),
    ("worn", "什么意思", None),
    ("receipt", "这是什么", None),
    ("worn", "我忘了密码", None),
]


@pytest.mark.parametrize(("asking", "text", "value"), ANSWERS)
def test_a_short_answer_is_read_by_its_question(
    facts: Facts, asking: str, text: str, value: object
) -> None:
    assert facts(text, asking).get(asking) == value


@pytest.mark.parametrize(
    ("asking", "text"),
    [(asking, text) for asking, text, value in ANSWERS if value and "," not in text],
)
def test_a_short_answer_says_nothing_else(facts: Facts, asking: str, text: str) -> None:
    assert set(facts(text, asking)) == {asking}


def test_an_answer_may_volunteer_more(facts: Facts) -> None:
    assert facts("没有,吊牌都在,小票也在", "worn") == {"worn": "no", "tag": "on", "receipt": "yes"}


def test_a_bare_word_means_nothing_without_a_question(facts: Facts) -> None:
    for text in ("没有", "有", "是的", "在", "3", "不知道"):
        assert facts(text) == {}
