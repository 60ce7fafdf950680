"""What the shopper asks to be done, when they say it outright (`phrases/wishes.yml`)."""

import re
from functools import cache

from bot.language.reading import Clause, Found
from bot.language.rules import sheet


def wish(clauses: tuple[Clause, ...]) -> Found | None:
    """The first thing the shopper wants done; None when nothing is asked outright."""
    for clause in clauses:
        found = sorted(_wishes(clause), key=lambda one: one.start)
        if found:
            return found[0]
    return None


def _wishes(clause: Clause) -> list[Found]:
    if _undecided().search(clause.text):
        return []
    return [
        clause.found(row.fact, row.value, match.start(), match.end())
        for row in sheet("wishes").rows
        for match in row.phrases.finditer(clause.text)
        if not _is_denied(clause.text, match)
        and not _is_only_spoken_of(clause.text, match)
        and (row.value != "exchange" or not _of_no_goods(clause.text, match))
    ]


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """不退了, 不要换, 没法修, 他说退: not the shopper's wish."""
    said = _both_ways().sub(r"\1", match.group())
    return (
        _denial_before().search(text[: match.start()]) is not None
        or _denial().search(said) is not None
    )


def _is_only_spoken_of(text: str, match: re.Match[str]) -> bool:
    """退货的时候, 申请退款了, 规定能退: a return under way, or a rule."""
    behind = text[match.end() :]
    return (
        re.search(r"规定[^,]{0,8}$", text[: match.start()]) is not None
        or ("申请" in match.group() and behind.startswith("了"))
        or _already().match(behind) is not None
    )


@cache
def _undecided() -> re.Pattern[str]:
    return re.compile(r"退[货款]?(?:还是|或者?|和|跟)(?:是)?换|换货?(?:还是|或者?|和|跟)(?:是)?退")


def _of_no_goods(text: str, match: re.Match[str]) -> bool:
    """换个红包, 会员积分怎么换: something changes, but no goods."""
    ahead = text[: match.start()]
    points = re.search(r"(?:积分|礼品卡|优惠券|红包|地址|手机号)[^,]{0,3}$", ahead) is not None
    return points or _no_goods().match(text, match.start()) is not None


@cache
def _no_goods() -> re.Pattern[str]:
    """换个红包, 换个手机号: something changes, but no goods."""
    return re.compile(
        r"[^,换]{0,6}换(?:一?[个下种家]|成|掉)?"
        r"(?:红包|手机号|电话|号码(?!的)|地址|微信|支付|付款|说法|角度|话题|时间|日子|人(?!工)|客服|师傅"
        r"|方式|账号|密码|头像|名字|抬头|发票|积分|优惠|券|礼品|季|快递|物流)"
    )


@cache
def _both_ways() -> re.Pattern[str]:
    return re.compile(r"([能退换修赔])不\1")


@cache
def _denial() -> re.Pattern[str]:
    return re.compile(r"(?:不想|不要|不用|不给|不能|别|不)(?:再|给我|你们)*[退换修赔]")


@cache
def _denial_before() -> re.Pattern[str]:
    return re.compile(
        r"(?:不|没|别|不想|不要|不用|不能|不给我?|不让|没法|无法|拒绝|取消|不是|没说|没想|说是|刚说|要我|让我"
        r"|(?:[他她]们?|师傅|店里|柜台|专柜|厂里|厂家|人家|导购|店员|客服)说(?:是|了)?)"
        r"(?:再|你们|给我?|要)*$"
    )


@cache
def _already() -> re.Pattern[str]:
    return re.compile(
        r"(?:的)?(?:回来|时候|时间|当时|申请|进度|地址|流程|政策|规则|还没|都同意|怎么还|什么时候|已经|都换了|都退了|都修了|多久|多长|几天|到哪|到账|成功|运费|快递费)"
        r"|被拒|失败"
    )
