"""First lines of an examiner, each heard as it was meant."""

import pytest

from bot.language.topics import rule_of
from tests.language.conftest import Facts

HEARD = [
    ("鞋底开了个口子，柜台说马上修不了", {"fast": "no", "repairable": None}),
    ("师傅说修不了", {"fast": None, "repairable": "no"}),
    ("皮衣想做一次保养，听说第一次不要钱", {"wants": "care", "used_before": "no"}),
    ("皮衣去年免费养护过，今年再来一次行吗", {"wants": "care", "used_before": "yes"}),
    ("我要投诉你家西服质量，穿两回就起泡", {"case": "complaint", "problem": "quality"}),
    ("寄来的盒子都烂了，衣服也潮了，我投诉", {"case": "complaint", "problem": "packaging"}),
    ("衣服质量太差，再不退我投诉你们", {"case": None}),
    ("你们的投诉电话多少，鞋底开胶了", {"case": None}),
    ("吊牌价被撕了，隔壁专卖店同款挂969", {"tag": "removed", "other_tag_price": 969}),
    ("高跟鞋跟上那块皮掉了", {"defect": "heel_top_lost"}),
    ("同一个地方修了两回又开了，维修单没留",
     {"prior_repairs": 2, "same_part": "yes", "repair_records": "no", "problem": "quality"}),
    ("店长也没给我弄好", {"case": "complaint", "rung": 2, "solved": "no"}),
    ("昨天中午就提交了，一天多了没个人联系我", {"hours_waiting": 25, "answered": "no"}),
    ("修是修回来了，可毛病还在", {"case": "repair", "done": "yes", "solved": "no"}),
    ("修了十六天了还没信儿", {"case": "repair", "days_in_repair": 16}),
    ("你们是不是想说是我自己弄坏的？", {"wants": "info", "cause_asked": "yes", "cause": None}),
    ("质量问题换货你们还收手续费？", {"wants": "info", "fee_asked": "yes"}),
    ("我要的M码给我装了S码", {"defect": "wrong_item"}),
    ("熨的时候烫出一块亮印子", {"defect": "ironing_shine", "cause": "human"}),
    ("膝盖磨得发亮起毛", {"defect": "overwear"}),
    ("算质量问题吧", {"cause": None}),
    ("漏水了但登记卡我当时没填，发票在", {"problem": "leak", "card": "no", "receipt": "yes"}),
    ("师傅迟到俩小时还跟我吵", {"problem": "service", "technician": "late"}),
    ("机器过保了，请人来修怎么收费", {"wants": None}),
    ("店长电话打不通，店员说定不了，我衣服怎么办", {"staff_reachable": "no"}),
    ("师傅把我衣服拿走了，给我留个凭证没有",
     {"case": "repair", "item_taken_away": "yes", "receipt": None}),
    ("孩子穿了你家鞋，脚磨破了", {"worn": "yes"}),
    ("买的口红色号不对", {"category": "cosmetics", "problem": "color"}),
]  # fmt: skip
SORTS = [("机器", "equipment"), ("网络工程", "network"), ("配件", "general")]
TOPICS = [
    ("想谈谈代理的事", "market"), ("我这玉米地该测哪几项", "agronomy"), ("传感器参数怎么设", "technical"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), HEARD)
def test_a_line_is_heard_as_it_was_meant(facts: Facts, text: str, meant: dict[str, object]) -> None:
    heard = facts(text)
    assert {key: heard.get(key) for key in meant} == meant


@pytest.mark.parametrize(("text", "category"), SORTS)
def test_asked_what_was_bought_a_sort_will_do(facts: Facts, text: str, category: str) -> None:
    assert facts(text, "category").get("category") == category


@pytest.mark.parametrize(("text", "topic"), TOPICS)
def test_what_a_seller_of_equipment_is_asked_has_its_topic(text: str, topic: str) -> None:
    assert rule_of(text) == topic
