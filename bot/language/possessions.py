"""What became of the slip, the tag, the packing and the papers: kept, lost, torn off, opened."""

import re
from collections.abc import Iterator
from functools import cache

from bot.language.reading import Clause, Found

RECEIPT = r"购物小票|购物单|结账单|小票|票据|购物凭证|购物凭据|收据|收银条|凭证|电脑小票|销售单|(?<![换发开电门机车彩专普邮钞股飞选])票(?!价|子|数|房)"
INVOICE = r"发票"
TAG = r"吊牌(?:价(?=(?:被|让|都|也|给|我|已经)*(?:撕|剪|拆)))?(?!价)|挂牌|吊卡|标牌|(?<![大名招品])牌子(?=[都还也]*(?:没[拆剪摘撕取]|[剪拆摘撕][了掉过]|挂着))|标签(?!价|上)|商标牌|(?<![水洗商领目指鼠图达])标(?=[都还也]*(?:在|没有?[拆剪摘]))"
PACKAGING = r"包装盒|包装袋|(?<!口)袋子|包装|外包装|鞋盒|外盒|盒子|原盒|塑封|封条|封膜|包装膜"
CARD = r"(?:产品)?登记卡|保修卡|三包卡|质保卡|保卡"
REPAIR_RECORD = r"维修单|维修记录|修理单"
NOUNS = {
    "receipt": RECEIPT, "invoice": INVOICE, "tag": TAG, "packaging": PACKAGING, "card": CARD, "repair_records": REPAIR_RECORD,
}  # fmt: skip
ANY = "|".join(NOUNS.values())
LIST = rf"(?:{ANY})(?:[、和跟与及]?(?:还有|以及)?(?:{ANY}))*"

BUSY = r"(?:嘛|被|呢|啊|呀|是|倒是|它|那个|都|也|还|全|早就?|已经|一直|好好|完整|我|被我|让我|(?:被|让|给)(?:孩子|小孩|宝宝|老公|老婆|我妈|家里人|店员|导购|柜员)|给|也都|刚|不小心|当场|当时|就|又|家里|手里|手上|现在|可)*"
KEPT = r"(?:保留|留|放|收|带|存|挂)着|(?:保留|保存|收)(?:得)?(?:好|完整)|在(?!哪|不在|没在)|齐全?|有(?=$|[,的啊呢呀哦了])|没(?:有)?(?:丢|扔|弄丢|少)|完好|完整|带来?了|(?:找|翻)(?:到|着|出来)了?"
CUT = r"(?:剪|拆|撕|摘|扯|取|去)(?:了|掉|下来?|开|过)|掉了?|(?:没|丢|扔)(?:了|掉)|不在"
UNCUT = r"没(?:有)?(?:剪|拆|撕|摘|扯|取|动|掉)|未(?:剪|拆|摘)"
LOST = r"(?:弄|搞)?(?:丢|掉)(?:了|掉)?(?!吗)|(?:找|翻)不(?:到|着)|没(?:有)?(?:了|找到|要|拿|给|打|留|开|填)(?!吗)|不见|扔(?:了|掉)?|没有(?!丢|扔|剪|拆)|没(?=$)|不在|遗失"
OPENED = r"(?:拆|打开|撕)(?:了|开|掉|过)"
UNOPENED = r"没(?:有)?(?:拆|开|打开|动)(?:封|过)?|未(?:拆|开)封?|原封"

FATES = ("uncut", "lost", "cut", "opened", "kept")
STATE_OF = {
    "tag": dict(zip(FATES, ("on", "removed", "removed", "removed", "on"), strict=True)),
    "packaging": dict(zip(FATES, ("intact", "missing", "opened", "opened", "intact"), strict=True)),
}


@cache
def _told_after() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<nouns>{LIST}){BUSY}(?:(?P<uncut>{UNCUT}|{UNOPENED})|(?P<lost>{LOST})|(?P<cut>{CUT})|(?P<opened>{OPENED})|(?P<kept>{KEPT}))"
        r"(?!吗|么|多少|怎么)"
    )


