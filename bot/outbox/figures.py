"""Amounts of money and lengths of time in a line; what only tells of the past is no claim."""

import re
from decimal import Decimal
from functools import cache

from bot.language.numbers import amount
from bot.outbox.claims import Claims, Kind, Sentence, said_span

CHINESE = "零一二两三四五六七八九十百千万"
NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?(?:[kw万千])?|[{CHINESE}]+)"
FRESH = rf"(?<![\d.第{CHINESE}])"
DIMES = r"(?P<dime>[\d一二两三四五六七八九])(?:毛|角)?(?![\d十百千万个件条天])"
PAID = (
    r"(?:退|赔|补|付|花|收|给您?|送|减|便宜|差|价格?是?|到手|返|还|总共|一共)(?:您|了|给)*(?:您)?$"
)


def amounts(sentence: Sentence) -> Claims:
    """`200元`, `¥99`, `三百块`, `赔您两百`, `八折`, `30%`, `三倍`, `退一赔三`, `一半`."""
    text = sentence.text
    for match in _money().finditer(text):
        if _is_a_piece(text, match) or _is_demanded(text, match):
            continue
        value = _worth(match)
        yield sentence.claim(Kind.AMOUNT, match.group() if value is None else value, *match.span())
    for match in _bare().finditer(text):
        if _is_demanded(text, match):
            continue
        value = _number(match["n"])
        yield sentence.claim(Kind.AMOUNT, value or match["n"], *match.span("n"))
    for match in _share().finditer(text):
        yield sentence.claim(Kind.AMOUNT, _plain_share(match.group()), *match.span())


def terms(sentence: Sentence) -> Claims:
    """`3个工作日内`, `三到五天`, `半小时`, `两三天`; of a range its end counts."""
    text = sentence.text
    for match in _length().finditer(text):
        if _tells_of_the_past(text, match):
            continue
        number = Decimal("0.5") if match["n"] == "半" else _number(match["n"])
        unit = match["unit"].removeprefix("个")
        value = match.group() if number is None else said_span(number, unit)
        yield sentence.claim(Kind.TERM, value, *match.span())
    for match in _loose().finditer(text):
        yield sentence.claim(Kind.TERM, match.group(), *match.span())


def _number(text: str) -> Decimal | None:
    return amount(text) if text else None


def _worth(match: re.Match[str]) -> Decimal | None:
    number = _number(match["sum"] or match["n"] or "")
    if number is None or not match["dime"]:
        return number
    return number + (_number(match["dime"]) or Decimal(0)) / 10


def _is_a_piece(text: str, match: re.Match[str]) -> bool:
    """`一块去`, `两块布料`: a measure word; `退您两块` is money."""
    said = match.group()
    if not said.endswith("块") or said[0].isdigit() or len(said) > 2:
        return False
    return re.search(PAID, text[: match.start()]) is None


def _is_demanded(text: str, match: re.Match[str]) -> bool:
    """`您要求赔500`: the shopper's sum, said back."""
    return (
        re.search(r"[您你](?:要求|提出|希望|想要)[^,，。]{0,8}$", text[: match.start()]) is not None
    )


def _plain_share(text: str) -> str:
    """`三倍`, `3倍` are one share, as are `八折` and `8折`."""
    digits = str.maketrans("一二两三四五六七八九", "1223456789")
    return text.translate(digits).replace("百分之", "%").replace("％", "%")


def _tells_of_the_past(text: str, match: re.Match[str]) -> bool:
    """`买了3天`, `三天前买的`, `已经等了5天了`, `24小时营业`."""
    ahead, behind = text[: match.start()], text[match.end() :]
    if re.search(r"(?:^|[,，])再?过$", ahead) and re.match(r"[就能会给可]", behind):
        return False
    return (
        re.match(
            r"(?:之|以)?前(?!给|能|会|就|答|处理|完成|到账|联系|回复|[,，。]|$)|了(?![,，]?给)",
            behind,
        )
        is not None
        or re.match(
            r"(?:(?:之|以)?后再?(?:试|来|说|查|问|点)|营业|在线|热线|服务热线|保暖|长|大的)", behind
        )
        is not None
        or ahead.endswith(("哪", "最后", "头"))
        or re.match(r"(?:之?内)?(?:还|都|仍)没", behind) is not None
        or (ahead.endswith("这") and not re.match(r"之?内", behind))
        or re.search(
            r"(?:买|穿|用|过|收到|签收|等|已经|超过|超出|超|距|隔|(?<![保维返])修|才|满"
            r"|今天是|现在是|是第|第|不到|快)(?:了|过|的|有|到|来)*(?:您)?\s*$",
            ahead,
        )
        is not None
    )


@cache
def _money() -> re.Pattern[str]:
    return re.compile(
        rf"[¥$](?P<sum>{NUMBER})(?P<none>元)?"
        rf"|{FRESH}(?P<n>{NUMBER})(?:块{DIMES}|块钱|块(?!儿|头)|元钱|元(?![旦素宵件老首])"
        rf"|人民币|rmb)"
        r"|(?P<some>[几数][十百千万]?(?:多)?(?:块钱?|元))"
    )


@cache
def _bare() -> re.Pattern[str]:
    """A sum that needs no unit, because it is paid."""
    return re.compile(
        r"(?:退|赔|补|收|便宜|优惠|补偿|付|省|(?<!满.)(?<!满..)(?<!满...)减|返)(?:偿|付|款|给|您|你|了|掉|个)*"
        rf"(?P<n>\d[\d,]*\d(?:\.\d+)?[kw万千]?|[{CHINESE}]*[十百千万][{CHINESE}]*)"
        r"(?=[,，。吧就给行可嘛的]|多?$)"
    )


@cache
def _share() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\d+(?:\.\d+)?|[{CHINESE}]+)(?:倍|折(?![痕叠线扣旧衣价]))|\d+(?:\.\d+)?[%％]"
        rf"|百分之[\d{CHINESE}]+"
        r"|[退假缺][一1\d][赔罚补][\d一二两三四五十百]+|双倍|加倍|翻倍|(?<=[退赔补付])(?:您)?一半"
        r"|半价"
    )


@cache
def _length() -> re.Pattern[str]:
    unit = (
        r"(?P<unit>个?工作[日天]|个?小时|个?钟头|h(?![a-z])|分钟|天(?![猫生然气鹅])|个?(?:星期"
        r"|礼拜)|周(?![一二三四五六日天末年边围])|个月|年(?![货级轻龄代底初会费终])"
        r"|日(?=内|之内|以内|无理由|后|起))"
    )
    return re.compile(
        rf"{FRESH}(?:(?:{NUMBER})(?:个?工作日|天|小时|个?月|分钟)?(?:-|~|—|到|至))?(?P<n>半(?!天(?!之?内|以内|就|能|可以|左右))"
        rf"|(?<!\d)\d{{1,3}}(?:\.\d)?|[{CHINESE}]{{1,4}}) ?{unit}"
    )


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(
        r"(?:过|等|再过|这|没)几[天日](?![前来了])|几[天日](?:之内|以内|内|后|就)|几个?工作日"
    )
