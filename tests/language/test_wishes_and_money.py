"""What is asked for, and at what price."""

from decimal import Decimal

import pytest

from tests.language.conftest import Facts

WISHES = [
    ("我要退货", "refund"),
    ("想退", "refund"),
    ("能退吗", "refund"),
    ("给退不", "refund"),
    ("退钱", "refund"),
    ("退掉", "refund"),
    ("质量太差了退钱", "refund"),
    ("可以退款吗", "refund"),
    ("退多少", "refund"),
    ("直接退了吧", "refund"),
    ("不想要了,退货", "refund"),
    ("换货", "exchange"),
    ("给我换一件", "exchange"),
    ("换小一码", "exchange"),
    ("换个L", "exchange"),
    ("换不换", "exchange"),
    ("能换大一号吗", "exchange"),
    ("不退了,换一件吧", "exchange"),
    ("能免费修吗", "repair"),
    ("帮我修一下", "repair"),
    ("我要维修", "repair"),
    ("能补差价吗", "price_difference"),
    ("退差价", "price_difference"),
    ("怎么洗", "care"),
    ("平时怎么保养", "care"),
    ("你们要赔偿我", "compensation"),
    ("转人工", "human"),
    ("叫你们经理来", "human"),
    ("我不是要退货,我是要换货", "exchange"),
    ("不想退了,想换", "exchange"),
    ("没说要退", None),
    ("先修吧,修不好再退", "repair"),
    ("退货还是换货都可以", None),
    ("我要见你们领导", "human"),
    ("换不了就退", None),
    ("不退了", None),
    ("不要换", None),
    ("退货的时候", None),
    ("退货政策是什么", None),
    ("退款进度", None),
    ("我申请退款了", None),
    ("退货都同意了", None),
    ("规定30天能退", None),
    ("能不能换个地址送", None),
    ("换货的时候又看到一个洞", None),
    ("不想修,想退钱", "refund"),
    ("昨天买的裙子", None),
]
PRICES = [
    ("399买的", {"price_paid": Decimal(399)}),
    ("花了三百二", {"price_paid": Decimal(320)}),
    ("付了1.2k", {"price_paid": Decimal(1200)}),
    ("1437块买的", {"price_paid": Decimal(1437)}),
    ("买的时候1,299元", {"price_paid": Decimal(1299)}),
    ("１９９元买的", {"price_paid": Decimal(199)}),
    ("39.9买的", {"price_paid": Decimal("39.9")}),
    ("1000元的外套", {"price_paid": Decimal(1000)}),
    ("一万五的西服", {"price_paid": Decimal(15000)}),
    ("399买的现在打折到299", {"price_paid": Decimal(399), "price_now": Decimal(299)}),
    ("现在只要199", {"price_now": Decimal(199)}),
    ("降到259了", {"price_now": Decimal(259)}),
    ("今天才卖89", {"price_now": Decimal(89)}),
    ("订单号6812345670", {}),
    ("电话13800138000", {}),
    ("2月28买的", {}),
    ("买了3天", {}),
    ("买了2件", {}),
    ("花了两天", {}),
    ("38码买大了", {}),
    ("满300减50", {}),
    ("想买399的", {}),
    ("打8折买的", {}),
    ("三百多买的", {}),
    ("12.20买的", {}),
    ("9.9买的", {}),
    ("9.9元买的", {"price_paid": Decimal("9.9")}),
    ("大概花了400", {}),
    ("我花了两个小时过来", {}),
    ("鞋子39码大了", {}),
    ("买了2双鞋", {}),
    ("原价1299我花了899买的", {"price_paid": Decimal(899)}),
]


@pytest.mark.parametrize(("text", "wants"), WISHES)
def test_a_wish_is_read_when_said_outright(facts: Facts, text: str, wants: str | None) -> None:
    assert facts(text).get("wants") == wants


@pytest.mark.parametrize(("text", "expected"), PRICES)
def test_prices_are_told_from_other_figures(
    facts: Facts, text: str, expected: dict[str, Decimal]
) -> None:
    assert {
        key: value for key, value in facts(text).items() if key.startswith("price_")
    } == expected


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("你们另一个柜台同款才卖320", Decimal(320)),
        ("隔壁标价299,我买399", Decimal(299)),
        ("别的店里只要88块", Decimal(88)),
        ("那边排队要半小时", None),
        ("别的店买的,499块", None),
    ],
)
def test_what_it_costs_elsewhere_is_told_from_what_was_paid(
    facts: Facts, text: str, price: Decimal | None
) -> None:
    assert facts(text).get("other_tag_price") == price
