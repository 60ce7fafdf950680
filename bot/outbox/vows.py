"""Words that promise (退 换 赔 免费 保证 …), with their polarity: 不能退 is none, 包退 is."""

import re
from functools import cache

from bot.outbox.claims import Claims, Kind, Sentence

WORDS = {
    "refund": (
        r"退(?:货退款|款|货|钱|掉|还|差价|换|一半|全款|(?=您|给|[¥\d一二三四五六七八九十百千万两]))"
        r"|全额退|原路退回|退(?=(?:的|了)?(?:[吧了,，]|$))"
        r"|退(?:回去?|上)(?=$|[,，给您])"
    ),
    "exchange": r"(?<=退)换|换(?:货|新|一?[件条双个只台]|同款|[大小]一?码"
    r"|(?=给|您|的?(?:[吧了,，]|$)))",
    "repair": r"(?:维修|返修|修好|修理|保修|修(?=给|您|一下|的?(?:[吧,，]|$)))",
    "compensation": (
        r"(?:赔偿|赔付|补偿|理赔|赔(?=您|给|一?个|一?件|新|钱|[¥\d一二三四五六七八九十百千万两]|[吧了,，]"
        r"|$))"
    ),
}
# Words that promise by themselves, whoever is to do it.
OUTRIGHT = {
    "exchange": (
        r"补[发寄](?=$|给|[您你]|一?[件个双条套]|[,，吧])|(?:再|重新|另外?)(?:给[您你])?[发寄][您你]?一?[件个双条套]"
        r"|给[您你](?:再)?[发寄]一?[件个双条套]|换就是"
    ),
    "refund": (
        r"(?:钱|款|[元块])[^,，。不没]{0,4}(?:打|转|退)(?:回去|过去|回来给|给[您你]|到[您你])"
        r"|退(?:给)?[您你]?(?:全款|全额|全部)|(?<=给)退(?=$|[,，吧了的])"
        r"|原路返[回还]|退就是"
    ),
    "compensation": (
        r"(?<!不)(?:给[您你]|我们|店里|公司|可以|能)报销|(?<!发票)(?<!小票)补(?:给|偿)[您你]"
        r"|(?:我们|店里|公司)(?:来)?补(?=$|[,，给上])|(?:费|钱|款)[^,，。不没]{0,4}(?:报销(?!单)|报了|补上|补给)"
    ),
    "price_difference": (
        r"(?:退|补|返|还)(?:您|给您|还)?(?:这个|一下)?差价|价保|差价[^,，。不没]{0,6}(?:补|退|返)(?=给|您|上)"
    ),
    "free": (
        r"免费|免单|免(?:收|除|掉)|费[^,，。不没]{0,2}(?:全|都)免|不(?:用|需要|会|再)?(?:让)?[您你]?(?:另外"
        r"|额外|再)?(?:收费?|要钱|(?:花|掏|出|付)(?:一分|任何|什么|运|邮|快递|路)?[钱费款])|费用?[^,，。不]{0,4}(?:我们|店里|公司"
        r"|咱们?|商场)(?:公司|店里|这边)?(?:来)?(?:出|承担|付)|包邮|免邮|掏腰包"
        r"|(?:我们|店里|公司|咱们?|商场)(?:来)?(?:全部|全额)?(?:承担|出|付)[^,，。不]{0,4}[费钱]|(?:运费|邮费|费用|钱)[^,，。不]{0,4}(?:算|归|由)(?:我们?|店里|公司)"
        r"|(?:运费|邮费|费用|钱)[^,，。]{0,6}不(?:会|用)(?:再)?(?:让)?(?:您|你)?(?:来)?(?:管|操心|出|付|掏|担心|承担)"
    ),
    "gift": (
        r"(?:送|赠)(?:您|给您)(?:一?[张个份件双条])?[^,，。]{0,8}|(?:优惠券|代金券|礼品"
        r"|红包|积分)(?=给您|送|补|发)|打折给您|给您(?:打|算)[^,，。]{0,3}折|便宜给您"
        r"|给[您你](?:再|另外|额外|多)?(?:送|赠)(?!去|到|过|货|修|回|检|洗|上门|来|一?趟)"
        r"|给[您你](?:再|另外|额外|多)*(?:申请|争取|补|发|送|加|返|充)了?[^,，。]{0,8}(?:券|礼品|礼物|红包|积分|赠品)"
        r"|给[您你](?:再)?(?:便宜|减|少收|优惠|抹)(?!的?政策|活动)|给[您你]留[^,，。]{0,4}(?:特价|优惠|折扣)|(?:少收|便宜|优惠)[您你]"
        r"|给[您你]按[^,，。]{0,6}[价折]|(?:券|红包|礼品|礼物|赠品)[^,，。不没]{0,4}[发送给补][您你]"
    ),
}
# Said of goods and rules at large rather than to this shopper.
AT_LARGE = (
    r"^(?:申请|流程|政策|规则|规定|期限|条件|单|原因|进度|编号|地址|的?时候|时|要看"
    r"|需要|方式|方法|服务|手续|记录|登记|事宜|问题|怎么|多久|范围|标准|金额|的钱"
    r"|回来的|的?(?:商品|衣服|东西|货|条件|品类|范围|期限|规则|政策|办法|情况|活动|申请)|还是|或|、|和|及|与|期|卡|点|站|师傅|部)"
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
    r"|享受|办理|参加|为您|做|提供|无理由|权限|资格|权力|答应[您你]?|承诺[您你]?|保证[您你]?|同意|跟您|向您|随便|擅自)*$"
)
# What makes of a word a promise: somebody of ours will, may, must.
OURS = (
    r"(?:可以|能(?!否|不)|会(?!员)|就|给您|帮您|给你|帮你|为您|替您|我们|咱们|店里"
    r"|公司|柜台|厂里|这边|直接|马上|立刻|现在|已经?|同意|包|全额|全部|无条件|无理由|原路"
    r"|负责|支持|承诺|答应|安排|一律|随时|都|按|照|免费|终身|肯定|一定|保证|放心|享受"
    r"|同意|批准)[^,，。]{0,12}$"
)
GIVEN = (
    r"^(?:货|款|钱|新的?|偿|付|好|一?[件条双个])*(?:寄|送|发|拿)?(?:给)?"
    r"(?:您|你|到账|全款|[¥\d]|一半|吧|包)"
)
# Done first, then the shopper is told: 修好给您打电话 says nothing of whether it is repaired.
THEN_TOLD = (
    r"^(?:好|完|成)?了?(?:之后|以后|后|的时候)?(?:就|再|会|马上|第一时间|我)*(?:给|跟|和|向)?[您你]?"
    r"(?:打(?!折)|发(?!货|券|红包|一)|说|回复|回电|回话|联系|通知|告诉|讲|答复|来电|电话)"
    r"|^到账(?:了|之?后|以后)(?=[您你会就有])"
)
# What somebody is said to have promised before: the shopper's report, or a question about it.
REPORTED = (
    r"(?:谁|哪[个位]|有没有人|有人|您[^,，。]{0,3}(?:说|提到|讲)[^,，。]{0,4}(?:之前|上次|当时|导购|店员"
    r"|客服|他们|别人|柜台))[^,，。]{0,10}$"
)
STRONG = (
    r"包(?:退|换|修|赔|好|您满意|满意|过)|(?<!不)(?<!没法)(?<!无法)(?<!不敢)(?<!不能)(?:保证"
    r"|担保)(?!金|期|书|质|卡)|(?<!不)(?:绝对|百分之?百|百分百)|承诺(?!书|期)|无条件(?:退"
    r"|换|赔)|(?:退|假|缺)[一1]\d?[赔罚补]|(?<!不)(?:一定|肯定|必定|保准|准保)(?:会"
    r"|能|可以|给|到|退|换|赔|修|办好|弄好|搞定|完成|处理完|解决|让您满意|没问题|处理好|成)|放心[,，]?(?:肯定"
    r"|一定|都)?(?:能|会|可以|给)(?:退|换|赔|修|办)|(?:修|改|换|弄|做)到[^,，。]{0,4}(?:满意|好)为止"
    r"|包在我|打包票|绝不(?:会|再|让)|负责到底|(?:问题|坏|事)[^,，。由]{0,6}负责(?=$|[,，])"
)