@cache
def _told_before() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<kept>(?<![没])有(?!没)|带着|留着|保留着|(?<!没)带了|(?<![没不])(?:找|翻)(?:到|着|出来?)了?)|(?P<lost>没(?:有)?找[到着]|找不[到着]|没有?了?|(?:弄|搞)?丢了|扔了|没(?:要|拿|留|给我?|打)|无)"
        rf"|(?P<cut>(?:剪|拆|撕|摘)(?:了|掉了?))|(?P<uncut>(?:没|未)(?:有)?(?:剪|拆|撕|摘)过?))(?:购物的?|原来的?|我的?|当时的?|那张)?"
        rf"(?P<nouns>{LIST}|标(?!准|题|志|注))(?!能|可|就|有|时|问题|吗|怎么|什么)"
    )


def possessions(clause: Clause, *, own: bool = True) -> Iterator[Found]:
    """Facts of receipt, tag, packaging, card and repair records in one clause.

    Unless the line is about the shopper's `own` case, `没小票咋办` asks for the rule.
    """
    text = clause.text
    for pattern in (_told_before(), _told_after()):
        for match in pattern.finditer(text):
            if _is_open(text, match) or (not own and _asks_for_rule(text, match)):
                continue
            for key in _keys(match["nouns"]):
                if (value := _value(key, match)) is not None:
                    yield clause.found(
                        "receipt" if key == "invoice" else key, value, match.start(), match.end()
                    )


def _is_open(text: str, match: re.Match[str]) -> bool:
    """Asked, supposed or wanted rather than told: 有没有小票, 如果小票丢了, 需要小票吗."""
    ahead, behind = text[: match.start()], text[match.end() :]
    return (
        re.search(
            r"(?:如果|要是|万一|假如|假设|是不是|一定|必须|需要|要不要|需不需要|凭|怎么|可以|不(?!喜欢|想|合适|合身|好看|满意|过|错|对|是|行|贵))[^,]{0,3}$",
            ahead,
        )
        is not None
        or (ahead.endswith(("有", "没")) and match["nouns"] != match.group())
        or re.match(r"(?:了|着)?(?:吗|么|没有?$)|的话", behind) is not None
        # 给我留个凭证没有: whether there is one is what is asked.
        or (
            match.group().endswith("没有")
            and re.search(r"(?:给|留|开|打|发)[^,没]{0,4}$", ahead) is not None
        )
    )


def _asks_for_rule(text: str, match: re.Match[str]) -> bool:
    return (
        match.group().startswith(("没", "无", "有"))
        and re.fullmatch(r"(?:那|那么|请问|要是|就|我想问下?|问一?下)*", text[: match.start()])
        is not None
        and _about_the_rule().match(text[match.end() :]) is not None
    )


@cache
def _about_the_rule() -> re.Pattern[str]:
    return re.compile(
        r"(?:的话|了|的|还|也|是不是|就)*(?:[咋怎][么样]?(?:办|整|弄|搞|处理)|[行成中]不[行成中]?|[行成]吗|可不可以|可以[吗不]|能不能|能[退换修]|给[退换修]|有影响|不给[退换]|不能[退换])"
    )


def _keys(nouns: str) -> list[str]:
    return [key for key in NOUNS if _noun(key).search(nouns)]


@cache
def _noun(key: str) -> re.Pattern[str]:
    """The noun cut out of its clause, so without what has to stand around it."""
    return re.compile({"tag": r"吊牌|挂牌|吊卡|牌子|标"}.get(key, NOUNS[key]))


def _value(key: str, match: re.Match[str]) -> str | None:
    told = next(name for name in FATES if match.groupdict().get(name) is not None)
    if key in STATE_OF:
        return STATE_OF[key][told]
    gone = told in ("lost", "cut")
    if key == "invoice":
        # The slip may still be there when only the invoice is lost.
        return None if gone else "yes"
    return "no" if gone else "yes"
