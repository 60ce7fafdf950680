"""The finer kinds of goods, and what is only a part, a means or denied."""

import pytest

from tests.language.conftest import Facts

KINDS = [
    ("袜子破了", "socks"), ("丝袜勾丝", "socks"), ("内裤想退", "underwear"), ("文胸开线", "underwear"),
    ("塑身衣太紧", "underwear"), ("秋裤", "underwear"), ("睡衣", "garment"), ("连衣裙", "dress"),
    ("吊带裙", "dress"), ("半身裙", "skirt"), ("裙子", "garment"), ("衬衫", "shirt"), ("牛仔裤", "trousers"),
    ("西裤", "trousers"), ("大衣", "coat"), ("风衣", "coat"), ("毛衣", "knitwear"), ("羊绒衫", "knitwear"),
    ("靴子", "boots"), ("运动鞋", "shoe"), ("帽子", "hat"), ("围巾", "scarf"), ("皮带", "belt"),
    ("手表停了", "watch"), ("墨镜", "glasses"), ("手套", "accessory"), ("行李箱轮子掉了", "luggage"),
    ("书包", "bag"), ("一个包", "bag"), ("玉镯裂了", "jade"), ("翡翠吊坠", "jade"), ("戒指", "jewellery"),
    ("耳机没声", "electronics"), ("手机坏了", "electronics"), ("新买的电脑", "electronics"),
    ("玩具车", "toy"), ("四件套", "home_textile"), ("童装", "kids"), ("小孩的衣服", "kids"),
    ("真皮的衣服", "leather"), ("皮衣", "leather"), ("gore-tex外套", "jacket"),
    ("衣服买了三天,是条连衣裙", "dress"), ("衬衫和裤子都想退", "garment"), ("裙子和裤子都想退", "garment"),
    ("毛衣和鞋都想退", None), ("裤子和内裤", None), ("项链和玉镯", "jade"),
    # Parts, means, places
    ("羽绒服的帽子掉了", "down_jacket"), ("手机上买的", None), ("打我手机", None), ("你是电脑吧", None),
    ("电脑小票丢了", None), ("网络平台买的", None), ("充电器没有", None), ("会员手机号换了", None),
    ("帆布包能扔洗衣机吗", "bag"), ("孩子弄坏的衣服", "garment"), ("不是鞋", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "category"), KINDS)
def test_a_clear_word_names_its_own_kind(facts: Facts, text: str, category: str | None) -> None:
    assert facts(text).get("category") == category


def test_cotton_is_a_kind_only_where_asked_or_cared_for(facts: Facts) -> None:
    assert facts("纯棉的衣服破了")["category"] == "garment"
    assert facts("纯棉的衣服", "category")["category"] == "cotton"
    assert facts("纯棉的衣服怎么洗")["category"] == "cotton"
