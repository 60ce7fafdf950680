"""Faults told with the part that has them, and whose doing they were."""

import pytest

from tests.language.conftest import Facts

# Text, defect, problem
FAULTS = [
    ("袖口脱线", "seam_open", "quality"), ("袖口又开了", "seam_open", "quality"),
    ("拉链拉不上", "zipper_broken", "quality"), ("拉链滑牙了", "zipper_broken", "quality"),
    ("鞋底掉了", "glue_open", "quality"), ("鞋底开胶了", "glue_open", "quality"), ("鞋底掉漆", None, "quality"),
    ("鞋底断了", "sole_broken", "quality"), ("鞋底磨平了", "overwear", "quality"),
    ("鞋跟上的小掌掉了", "heel_top_lost", "quality"), ("内衬破了", "lining_seam_open", "quality"),
    ("内衬破了个洞", "hole", "quality"), ("里子暗线开了", "lining_hidden_seam", "quality"),
    ("羽绒服钻绒", "down_leak", "quality"), ("洗了掉色", "fading", "quality"),
    ("缩水很严重", "shrinkage_severe", "quality"), ("缩水了", None, "quality"), ("起球了", None, "quality"),
    ("走线歪了", None, "quality"), ("做工太差", None, "quality"), ("裤腿一长一短", None, "quality"),
    ("扣带松了", None, "quality"), ("肩带断了", None, "quality"), ("松紧没弹性了", None, "quality"),
    ("扣子松了", "button_loose", "quality"), ("线松了", "thread_loose", "quality"),
    ("有线头", "threads", "quality"), ("鞋面起褶了", "crease", "quality"), ("烫出亮光", "ironing_shine", "quality"),
    ("被扶梯夹坏了", "escalator", "quality"), ("一件衣服上有色差", "shade_difference_one_piece", "quality"),
    ("两只鞋颜色不一样", "shade_difference", "quality"),
    ("一条腿长一条腿短", None, "quality"),
    ("颜色和图片不一样", None, "color"),
    ("鞋盒压扁了", "packing_broken", "packaging"),
    ("盒子坏了", "packing_broken", "packaging"), ("尺码不合适 导购还拿错了", None, "size+service"),
    ("店员拿错了颜色", "wrong_item", "quality"), ("大小不合适", None, "size"), ("号不对", None, "size"),
    ("号不合适", None, "size"), ("大小合适", None, None), ("货号不对", None, None), ("手机号不对", None, None),
    ("不太合适", None, "dislike"), ("扣带不松", None, None), ("会起球吗", None, None), ("光线松散", None, None),
    ("能洗掉色吗", None, None), ("怎么防止钻绒", None, None),
]  # fmt: skip
CAUSES = [
    ("没怎么动就这样了", "quality"), ("没怎么穿就坏了", "quality"), ("没怎么穿就开线了", "quality"),
    ("好好的自己就断了", "quality"), ("好好的就裂了", "quality"), ("刚穿就开线了", "quality"),
    ("刚穿上就断了", "quality"), ("第一次穿就断了", "quality"), ("不是我弄坏的", "quality"),
    ("被钉子刮了个口", "human"), ("勾到钉子了", "human"), ("在门把手上挂了一下", "human"),
    ("我熨衣服烫坏了", "human"), ("我自己洗坏了", "human"), ("被狗咬坏了", "human"),
    ("猫把袖子抓破了", "human"), ("孩子弄坏的", "human"), ("不小心扯断了", "human"),
    ("洗一次就缩水了", None), ("洗了一次就变形", None), ("你们洗坏了", None), ("你们给我洗坏了", None),
    ("干洗店洗坏了", None), ("快递摔坏了", None), ("被电梯门夹坏了", None), ("没穿就想退", None),
    ("没怎么穿能退吗", None), ("孩子弄坏了吗", None), ("没穿多久就坏了", None), ("好好的日子", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "defect", "problem"), FAULTS)
def test_a_fault_is_read_past_the_part_that_has_it(
    facts: Facts, text: str, defect: str | None, problem: str | None
) -> None:
    found = facts(text)
    assert (found.get("defect"), found.get("problem")) == (defect, problem)


@pytest.mark.parametrize(("text", "cause"), CAUSES)
def test_a_cause_is_read_only_where_it_is_clear(facts: Facts, text: str, cause: str | None) -> None:
    assert facts(text).get("cause") == cause


def test_use_that_was_not_normal_is_not_taken_for_normal(facts: Facts) -> None:
    assert facts("不算正常用吧 我弄过").get("normal_use") == "no"
    assert facts("没有正常使用").get("normal_use") == "no"
    assert "normal_use" not in facts("还能正常穿吗")
