"""Numbers that name something (phones, orders, parcels, cases), each checked: a wrong one is worse than none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2, mod_11_10

from bot.language.reading import Found

SPOKEN = str.maketrans("零幺一二三四五六七八九", "01123456789")
CASE_LENGTH = 11  # the date, four figures of the day's count, a check digit
ORDER_LENGTHS = range(6, 25)
SHORTEST = 7  # below it a number without the word order may be an amount
BARE_LENGTHS = range(12, 25)  # without a word beside it a shorter number may be anything
IS = r"[ :]*(?:就?是|为|就?在|尾号)?[ :]*"
CODE = r"(?P<code>[a-z]{0,4}-?\d(?:[ -]?\d){2,30}[\dx]?)"


@dataclass(frozen=True, slots=True)
class Code:
    """A number's place in the line, and the fact it makes; None when it names nothing of ours."""

    start: int
    end: int
    found: Found | None


def codes(text: str) -> list[Code]:
    """Every number of the line that is no amount, no date and no count, in reading order."""
    taken: list[Code] = []
    for code in (*_mobiles(text), *_labelled(text), *_bare(text)):
        if all(code.end <= other.start or code.start >= other.end for other in taken):
            taken.append(code)
    return sorted(taken, key=lambda code: code.start)


def _mobiles(text: str) -> Iterator[Code]:
    for match in _mobile().finditer(text):
        digits = _digits(match["n"] or match["spoken"].translate(SPOKEN))
        ahead = text[: match.start()]
        if not _not_ours().search(ahead) and not _order_label().search(ahead):
            yield _code(match, "phone", digits)


def _labelled(text: str) -> Iterator[Code]:
    for match in _with_label().finditer(text):
        kind = next(name for name in ("other", "phone", "parcel", "order", "number") if match[name])
        found, start, end = _checked(kind, match["code"]), *match.span("code")
        if kind != "order" and end - start < SHORTEST:
            continue
        yield Code(match.start() if kind == "order" else start, end, _placed(found, start, end))


def _bare(text: str) -> Iterator[Code]:
    match = _alone().fullmatch(text)
    if match is None:
        return
    code = match["code"]
    digits = _digits(code)
    start, end = match.span("code")
    if len(digits) < SHORTEST:
        return
    found = _checked("number", code)
    if found is None and len(digits) in BARE_LENGTHS and not _is_private(code):
        found = ("order_no", _plain(code))
    yield Code(start, end, _placed(found, start, end))


def _checked(kind: str, code: str) -> tuple[str, str] | None:
    """What a number told with its name is, if it can be one."""
    digits = _digits(code)
    if kind == "phone":
        return _phone(digits)
    if kind == "parcel":
        return ("parcel_no", _plain(code)) if 10 <= len(digits) <= 20 else None
    if kind == "order":
        fits = len(digits) in ORDER_LENGTHS and not _day().fullmatch(digits)
        return ("order_no", _plain(code)) if fits else None
    if kind == "number" and _is_case(code):
        return "case_no", digits
    if kind == "number" and _courier().match(code) and len(digits) >= 10:
        return "parcel_no", _plain(code)
    return None


def _phone(digits: str) -> tuple[str, str] | None:
    """A number told as a phone; one that cannot be is kept apart, to be asked for again."""
    if re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits):
        return "phone", digits[-11:]
    if re.fullmatch(r"0\d{2,3}\d{7,8}", digits):
        return "phone", digits
    return ("phone_unclear", digits) if 8 <= len(digits) <= 13 else None


def _is_case(code: str) -> bool:
    """A number of ours: a date, a count and the right check digit (26112300013)."""
    digits = _digits(code)
    if len(digits) != CASE_LENGTH or not code[0].isdigit():
        return False
    try:
        datetime.strptime(digits[:6], "%y%m%d")  # noqa: DTZ007  only whether there is such a day
        mod_11_10.validate(digits)
    except (ValueError, ValidationError):
        return False
    return True


def _is_private(code: str) -> bool:
    """An identity card by its check digit, or a bank card by its first figures: never kept."""
    digits = _plain(code)
    if len(digits) == 18 and digits[0] in "1234568":
        try:
            mod_11_2.validate(digits)
        except ValidationError:
            return False
        return True
    return len(digits) in (16, 19) and digits.startswith("62")


def _code(match: re.Match[str], key: str, value: str) -> Code:
    return Code(match.start(), match.end(), Found(key, value, match.start(), match.end()))


def _placed(found: tuple[str, str] | None, start: int, end: int) -> Found | None:
    return None if found is None else Found(found[0], found[1], start, end)


def _digits(code: str) -> str:
    return re.sub(r"\D", "", code)


def _plain(code: str) -> str:
    return re.sub(r"[ -]", "", code).upper()


@cache
def _mobile() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\da-z-])(?:\+?86[- ]?)?(?P<n>1[- ]?[3-9](?:[- ]?\d){9})(?![\d-])"
        r"|(?<![零一二三四五六七八九])(?P<spoken>[一幺][三四五六七八九][零幺一二三四五六七八九]{9})(?![零一二三四五六七八九十百千万])"
    )


@cache
def _with_label() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?P<other>身份证|银行卡|卡|会员|小票|票据|发票|取件码?|提货码?|验证码|货|款|型|税|尾|门牌|qq|微信|积分)号?码?"
        r"|(?P<order>(?:订|定)单(?:编?号码?)?)"
        r"|(?P<parcel>(?:快递|物流|运单|包裹)(?:单?号码?)?)"
        r"|(?P<phone>(?:手机|电话|座机|联系方式)(?:号码?|是多少)?|号码|打给我|打我)"
        rf"|(?P<number>(?:工单|单|编)号)){IS}{CODE}(?! ?[元块天])"
    )


@cache
def _day() -> re.Pattern[str]:
    return re.compile(r"20\d\d(?:0\d|1[0-2])[0-3]\d")


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(rf"(?:我的?|是|这个|就是|[ :,.#])*{CODE}[ ,.。的呢啊]*")


@cache
def _not_ours() -> re.Pattern[str]:
    return re.compile(r"(?:身份证|卡|会员|小票|发票)号?码?[ :是]*$")


@cache
def _order_label() -> re.Pattern[str]:
    return re.compile(r"(?:(?:订|定|运)单|快递|物流)(?:单?编?号码?)?[ :是]*$")


@cache
def _courier() -> re.Pattern[str]:
    return re.compile(r"(?:sf|yt|jd|zto|sto|yd|jt|ems)[a-z]{0,2}-?\d")