def vows(sentence: Sentence) -> Claims:
    """Every word of the sentence that promises; none where it only asks."""
    text = sentence.text
    strong = [m for m in _strong().finditer(text) if not _supposed(text[: m.start()])]
    for match in strong:
        yield sentence.claim(Kind.PROMISE, "guarantee", *match.span())
    if sentence.asks:
        return
    for family, pattern, outright in _families():
        for match in pattern.finditer(text):
            within = any(m.start() < match.end() and match.start() < m.end() for m in strong)
            if not within and _promises(text, match, outright=outright):
                yield sentence.claim(Kind.PROMISE, family, *match.span())


def _promises(text: str, match: re.Match[str], *, outright: bool) -> bool:
    ahead = _clause_ahead(text[: match.start()])
    if match.group().startswith("换"):  # 不退换: what is said of 退 is said of both
        ahead = ahead.removesuffix("退")
    behind = text[match.end() :]
    if re.search(REPORTED, ahead) or re.match(THEN_TOLD, behind):
        return False
    if re.search(DENIED, ahead) or re.match(r"不(?:了|成|上|好|到)|得了[吗么]", behind):
        return False
    if re.search(WISHED, ahead) and not re.search(
        r"(?:给您|为您|就|可以|直接)[^,，。]{0,4}$", ahead
    ):
        return False
    if re.match(r"[^,，。]{0,6}(?:的话|才(?:能|可以))", behind):
        return False
    if outright:
        return not _at_large(behind) and not re.search(r"(?:不|没|无)$", ahead)
    if _at_large(behind):
        return False
    return re.search(OURS, ahead) is not None or re.match(GIVEN, behind) is not None


def _at_large(behind: str) -> bool:
    return re.match(AT_LARGE, behind) is not None


def _supposed(ahead: str) -> bool:
    if re.search(REPORTED, _clause_ahead(ahead)):
        return True
    return (
        re.search(r"(?:不|没|无法|不敢|难以|不好|不能|没有人|谁)(?:百分百|完全|向您)?$", ahead)
        is not None
    )


def _clause_ahead(ahead: str) -> str:
    return re.split(r"[,，;；:：]", ahead)[-1]


@cache
def _families() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    return tuple(
        (family, re.compile(words), table is OUTRIGHT)
        for table in (WORDS, OUTRIGHT)
        for family, words in table.items()
    )


@cache
def _strong() -> re.Pattern[str]:
    return re.compile(STRONG)
