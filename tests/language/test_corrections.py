"""What is taken back within a line, and what is said in its place."""

import pytest

from bot.language.reading import Value
from tests.language.conftest import Facts

LINES: list[tuple[str, dict[str, Value]]] = [
    ("不对,是上周六买的", {"days_since_purchase": 4}),
    ("不对是上周六买的", {"days_since_purchase": 4}),
    ("昨天买的,哦不对,前天买的", {"days_since_purchase": 2}),
    ("不是昨天买的 是前天买的", {"days_since_purchase": 2}),
    ("不是昨天买的", {}),
    ("不是昨天 是前天", {"days_since_purchase": 2}),
    ("不是网上买的 是店里买的", {"remote_purchase": "no"}),
    ("其实小票没丢", {"receipt": "yes"}),
    ("穿了两次 记错了 是三次", {}),
    ("说错了 是三天前", {"days_since_purchase": 3}),
    ("说错了,昨天收到的", {"days_since_received": 1}),
    ("打错了 3月2号", {"days_since_purchase": 67}),
    ("其实穿过一次", {"worn": "yes"}),
    ("没穿过,说错了,穿过一次", {"worn": "yes"}),
    ("我记错了 有小票", {"receipt": "yes"}),
    ("我记错了,没有小票", {"receipt": "no"}),
    ("小票找到了", {"receipt": "yes"}),
    ("小票又翻出来了", {"receipt": "yes"}),
    ("小票丢了,不对,在包里找到了", {}),
    ("昨天买的,小票丢了,不对,有小票", {"days_since_purchase": 1, "receipt": "yes"}),
    ("不是裙子 是裤子", {"category": "trousers"}),
    ("不是裙子是裤子", {"category": "trousers"}),
    ("裙子,说错了,裤子", {"category": "trousers"}),
    ("哦对 吊牌剪了", {"tag": "removed"}),
    ("不是我弄坏的", {"cause": "quality"}),
    ("不是特价 是正价买的", {"special_price": "no"}),
    ("想退,不对,想换一件", {"wants": "exchange"}),
    ("质量问题,说错了,是尺码不合适", {"problem": "size"}),
    # No corrections at all
    ("颜色不对", {"problem": "color"}),
    ("尺码不对", {"problem": "size"}),
    ("我买错了", {}),
    ("发错货了", {"defect": "wrong_item", "problem": "quality"}),
    ("订单号不对", {}),
]
ANSWERS: list[tuple[str, str, dict[str, Value]]] = [
    ("worn", "不对 是三天前买的", {"days_since_purchase": 3}),
    ("worn", "没有 哦不对 穿过一次", {"worn": "yes"}),
    ("worn", "不对", {}),
    ("receipt", "我记错了 有小票", {"receipt": "yes"}),
    ("receipt", "有小票 不对 丢了", {"receipt": "no"}),
    ("days_since_purchase", "4天 不对 5天", {"days_since_purchase": 5}),
    ("days_since_received", "说错了 是三天前", {"days_since_received": 3}),
    ("damaged", "说错了 是裤子", {"category": "trousers"}),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_line_means_what_it_ends_up_saying(
    facts: Facts, text: str, expected: dict[str, Value]
) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(("asking", "text", "expected"), ANSWERS)
def test_a_correction_is_read_whatever_is_asked(
    facts: Facts, asking: str, text: str, expected: dict[str, Value]
) -> None:
    assert facts(text, asking) == expected
