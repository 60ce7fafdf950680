"""Days that go by a name, short dates, and slips of the input method; today is 8 May 2024."""

import pytest

from bot.language.reading import Value
from bot.language.spelling import mended
from tests.language.conftest import Facts

BOUGHT = [
    ("国庆前一天买的", 221), ("去年国庆前一天买的大衣", 221), ("国庆节当天买的", 220), ("元旦买的", 128),
    ("元旦那天买的", 128), ("五一当天买的", 7), ("五一第二天买的", 6), ("双十一买的", 179),
    ("双11买的", 179), ("双11活动买的", 179), ("618买的", 325), ("去年618买的", 325), ("圣诞节买的", 135),
    ("昨儿买的", 1), ("前儿买的", 2), ("大前儿买的", 3), ("上月15号买的", 23), ("上个月十五号买的", 23),
    ("上上月20号买的", 49), ("这个月3号买的", 5), ("10.3买的", 218), ("11/20买的", 170),
    ("十一月二十号买的", 170), ("星期天买的", 3), ("周天买的", 3), ("买了十一天", 11),
    ("咋天麦的", 1), ("昨天麦的", 1), ("作天买的", 1),
]  # fmt: skip
NOT_BOUGHT = [
    "国庆买的", "五一买的", "十一买的", "五一期间买的", "国庆假期买的", "国庆后买的", "国庆前两天买的",
    "五一一直堵在外面", "我前儿子买的", "周末买的", "买了三个来月", "三个来月了", "9.9买的", "618块买的",
    "花了618", "双十一退货期一样吗", "手表一天慢十几分钟", "昨天气温低",
]  # fmt: skip
ANSWERS = [
    ("五一", 7), ("国庆", 220), ("五一期间", None), ("11/20", 170), ("10.3", 218), ("十一月二十号", 170),
    ("周末", None), ("昨儿", 1),
]  # fmt: skip
OTHERS: list[tuple[str, dict[str, Value]]] = [
    ("收到五天了", {"days_since_received": 5}),
    ("到手四天了", {"days_since_received": 4}),
    ("换回来七天了", {"days_since_exchange": 7}),
    ("换的那件才穿了五天", {"days_since_exchange": 5}),
    ("换货三天了又坏了", {"days_since_exchange": 3}),
    ("双11收到的", {"days_since_received": 179}),
    ("买了3个工作日", {"workdays_since_purchase": 3}),
]


@pytest.mark.parametrize(("text", "days"), BOUGHT)
def test_a_named_day_is_the_latest_one_past(facts: Facts, text: str, days: int) -> None:
    assert facts(text).get("days_since_purchase") == days
    assert "price_paid" not in facts(text)


@pytest.mark.parametrize("text", NOT_BOUGHT)
def test_a_holiday_of_several_days_is_no_date(facts: Facts, text: str) -> None:
    assert "days_since_purchase" not in facts(text)


@pytest.mark.parametrize(("text", "days"), ANSWERS)
def test_a_holiday_will_do_as_an_answer(facts: Facts, text: str, days: int | None) -> None:
    assert facts(text, "days_since_purchase").get("days_since_purchase") == days


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_each_length_has_its_event(facts: Facts, text: str, expected: dict[str, Value]) -> None:
    assert {key: value for key, value in facts(text).items() if "days" in key} == expected


@pytest.mark.parametrize(
    ("text", "asking", "key", "value"),
    [
        ("没穿国", None, "worn", "no"),
        ("没穿国", "worn", "worn", "no"),
        ("小票再", None, "receipt", "yes"),
        ("小票还再的", None, "receipt", "yes"),
        ("还再", "receipt", "receipt", "yes"),
        ("没系过", "washed", "washed", "no"),
        ("没系过", None, "washed", None),
        ("我要推货", None, "wants", "refund"),
        ("拉练坏了", None, "defect", "zipper_broken"),
        ("小飘丢了", None, "receipt", "no"),
    ],
)
def test_a_sure_slip_is_read_as_what_was_meant(
    facts: Facts, text: str, asking: str | None, key: str, value: str | None
) -> None:
    assert facts(text, asking).get(key) == value


@pytest.mark.parametrize(
    "text", ["没穿国产的", "小票再找找", "小漂亮", "咋天气这么热", "推货车", "中秋了", "昨天卖的"]
)
def test_words_that_only_look_like_slips_stay(text: str) -> None:
    assert mended(text) == text
