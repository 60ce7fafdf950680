"""What whole first lines of shoppers at a clothing counter say, nothing more and nothing less."""

from datetime import date
from decimal import Decimal

import pytest

from bot.language.reading import Value
from bot.language.service import Reader
from tests.language.conftest import Facts

LINES: list[tuple[str, dict[str, Value]]] = [
    (
        "昨天买的连衣裙拿到家看颜色有点显黑,没穿过小票也在,想退",
        {"days_since_purchase": 1, "category": "dress", "problem": "color", "worn": "no", "receipt": "yes", "wants": "refund"},
    ),
    (
        "衣服买了六天了一直没时间过来,吊牌都没拆,就是不想要了,给退不",
        {"category": "garment", "days_since_purchase": 6, "tag": "on", "problem": "dislike", "wants": "refund"},
    ),
    (
        "试的时候领子上蹭了点粉底,买了四天没正式穿过,能退吗",
        {"clean": "no", "days_since_purchase": 4, "worn": "no", "wants": "refund"},
    ),
    (
        "风衣的腰带被我弄丢了,衣服是新的,前天买的,我要退货",
        {"category": "coat", "complete": "no", "worn": "no", "days_since_purchase": 2, "wants": "refund"},
    ),
    (
        "我399买的这件现在打折到299,没穿,退的话退我多少钱?",
        {"price_paid": Decimal(399), "price_now": Decimal(299), "worn": "no", "wants": "refund"},
    ),
    (
        "买的时候写了有污渍特价,现在我看着别扭,要退",
        {"special_price": "yes", "special_reason": "stain", "problem": "dislike", "wants": "refund"},
    ),
    ("没小票了柜台说查不到记录,可我真的是在你们这儿买的", {"receipt": "no", "store_confirms": "no"}),
    (
        "鞋子的扣带松了买了八天,你们能马上弄一下吗",
        {"category": "shoe", "problem": "quality", "days_since_purchase": 8, "fast": "yes", "wants": "repair"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_an_opening_line_says_exactly_this(
    facts: Facts, text: str, expected: dict[str, Value]
) -> None:
    assert facts(text) == expected


def test_a_date_is_counted_from_the_day_of_the_conversation(reader: Reader) -> None:
    line = "4月28号买的裤子,五一一直堵在外面,今天3号了还能不满意就退吗"
    found = {one.key: one.value for one in reader.read(line, today=date(2024, 5, 3)).facts}
    assert found == {
        "days_since_purchase": 5,
        "category": "trousers",
        "problem": "dislike",
        "wants": "refund",
    }
