"""Words that promise (退 换 赔 免费 保证 …), with their polarity: 不能退 is none, 包退 is."""

import re
from functools import cache

from bot.outbox.claims import Claims, Kind, Sentence

WORDS = {
    "refund": (
        r"退(?:货退款|款|货|钱|掉|还|差价|换|一半|全款|(?=您|给|[¥\d一二三四五六七八九十百千万两]))"
        r"|全额退|原路退回|退(?=[吧了,，]|$)"
    ),
    "exchange": r"(?<=退)换|换(?:货|新|一?[件条双个只台]|同款|[大小]一?码|(?=给|您|[吧了,，]|$))",
    "repair": r"(?:维修|返修|修好|修理|保修|修(?=给|您|一下|[吧,，]|$))",
    "compensation": (
        r"(?:赔偿|赔付|补偿|理赔|赔(?=您|给|钱|[¥\d一二三四五六七八九十百千万两]|[吧了,，]"
        r"|$))"
    ),
    "price_difference": r"(?:退|补|返|还)(?:您|给您|还)?(?:这个|一下)?差价|价保",
    "free": (
        r"免费|免单|免(?:收|除|掉)|不(?:用|需要|会|再)?(?:您)?(?:另外|额外)?(?:收费?"
        r"|花钱|要钱|掏钱|出钱|付钱)|(?:运费|邮费|费用)[^,，。不]{0,4}(?:我们|店里|公司"
        r"|咱们)(?:来)?(?:出|承担|付)|包邮"
    ),
    "gift": (
        r"(?:送|赠)(?:您|给您)(?:一?[张个份件双条])?[^,，。]{0,8}|(?:优惠券|代金券|礼品"
        r"|红包|积分)(?=给您|送|补|发)|打折给您|给您(?:打|算)[^,，。]{0,3}折|便宜给您"
    ),
}
# Said of goods and rules at large rather than to this shopper.
AT_LARGE = (
    r"^(?:申请|流程|政策|规则|规定|期限|条件|单|原因|进度|编号|地址|的?时候|时|要看"
    r"|需要|方式|方法|服务|手续|记录|登记|事宜|问题|怎么|多久|范围|标准|金额|的钱"
    r"|回来的|的?(?:商品|衣服|东西|货|条件|品类|范围|期限|规则|政策|办法|情况)|还是|或|、|和|及|与|期|卡|点|站|师傅|部)"
)
# The shopper's own wish, a supposition, or what somebody will look into.
WISHED = (
    r"(?:想要?|要是|需要|打算|申请|希望|如需|若要|如果要|您要|要|是否|能不能|可不可以"
    r"|能否|可否|该不该|会不会|要不要|看看|看一?下|看能|核实|问问|问一下|确认|评估"
    r"|考虑|商量|关于|办理|登记|咨询|之前的?|上次的?|说到|说的|什么|哪|怎么)[^,，。]{0,5}$"
)
DENIED = (
    r"(?:不能|不可以|没法|无法|没办法|不予|不支持|不在[^,，]{0,6}内|恕不|拒绝|难以"
    r"|暂不|别|不用|无需|不需要|不会|不给|不好|不太好|不方便|不|没有?|未|非|很难"
    r"|并不|停止|不一定|不见得|未必|说不准)(?:直接|再|能|可以|会|给您|给|马上|当场"
    r"|享受|办理|参加|为您|做|提供|无理由)*$"
)
# What makes of a word a promise: somebody of ours will, may, must.
OURS = (
    r"(?:可以|能(?!否|不)|会(?!员)|就|给您|帮您|给你|帮你|为您|替您|我们|咱们|店里"
    r"|公司|柜台|厂里|这边|直接|马上|立刻|现在|已经?|同意|包|全额|全部|无条件|无理由"
    r"|负责|支持|承诺|答应|安排|一律|都|按|照|免费|终身|肯定|一定|保证|放心|享受"
    r"|同意|批准)[^,，。]{0,12}$"
)
GIVEN = r"^(?:货|款|钱|新|偿|付|好|一?[件条双个])*(?:给)?(?:您|你|到账|全款|[¥\d]|一半|吧|包)"
STRONG = (
    r"包(?:退|换|修|赔|好|您满意|满意|过)|(?<!不)(?<!没法)(?<!无法)(?<!不敢)(?<!不能)(?:保证"
    r"|担保)(?!金|期|书|质|卡)|(?<!不)(?:绝对|百分之?百|百分百)|承诺(?!书|期)|无条件(?:退"
    r"|换|赔)|(?:退|假|缺)[一1]\d?[赔罚补]|(?<!不)(?:一定|肯定|必定|保准|准保)(?:会"
    r"|能|可以|给|到|退|换|赔|修|办好|解决|让您满意|没问题|处理好|成)|放心[,，]?(?:肯定"
    r"|一定|都)?(?:能|会|可以|给)(?:退|换|赔|修|办)"
)


def vows(sentence: Sentence) -> Claims:
    """Every word of the sentence that promises; none where it only asks."""
    text = sentence.text
    strong = [m for m in _strong().finditer(text) if not _supposed(text[: m.start()])]
    for match in strong:
        yield sentence.claim(Kind.PROMISE, "guarantee", *match.span())
    if sentence.asks:
        return
    for family, pattern in _families():
        for match in pattern.finditer(text):
            within = any(m.start() < match.end() and match.start() < m.end() for m in strong)
            if not within and _promises(text, match, family):
                yield sentence.claim(Kind.PROMISE, family, *match.span())


def _promises(text: str, match: re.Match[str], family: str) -> bool:
    ahead = _clause_ahead(text[: match.start()])
    if match.group().startswith("换"):  # 不退换: what is said of 退 is said of both
        ahead = ahead.removesuffix("退")
    behind = text[match.end() :]
    if re.search(DENIED, ahead) or re.match(r"不(?:了|成|上|好|到)|得了[吗么]", behind):
        return False
    if re.search(WISHED, ahead) and not re.search(
        r"(?:给您|为您|就|可以|直接)[^,，。]{0,4}$", ahead
    ):
        return False
    if re.match(r"[^,，。]{0,6}(?:的话|才(?:能|可以))", behind):
        return False
    if family in ("free", "gift", "price_difference"):
        return not _at_large(behind) and not re.search(r"(?:不|没|无)$", ahead)
    if _at_large(behind):
        return False
    return re.search(OURS, ahead) is not None or re.match(GIVEN, behind) is not None


def _at_large(behind: str) -> bool:
    return re.match(AT_LARGE, behind) is not None


def _supposed(ahead: str) -> bool:
    return (
        re.search(r"(?:不|没|无法|不敢|难以|不好|不能|没有人|谁)(?:百分百|完全|向您)?$", ahead)
        is not None
    )


def _clause_ahead(ahead: str) -> str:
    return re.split(r"[,，;；:：]", ahead)[-1]


@cache
def _families() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((family, re.compile(words)) for family, words in WORDS.items())


@cache
def _strong() -> re.Pattern[str]:
    return re.compile(STRONG)
