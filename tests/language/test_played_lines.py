"""Lines as shoppers say them in one breath, played through the bot; today is 8 May 2024."""

from decimal import Decimal

import pytest

from bot.language.reading import Value
from tests.language.conftest import Facts

# Everything the line says, and no more.
LINES: list[tuple[str, dict[str, Value]]] = [
    ("给儿子买的内裤小了 没拆没穿 4天前店里买的 退",
     {"category": "underwear", "problem": "size", "worn": "no", "days_since_purchase": 4, "remote_purchase": "no", "wants": "refund"}),
    ("前几天给闺女买的羽绒服 3天前 没穿 包装在 店里买的 不好看 退了吧",
     {"category": "down_jacket", "days_since_purchase": 3, "worn": "no", "packaging": "intact", "remote_purchase": "no",
      "problem": "dislike", "wants": "refund"}),
    ("今天上午买的牛仔裤 没穿 不太满意 小票有 退",
     {"days_since_purchase": 0, "category": "trousers", "worn": "no", "problem": "dislike", "receipt": "yes", "wants": "refund"}),
    ("二十天前在店里给娃买的小裙子 129.9 没穿 包装没拆 也没坏 不喜欢 退",
     {"days_since_purchase": 20, "remote_purchase": "no", "category": "garment", "price_paid": Decimal("129.9"), "worn": "no",
      "packaging": "intact", "damaged": "no", "problem": "dislike", "wants": "refund"}),
    ("昨儿个在你家花459买了条裙子，回家越看越不顺眼，一次没穿，票在，退了呗",
     {"days_since_purchase": 1, "price_paid": 459, "category": "garment", "problem": "dislike", "worn": "no", "receipt": "yes",
      "wants": "refund"}),
    ("昨天买的皮带不合心意 新的没用过 小票在 退",
     {"days_since_purchase": 1, "category": "belt", "problem": "dislike", "worn": "no", "receipt": "yes", "wants": "refund"}),
    ("3天前买的西装外套 680块 没穿 拉链坏的 小票在 我要退钱",
     {"days_since_purchase": 3, "category": "suit", "price_paid": 680, "worn": "no", "defect": "zipper_broken",
      "problem": "quality", "receipt": "yes", "wants": "refund"}),
    ("6天前门店买的连体衣太小 没穿过 包装还在 退款",
     {"days_since_purchase": 6, "remote_purchase": "no", "category": "garment", "problem": "size", "worn": "no",
      "packaging": "intact", "wants": "refund"}),
    ("一个半月前买的大衣掉了两颗扣子 小票在 帮我修",
     {"days_since_purchase": 45, "category": "coat", "defect": "button_lost", "problem": "quality", "receipt": "yes",
      "wants": "repair"}),
    ("新买的大衣扣子全掉了 给老子退钱",
     {"category": "coat", "defect": "button_lost", "problem": "quality", "wants": "refund"}),
    ("前天麦的库子 没穿 想推货",
     {"days_since_purchase": 2, "category": "trousers", "worn": "no", "wants": "refund"}),
    ("宝宝鞋买大了 麻烦tui一下", {"category": "shoe", "problem": "size", "wants": "refund"}),
    ("她爸说换个粉色的得了", {"wants": "exchange"}),
    ("滚 叫你们管事的", {"wants": "human"}),
    ("算了算了不退了", {}),
    ("那怎么办", {}),
    ("特价的是不是不给退？", {}),
    ("不对，是上周买的，今天都第九天了", {"days_since_purchase": 9}),
    ("哦哦看错了，就是前天", {"days_since_purchase": 2}),
    ("也是5天前", {"days_since_purchase": 5}),
    ("哦对了小票上盖了个特价的章", {"special_price": "yes"}),
    ("你们家鞋底打滑我摔了一跤腿都肿了", {"category": "shoe", "problem": "quality", "injury": "yes"}),
    ("吊牌写的199收银收了我299！", {"tag_price": 199, "price_paid": 299}),
    ("洗一次就掉色这算质量问题吧？", {"washed": "yes", "defect": "fading", "problem": "quality"}),
    # Spoken, without a mark
    ("喂我跟你说呀我孙子那个棉裤啊是半个月前在你们商场那个店里头花了八十九块钱买的买回来一穿呢裤腿短了一大截就试了一下没穿出去袋子都还在呢你看能不能给换条长点的",
     {"days_since_purchase": 15, "price_paid": 89, "remote_purchase": "no", "category": "trousers", "problem": "size",
      "worn": "no", "packaging": "intact", "wants": "exchange"}),
    ("那个你好啊我是大概五十天前在你们店花六百五买的一双靴子穿了有那么几次啊都是正常走路的结果它那个鞋跟就掉了小票我还留着呢就想问问能不能给修一修",
     {"days_since_purchase": 50, "price_paid": 650, "category": "boots", "worn": "yes", "cause": "quality", "normal_use": "yes",
      "defect": "heel_broken", "problem": "quality", "receipt": "yes", "wants": "repair"}),
    ("你们家这个裙子我买了五天了没穿过但是颜色我不喜欢小票还在呢能不能退",
     {"category": "garment", "days_since_purchase": 5, "worn": "no", "problem": "color", "receipt": "yes", "wants": "refund"}),
    ("嗯嗯对就是昨天下午在专柜买的没穿过也没洗过吊牌小票都在就是不想要了退了吧",
     {"days_since_purchase": 1, "remote_purchase": "no", "worn": "no", "washed": "no", "receipt": "yes", "tag": "on",
      "problem": "dislike", "wants": "refund"}),
    ("这个鞋啊是去年双十一买的花了四百九十九穿了没几次就断底了",
     {"category": "shoe", "days_since_purchase": 179, "price_paid": 499, "worn": "yes", "defect": "sole_broken",
      "problem": "quality"}),
    # Matters under way
    ("我三天前投诉的 到现在没人回我", {"case": "complaint", "hours_waiting": 72, "answered": "no"}),
    ("投诉都一天多了没人理", {"case": "complaint", "hours_waiting": 25, "answered": "no"}),
    ("报修四个工作日了也没人跟我约时间", {"case": "repair", "workdays": 4, "repairer_arranged": "no"}),
    ("报修了一天，什么时候有人联系", {"case": "repair", "hours_waiting": 24}),
    ("你们签收三个工作日了,钱还没退", {"case": "refund", "workdays_after_arrival": 3, "money": "not_received"}),
    ("换货寄回去一个礼拜了没动静", {"case": "exchange", "days_waiting": 7}),
    ("外套送修二十天了还没修好", {"category": "garment", "case": "repair", "days_in_repair": 20, "done": "no"}),
    ("说好三天回电话，都第五天了", {"days_waiting": 5, "called_back": "no"}),
    ("一直没给我回电话都等了5天了", {"days_waiting": 5, "called_back": "no"}),
    ("这都跑第三趟了还没给我弄好", {"visits": 3, "solved": "no"}),
    ("退款三天内到账吗", {}), ("我要投诉 三天了没发货", {}), ("投诉电话多少", {}), ("想投诉", {}),
    ("想退货 三天前买的 没穿", {"wants": "refund", "days_since_purchase": 3, "worn": "no"}),
    ("换货三天了又坏了", {"days_since_exchange": 3, "problem": "quality"}),
    # Rules are asked for
    ("没小票咋办？", {}), ("没小票行不行？", {}), ("内衣呢？", {}), ("那内衣呢？", {}), ("小票丢了怎么办", {"receipt": "no"}),
    ("昨天买的裙子没小票咋办", {"days_since_purchase": 1, "category": "garment", "receipt": "no"}),
]  # fmt: skip
ANSWERS: list[tuple[str, str, dict[str, Value]]] = [
    ("cause", "本来就有", {"cause": "quality"}), ("cause", "拿回家就这样", {"cause": "quality"}),
    ("cause", "一打开就破的", {"cause": "quality"}), ("cause", "应该是质量问题", {"cause": "quality"}),
    ("cause", "不是我弄坏的", {"cause": "quality"}), ("cause", "可能是我不小心", {}), ("cause", "说不好", {"cause": "unknown"}),
    ("cause", "就正常走路", {"cause": "quality", "normal_use": "yes", "worn": "yes"}),
    ("cause", "平时都是正常穿的", {"cause": "quality", "normal_use": "yes", "worn": "yes"}),
    ("cause", "没怎么用 挂着挂着就断了", {"cause": "quality", "problem": "quality"}), ("cause", "挂到钉子了", {"cause": "human"}),
    ("cause", "一直正常用的", {"cause": "quality", "normal_use": "yes"}), ("cause", "正常穿能穿多久", {}),
    ("receipt", "它自己开的", {"cause": "quality"}), ("receipt", "自己开的车", {}),
    ("receipt", "没小票咋办？", {"receipt": "no"}), ("receipt", "好像没了", {"receipt": "no"}),
    ("receipt", "应该还在", {"receipt": "yes"}), ("receipt", "好像", {}),
    ("store_confirms", "应该能查到", {"store_confirms": "yes"}), ("store_confirms", "应该吧", {}),
    ("worn", "应该穿过一次", {"worn": "yes"}), ("worn", "好像没有", {"worn": "no"}), ("worn", "感觉还行", {}),
    ("special_price", "好像不是", {"special_price": "no"}), ("resale_ok", "我觉得差不多", {}),
    ("days_since_purchase", "大概三天", {"days_since_purchase": 3}),
    ("days_since_purchase", "应该是上周六", {"days_since_purchase": 4}),
    ("days_since_purchase", "店里", {"remote_purchase": "no"}), ("worn", "网上", {"remote_purchase": "yes"}),
    ("price_paid", "估计399", {"price_paid": 399}), ("price_paid", "好像四百多", {}),
]  # fmt: skip
DAYS: list[tuple[str, int | None]] = [
    ("3天前 在你们店里买的裙子", 3), ("我 3天前 买的", 3), ("没穿四天前买的", 4), ("买了 3 天", 3), ("买的衣服 昨天 没穿", 1),
    ("买的衣服 昨天 开线了", None), ("买的空调 昨天 不制冷", None), ("昨天买的 都穿了 两天了", 1), ("也是昨天坏的", None),
    ("大概五十天前买的", 50), ("大概一周前买的", None), ("大概三个月前买的", None), ("今天 3号了 5月1号买的", 7),
    ("刚才说的那个 两天了", None), ("修手镯 说一周 现在两周了", None), ("登记了羽绒服的事，送检七天，今天第八天了", None),
]  # fmt: skip
PRICES: list[tuple[str, Decimal | None]] = [
    ("前天买的外套199，没穿过", Decimal(199)), ("买的靴子六百五十块钱", Decimal(650)), ("昨天买的裙子 129.9 没穿", Decimal("129.9")),
    ("吊牌价199收了我299", Decimal(299)), ("刷了299买的", Decimal(299)),
    ("买的裤子38大了", None), ("买的裤子 38 大了", None), ("买的毛衣170", None), ("昨天买的外套 2023 款", None),
    ("买的裙子4.28", None), ("师傅收了我50", None), ("柜台多收了我20", None), ("店里收了我50运费", None), ("129.9", None),
    ("多刷了我120", None), ("实付 899 现在 799", Decimal(899)),
]  # fmt: skip
STATES: list[tuple[str, str, str | None]] = [
    ("裤子小了", "problem", "size"), ("手套太大", "problem", "size"), ("不太合身", "problem", "size"), ("太小", "problem", "size"),
    ("衣服太大气了", "problem", None), ("声音太大了", "problem", None), ("客服太小气", "problem", None),
    ("外套大小合适", "problem", None), ("看着有点别扭", "problem", "dislike"), ("不太称心", "problem", "dislike"),
    ("他没看上", "problem", "dislike"), ("看不上眼睛", "problem", None), ("回家觉得不好看", "problem", "dislike"),
    ("鞋底太滑", "problem", "quality"), ("鞋底不打滑", "problem", None), ("在你们门口滑倒了", "problem", "facility"),
    ("穿了一个礼拜", "worn", "yes"), ("穿了有好几次", "worn", "yes"), ("没穿三天就坏了", "worn", "yes"),
    ("我摔了一跤", "damaged", None), ("腿肿了", "injury", "yes"), ("裤腿肿", "injury", None), ("脚疼", "injury", None),
    ("吊牌写特价 结账按原价", "special_price", None), ("帮我退一下差额", "wants", None), ("戒指 13 号换 12 号", "wants", "exchange"),
    ("麻烦你跑一趟了", "visits", None),
    ("吊牌被我剪了", "damaged", None), ("我把吊牌剪了", "damaged", None), ("袖子被我剪破了", "damaged", "yes"),
    ("挂着挂着就断了", "cause", "quality"), ("走着走着鞋跟就掉了", "cause", "quality"), ("试着试着就喜欢了", "cause", None),
    ("找到小票了！", "receipt", "yes"), ("小票翻出来了", "receipt", "yes"), ("没找到小票", "receipt", "no"),
    ("如果找到小票", "receipt", None), ("找到小票能退吗", "receipt", None),
    ("小票上写着特价", "special_price", "yes"), ("小票上没盖特价章", "special_price", None),
    ("袋子都还在", "packaging", "intact"), ("口袋子还在", "packaging", None),
    ("不喜欢小票还在", "receipt", "yes"), ("不需要小票吧", "receipt", None),
    ("扣子少了三颗", "defect", "button_lost"), ("拉链是坏的", "defect", "zipper_broken"),
    ("退", "wants", "refund"), ("退呗", "wants", "refund"), ("换吧", "wants", "exchange"), ("修吧", "wants", "repair"),
    ("不退", "wants", None), ("不换", "wants", None), ("问个屁 退钱！！！", "wants", "refund"),
    ("换条长点的", "wants", "exchange"), ("换成黑色的", "wants", "exchange"), ("换绿色行吗", "wants", "exchange"),
    ("换红包", "wants", None), ("我不找管事的", "wants", None), ("给我找个能做主的人", "wants", "human"),
    ("买来就有个洞", "cause", "quality"), ("买来就有小票", "cause", None), ("不正常走路", "cause", None),
    ("你们自己开的店", "cause", None),
]  # fmt: skip
SLIPS: list[tuple[str, str | None, str, str | None]] = [
    ("小票还再", None, "receipt", "yes"), ("小漂在的", None, "receipt", "yes"), ("合子在呢", "packaging", "packaging", "intact"),
    ("木有穿哦", None, "worn", "no"), ("米有穿过", None, "worn", "no"), ("米穿过", "worn", "worn", "no"),
    ("没川过", "worn", "worn", "no"), ("没传过", "worn", "worn", "no"), ("没传过图", None, "worn", None),
    ("就是不喜换", None, "problem", "dislike"), ("尺马不合适", None, "problem", "size"), ("换大一马", None, "wants", "exchange"),
    ("我要换活", None, "wants", "exchange"), ("换活儿干", None, "wants", None), ("想退活", None, "wants", "refund"),
    ("连衣群", "category", "category", "dress"), ("条库子", None, "category", "trousers"), ("仓库子公司", None, "category", None),
    ("我要tuihuo", None, "wants", "refund"), ("能huan吗", None, "wants", "exchange"), ("想xiu一下", None, "wants", "repair"),
    ("tuition", None, "wants", None), ("huanhuan", None, "wants", None), ("积木有吗", None, "worn", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_whole_line_says_that_and_no_more(
    facts: Facts, text: str, expected: dict[str, Value]
) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(("asking", "text", "expected"), ANSWERS)
def test_a_hedged_or_roundabout_answer_is_one(
    facts: Facts, asking: str, text: str, expected: dict[str, Value]
) -> None:
    assert facts(text, asking) == expected


@pytest.mark.parametrize(("text", "days"), DAYS)
def test_a_day_set_off_by_spaces_keeps_its_event(facts: Facts, text: str, days: int | None) -> None:
    assert facts(text).get("days_since_purchase") == days


@pytest.mark.parametrize(("text", "price"), PRICES)
def test_an_amount_beside_the_goods_is_what_was_paid(
    facts: Facts, text: str, price: Decimal | None
) -> None:
    assert facts(text).get("price_paid") == price


@pytest.mark.parametrize(("text", "key", "value"), STATES)
def test_a_phrase_states_its_fact_and_its_neighbour_does_not(
    facts: Facts, text: str, key: str, value: str | None
) -> None:
    assert facts(text).get(key) == value


@pytest.mark.parametrize(("text", "asking", "key", "value"), SLIPS)
def test_a_slip_is_put_right_only_where_it_is_sure(
    facts: Facts, text: str, asking: str | None, key: str, value: str | None
) -> None:
    assert facts(text, asking).get(key) == value


@pytest.mark.parametrize(
    "asking", ["worn", "receipt", "cause", "days_since_purchase", "price_paid"]
)
def test_not_to_be_able_to_say_is_an_answer(facts: Facts, asking: str) -> None:
    assert facts("说不好", asking) == {asking: "unknown"}


def test_an_asked_sale_is_a_purchase_mistyped(facts: Facts) -> None:
    assert facts("昨天卖的", "days_since_purchase") == {"days_since_purchase": 1}
    assert facts("昨天卖的") == {}
