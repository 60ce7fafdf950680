"""A question of care finds its goods, its stain and what is asked about them."""

import pytest

from bot.knowledge.care import Care
from bot.knowledge.care_file import CareFiles
from tests.fixtures.turns import reader


@pytest.fixture(scope="module")
def care(files: CareFiles) -> Care:
    return Care(files, reader().words)


@pytest.mark.parametrize(
    ("text", "begins", "holds"),
    [
        ("羊绒衫可以机洗吗", "羊绒：", "羊绒洗涤剂"),
        ("真丝衬衫怎么熨", "真丝：", "低温熨反面"),
        ("羽绒服能不能烘干", "羽绒：", "低温烘"),
        ("冲锋衣用什么洗", "防水透气面料", "柔顺剂"),
        ("纯棉T恤怎么晾", "棉：", "阴凉通风"),
        ("亚麻裤子皱了咋办", "麻：", "湿布"),
        ("牛仔裤怎么洗不掉色", "牛仔", "盐或白醋"),
        ("麂皮鞋脏了", "绒面皮", "橡皮"),
        ("泳衣怎么洗", "泳衣：", "清水"),
        ("西装多久洗一次", "西装、正装：", "干洗"),
        ("小白鞋怎么刷", "运动鞋、帆布鞋：", "白纸巾"),
        ("皮包怎么保养", "皮包：", "护理膏"),
        ("银手镯黑了怎么清洗", "银饰：", "擦银布"),
        ("珍珠项链怎么收纳", "珍珠：", "软布盒"),
        ("翡翠镯子能碰油烟吗 怎么保养", "玉、翡翠：", "别磕碰"),
        ("钻戒怎么洗", "钻石：", "软毛刷"),
        ("手表怎么保养", "手表：", "日历"),
        ("面霜要不要放冰箱", "化妆品：", "阴凉"),
        ("蚕丝被能晒吗", "被子", "别暴晒"),
        ("电饭煲怎么清洗", "电饭煲、小厨电：", "拔电源"),
        ("洗衣机有味怎么洗", "洗衣机：", "高温自洁"),
        ("羊毛大衣可以用洗衣机洗吗", "羊毛：", "干洗"),
        ("怎么去静电", "静电：", "柔顺剂"),
        ("衣服起球怎么办", "起球：", "去球器"),
        ("仪器怎么保养", "仪器设备：", "校准"),
        ("衣服沾了血怎么洗", "血渍：", "凉水"),
        ("火锅油溅到裤子上了", "油渍：", "洗洁精"),
        ("圆珠笔画到衬衫上", "衬衫上的墨水", "酒精"),
        ("墨水滴到真丝裙子上", "真丝上的墨水", "送干洗"),
        ("红酒洒羊毛大衣上了", "羊毛上的红酒：", "盐"),
        ("皮衣发霉了怎么办", "皮革上的霉斑：", "护理油"),
        ("皮包发霉了", "皮包上的霉斑：", "护理油"),
        ("口红蹭到领子上了", "口红、粉底：", "卸妆油"),
        ("咖啡渍怎么去掉", "咖啡、茶渍：", "冷水"),
        ("衣服串色了", "串色、染色：", "别晾干"),
    ],
)
def test_a_question_finds_its_answer(care: Care, text: str, begins: str, holds: str) -> None:
    told = care.answer(text)
    assert told is not None
    assert told.text.startswith(begins)
    assert holds in told.text
    assert told.card["kind"] == "care"


@pytest.mark.parametrize(
    "text",
    [
        "我要退羊绒衫",
        "羊绒衫多少钱",
        "你好",
        "血拼一整天",
        "洗完澡再说",
        "油价又涨了",
        "玉米怎么煮",
    ],
)
def test_a_line_that_asks_no_care_gets_none(care: Care, text: str) -> None:
    assert care.answer(text) is None


def test_every_name_leads_to_its_own_entry(care: Care, files: CareFiles) -> None:
    lost = []
    for entry in files.entries.values():
        for word in entry.words:
            told = care.answer(f"{word}怎么保养")
            if told is None or not told.text.startswith(f"{entry.name}："):
                lost.append((word, told and told.text[:12]))
    assert lost == []


def test_every_stain_is_found_by_each_of_its_names(care: Care, files: CareFiles) -> None:
    lost = []
    for stain in files.stains.values():
        for word in stain.words:
            told = care.answer(f"沾上{word}了怎么洗")
            if told is None or not told.text.startswith(f"{stain.name}："):
                lost.append((word, told and told.text[:12]))
    assert lost == []


def test_a_fragile_cloth_is_told_to_be_tried_first(care: Care) -> None:
    told = care.answer("羊绒衫沾上油了")
    assert told is not None
    assert "试一小块" in told.text
