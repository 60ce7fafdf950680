"""Days since buying, receiving and exchanging; today is Wednesday, 8 May 2024."""

import pytest

from tests.language.conftest import Facts

BOUGHT = [
    ("今天买的", 0),
    ("今天刚买的裙子", 0),
    ("昨天买的", 1),
    ("昨晚在你们店买的鞋", 1),
    ("前天买的", 2),
    ("大前天给我妈买的毛衣", 3),
    ("上周六买的", 4),
    ("上个礼拜天买的", 3),
    ("上星期一买的裤子", 9),
    ("上上周五买的", 12),
    ("这周一买的", 2),
    ("周二买的", 1),
    ("星期五买的衬衫", 5),
    ("18天前买的", 18),
    ("１８天前买的", 18),
    ("十八天前买的", 18),
    ("买了四天", 4),
    ("买了 4 天了", 4),
    ("这件买了都二十三天了", 23),
    ("买了有半个月", 15),
    ("买了一个星期了", 7),
    ("两周前买的", 14),
    ("买了俩星期", 14),
    ("一个月前买的", 30),
    ("买了三个月", 90),
    ("皮衣买了三个月零两天", 92),
    ("买了一个半月", 45),
    ("买了一年", 365),
    ("4月28号买的", 10),
    ("4月28买的鞋", 10),
    ("四月二十八号买的", 10),
    ("4.28买的", 10),
    ("4/28买的", 10),
    ("我3号买的裙子", 5),
    ("买了٣天", 3),
    ("2024-04-28买的", 10),
    ("2024年4月28日购买", 10),
    ("去年12月20号买的", 140),
    ("12月20号买的", 140),
    ("上个月28号买的", 10),
    ("这个月3号买的", 5),
    ("28号买的", 10),
    ("下单时间:4月28日", 10),
    ("2月29号买的", 69),
    ("4月28号买的今天8号了", 10),
    ("整整一个月,三十天,外套开线了", 30),
    ("才五天,扣子就掉了", 5),
    ("裤子九十一天口袋开线了", 91),
    ("十六天了才发现袖口开线", 16),
    ("衣服买了六天一直没时间过来", 6),
    ("穿了两天就开线了,五天前买的", 5),
    ("今天来退上周六买的裤子", 4),
    ("不对,是上周六买的", 4),
    ("三天前买的,哦不对,是五天前买的", 5),
]
NOT_BOUGHT = [
    "刚买的",
    "刚刚买的",
    "上个月买的",
    "前几天买的",
    "好几天前买的",
    "好久以前买的",
    "发工资那天买的",
    "上周买的",
    "买了三四天",
    "买了十几天",
    "买了十来天了",
    "买了二十多天",
    "买了快一个月了",
    "买了不到一周",
    "买了三个多月",
    "买了一个月出头",
    "周末买的",
    "4月份买的",
    "周三买的",
    "穿了两天",
    "试了两天",
    "修了五天了",
    "等了三天",
    "裤子修了五天还没好",
    "我是会员三年了",
    "办会员卡三年了",
    "换货到今天六十天",
    "收到三天了",
    "7天无理由退货吗",
    "你们不是说7天内能退吗",
    "30天能退吗",
    "我想明天买",
    "今天买有活动吗",
    "今天想买条裙子",
    "昨天没买",
    "一天都没穿",
    "五天没穿了",
    "昨天在店里换上就走了",
    "昨天看到的",
    "今天才发现买的裤子开线",
    "退款申请三天了",
    "三天了还没人联系我",
    "报修五天了",
    "快递寄出去四天了",
    "每三天洗一次",
    "别人昨天买的才299",
    "天气热了三天",
    "今天3号了",
    "3天内能修好吗",
    "38号的鞋",
    "工作日三天",
    "过了三个工作日",
    "13月45号买的",
    "第二天就坏了",
    "买来第二天就坏了",
    "9.9买的",
    "五一买的",
    "买了大半年了",
    "刚买没几天",
]
OTHERS = [
    ("收到三天了", {"days_since_received": 3}),
    ("昨天刚收到", {"days_since_received": 1}),
    ("前天签收的", {"days_since_received": 2}),
    ("到货五天了", {"days_since_received": 5}),
    ("上周六到的货", {"days_since_received": 4}),
    ("还没收到货,都五天了", {}),
    ("三天前收到的,七天前下的单", {"days_since_received": 3, "days_since_purchase": 7}),
    ("换货到今天六十天", {"days_since_exchange": 60}),
    ("换货三天了", {"days_since_exchange": 3}),
    ("换的那件用了六十一天了", {"days_since_exchange": 61}),
    ("换的衣服第八天又发现有洞", {"days_since_exchange": 8}),
    ("昨天换的货", {"days_since_exchange": 1}),
    ("换货换了三天还没到", {}),
    ("想换货,买了三天", {"days_since_purchase": 3}),
    ("退货都同意了,七个工作日了", {"workdays": 7}),
    ("你们签收三个工作日了", {"workdays_after_arrival": 3}),
    ("7个工作日内到账吗", {}),
]


@pytest.mark.parametrize(("text", "days"), BOUGHT)
def test_a_time_of_buying_counts_back_from_today(facts: Facts, text: str, days: int) -> None:
    assert facts(text).get("days_since_purchase") == days


@pytest.mark.parametrize("text", NOT_BOUGHT)
def test_a_vague_time_or_one_of_something_else_is_no_time_of_buying(
    facts: Facts, text: str
) -> None:
    assert "days_since_purchase" not in facts(text)


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_a_time_belongs_to_its_own_event(facts: Facts, text: str, expected: dict[str, int]) -> None:
    found = facts(text)
    assert {key: value for key, value in found.items() if "days" in key} == expected


ANSWERS = [
    ("3", 3),
    ("三", 3),
    ("三天", 3),
    ("3天了", 3),
    ("三天前", 3),
    ("上周六", 4),
    ("上周六吧", 4),
    ("昨天", 1),
    ("就昨天", 1),
    ("4月28", 10),
    ("4月28号", 10),
    ("4.28", 10),
    ("28号", 10),
    ("大概十天", 10),
    ("十天左右", 10),
    ("有半个月了", 15),
    ("一个星期", 7),
    ("买了三天", 3),
    ("好几天了", None),
    ("快一个月了", None),
    ("三四天", None),
    ("等了三天了", None),
    ("上个月", None),
    ("忘了", "unknown"),
    ("记不清了", "unknown"),
    ("不记得哪天买的了", "unknown"),
]


@pytest.mark.parametrize(("text", "days"), ANSWERS)
def test_a_short_answer_tells_the_days_that_were_asked(
    facts: Facts, text: str, days: object
) -> None:
    assert facts(text, "days_since_purchase").get("days_since_purchase") == days


def test_a_pasted_order_tells_the_day_by_the_name_of_its_field(facts: Facts) -> None:
    pasted = "商品名称 女士连衣裙 实付款¥399.00 下单时间 2024-05-05 10:22"
    assert facts(pasted)["days_since_purchase"] == 3
    assert "days_since_purchase" not in facts("商品名称 女士连衣裙 发货时间 2024-05-05 10:22")
