"""Goods that the rules except from returning on a whim: each usual word is heard, and nothing else."""

import pytest

from tests.language.conftest import Facts

WORDS = {
    "cosmetics": "口红 唇釉 唇膏 唇彩 粉底液 气垫 bb霜 隔离霜 遮瑕膏 散粉 腮红 眼影 眼线笔 眉粉 睫毛膏 卸妆油 洗面奶 爽肤水 精华 乳液 晚霜 眼霜 面膜 防晒霜 水乳套装 护手霜 身体乳 香水 指甲油 洗发水 化妆刷",
    "jewellery": "项链 手链 脚链 手镯 银镯子 戒指 钻戒 对戒 素圈 耳环 耳钉 耳夹 吊坠 手串 珍珠耳环 金条 金豆 足金手链 转运珠 银饰 长命锁 锁骨链 毛衣链 水晶手链 蜜蜡 琥珀 平安扣",
    "jade": "玉镯 玉佩 玉坠 翡翠 和田玉 玉牌 玉观音 玉手串 玉平安扣 翡翠戒指 貔貅",
    "underwear": "内衣 内裤 文胸 胸罩 bra 抹胸 胸贴 秋衣 秋裤 秋衣裤 保暖裤 塑身裤 收腹裤 打底 打底衣 丁字裤 平角裤 底裤 裤衩 棉毛衫 孕妇内裤 泳衣 比基尼 贴身衣物",
    "custom_made": "定制西服 定做的衣服 量身定做的裤子 私人订制的礼服 刻字的戒指 绣了名字的毛巾",
    "fresh_food": "水果 牛肉 海鲜 大闸蟹 鲜奶 蛋糕 鲜花 车厘子 月饼",
    "newspaper": "报纸 杂志",
    "digital_download": "激活码 电子书 点卡",
}  # fmt: skip
SAID = ("昨儿买的{}不喜欢没拆，退不退", "{}能退吗", "那个{}色号不对没用过")
NONE_OF_THEM = [
    ("口红蹭到领子上了", None), ("衣服上有口红", "garment"), ("口红色的裙子想退", "garment"),
    ("化妆品柜台旁边买的衣服", "garment"), ("翡翠绿的裙子想退", "garment"), ("琥珀色的裙子不喜欢", "garment"),
    ("衣服有股香水味", "garment"), ("用牙膏擦了鞋", "shoe"), ("打底毛衣起球了", "knitwear"),
    ("草莓图案的裙子想退", "garment"), ("蛋糕裙想退", "garment"), ("面包服不喜欢", "garment"),
    ("牛奶洒上去了", None), ("你们能定做吗", None), ("我想定做一套西服", "suit"), ("西服不是定做的", "suit"),
    ("印字的T恤不喜欢", "tshirt"), ("定做的西服开线了", "suit"),
]  # fmt: skip


def test_the_table_holds_the_usual_words() -> None:
    assert sum(len(words.split()) for words in WORDS.values()) >= 100


@pytest.mark.parametrize("category", WORDS)
def test_no_usual_word_is_taken_for_goods_that_may_go_back(facts: Facts, category: str) -> None:
    heard = {
        (word, said): facts(said.format(word)).get("category")
        for word in WORDS[category].split()
        for said in SAID
    }
    assert {line: kind for line, kind in heard.items() if kind != category} == {}


@pytest.mark.parametrize(("text", "category"), NONE_OF_THEM)
def test_a_stain_a_colour_or_a_wish_is_no_such_goods(
    facts: Facts, text: str, category: str | None
) -> None:
    assert facts(text).get("category") == category
