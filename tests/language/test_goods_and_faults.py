"""Categories, defects, problems and causes."""

import pytest

from tests.language.conftest import Facts

CATEGORIES = [
    ("昨天买的连衣裙", "dress"),
    ("衬衫有问题", "shirt"),
    ("这条裤子", "trousers"),
    ("羽绒服跑毛", "down_jacket"),
    ("T恤破了", "tshirt"),
    ("Ｔ恤破了", "tshirt"),
    ("冲锋衣拉链坏了", "jacket"),
    ("西服起泡", "suit"),
    ("皮衣开线", "leather"),
    ("靴子开胶", "boots"),
    ("高跟鞋鞋跟断了", "shoe"),
    ("书包带子断了", "bag"),
    ("这个包掉皮", "bag"),
    ("新买的包", "bag"),
    ("包的拉链坏了", "bag"),
    ("真皮沙发", "furniture"),
    ("西装裤开线", "trousers"),
    ("内衣开线了", "underwear"),
    ("项链断了", "jewellery"),
    ("口红断了", "cosmetics"),
    ("冰箱不制冷", "appliance"),
    ("沙发塌了", "furniture"),
    ("帽子褪色", "hat"),
    ("风衣的腰带丢了", "coat"),
    ("大衣上的帽子坏了", "coat"),
    ("腰带断了", "belt"),
    ("衣服买了三天,是件羽绒服", "down_jacket"),
    ("纯棉的衬衫怎么洗", "cotton"),
    ("纯棉的衬衫开线了", "shirt"),
    ("口红蹭到衣领了", None),
    ("衣服蹭上口红了", "garment"),
    ("裤子和鞋都想退", None),
    ("包装坏了", None),
    ("三包期多久", None),
    ("包才背了两天", "bag"),
    ("钱包里的小票丢了", None),
    ("用洗衣机洗的", None),
    ("包邮吗", None),
    ("运费你们包吗", None),
    ("包裹没到", None),
    ("面包坏了", "fresh_food"),
    ("起床晚了", None),
    ("我想退货", None),
]
DEFECTS = [
    ("裤子开线了", "seam_open"),
    ("腋下线开了", "seam_open"),
    ("外套里子开线了", "lining_seam_open"),
    ("拉链坏了", "zipper_broken"),
    ("拉链头掉了", "zipper_broken"),
    ("扣子掉了", "button_lost"),
    ("扣子松了", "button_loose"),
    ("鞋子开胶了", "glue_open"),
    ("鞋底断了", "sole_broken"),
    ("鞋跟断了", "heel_broken"),
    ("鞋面有褶子", "crease"),
    ("发现一个破洞", "hole"),
    ("有个小洞", "small_hole"),
    ("有几个针眼", "pinhole"),
    ("羽绒服到处跑毛", "down_leaks_not_at_seam"),
    ("羽绒服钻绒", "down_leak"),
    ("洗了就掉色", "fading"),
    ("和别的衣服串色了", "dyed_in_wash"),
    ("胸口有块油渍", "oil_stain"),
    ("拿到就有污渍", "stain"),
    ("水洗标掉了", "label_missing"),
    ("水洗标跟店里的不一样", "label_differs"),
    ("货号那块布掉了", "number_altered"),
    ("左右两只鞋不一样大", "pair_sizes_differ"),
    ("包表面裂了", "surface_cracked"),
    ("冰箱不制冷", "not_cooling"),
    ("项链断了", "necklace_broken"),
    ("发错货了", "wrong_item"),
    ("熨斗烫坏了", "burn"),
    ("线头很多", "threads"),
    ("没有破洞", None),
    ("不掉色吧", None),
    ("会掉色吗", None),
    ("怎么洗不掉色", None),
    ("怕开线", None),
    ("是不是开线了", None),
    ("如果开胶了怎么办", None),
    ("线上买的", None),
    ("想开线下店", None),
]
PROBLEMS = [
    ("颜色显黑", "color"),
    ("有色差,不喜欢", "color"),
    ("颜色不喜欢", "color"),
    ("大了", "size"),
    ("小了点", "size"),
    ("裤子太长了", "size"),
    ("尺码不合适", "size"),
    ("穿不上", "size"),
    ("不喜欢", "dislike"),
    ("就是不想要了", "dislike"),
    ("后悔了", "dislike"),
    ("不合适", "dislike"),
    ("质量太差了", "quality"),
    ("坏了", "quality"),
    ("裤子开线了", "quality"),
    ("起球了", "quality"),
    ("降价了", "price"),
    ("太贵了", "price"),
    ("味道很大", "odour"),
    ("态度太差了", "service"),
    ("不喜欢,而且开线了", "quality"),
    ("问题太大了", None),
    ("我气坏了", None),
    ("没坏", None),
    ("不是质量问题", None),
    ("没什么质量问题", None),
    ("质量没问题,就是颜色不喜欢", "color"),
    ("衣服没有问题,就是不喜欢", "dislike"),
    ("没开线", None),
    ("多大了", None),
    ("我妈年纪大了", None),
    ("雨太大了", None),
    ("被我勾破了", None),
    ("孩子把拉链拽坏了", None),
    ("我要退货", None),
]
CAUSES = [
    ("我不小心勾破的", "human"),
    ("我自己洗坏了", "human"),
    ("熨斗烫坏了", "human"),
    ("被树枝刮了个口", "human"),
    ("试的时候口红蹭到领子上了", "human"),
    ("孩子把拉链拽坏了", "human"),
    ("正常穿就开线了", "quality"),
    ("没动过就坏了", "quality"),
    ("是衣服本身的问题", "quality"),
    ("不是我弄的", "quality"),
    ("不知道怎么弄的", "unknown"),
    ("不知道怎么用", None),
    ("吊牌不小心扯掉了", None),
    ("不是不小心弄的", None),
    ("没穿多久就坏了", None),
    ("裤子开线了", None),
    ("扣子一碰就掉", None),
    ("腰带被我弄丢了", None),
]


@pytest.mark.parametrize(("text", "category"), CATEGORIES)
def test_the_goods_a_line_is_about(facts: Facts, text: str, category: str | None) -> None:
    assert facts(text).get("category") == category


@pytest.mark.parametrize(("text", "defect"), DEFECTS)
def test_a_defect_is_named_in_the_words_of_the_policy(
    facts: Facts, text: str, defect: str | None
) -> None:
    assert facts(text).get("defect") == defect


@pytest.mark.parametrize(("text", "problem"), PROBLEMS)
def test_why_the_shopper_is_unhappy(facts: Facts, text: str, problem: str | None) -> None:
    assert facts(text).get("problem") == problem


@pytest.mark.parametrize(("text", "cause"), CAUSES)
def test_whose_doing_it_was_only_when_told(facts: Facts, text: str, cause: str | None) -> None:
    assert facts(text).get("cause") == cause
