"""How often goods were mended, and how many working days passed."""

import re
from collections.abc import Iterator
from functools import cache

from bot.language.numbers import WHOLE, whole
from bot.language.reading import Clause, Found


def counts(clause: Clause) -> Iterator[Found]:
    """`修了两次`, `第三次坏` (mended twice before), `三个工作日`."""
    yield from _mended(clause)
    yield from _working_days(clause)
    yield from _months_in_service(clause)


def _months_in_service(clause: Clause) -> Iterator[Found]:
    """`验收才十一个月`, `投入使用一年零两个月`: from acceptance on the warranty of equipment runs."""
    for match in _accepted().finditer(clause.text):
        years, months = whole(match["y"] or "0"), whole(match["m"] or "0")
        if years is None or months is None:
            continue
        # More than a year is at least its thirteenth month.
        if count := years * 12 + months + bool(match["over"]):
            yield clause.found("months_since_purchase", count, *match.span())


def _mended(clause: Clause) -> Iterator[Found]:
    for match in _repairs().finditer(clause.text):
        if match["never"]:
            number: int | None = 0
        elif match["twice"]:
            number = 2
        else:
            number = whole(match["n"] or match["nth"])
        if number is not None:
            before = number - 1 if match["nth"] else number
            yield clause.found("prior_repairs", max(before, 0), match.start(), match.end())


def _working_days(clause: Clause) -> Iterator[Found]:
    for match in _workdays().finditer(clause.text):
        number = whole(match["n"])
        if number is not None and number < 1_000:
            key = _counted_from(clause.text[: match.start()])
            yield clause.found(key, number, match.start(), match.end())


def _counted_from(ahead: str) -> str:
    if re.search(r"签收|到货|收到", ahead):
        return "workdays_after_arrival"
    bought = re.search(
        r"(?<![没要想])(?:买|购买|下单)(?:了|的|回来|都|有|才|已经|到现在|是)*$", ahead
    )
    return "workdays_since_purchase" if bought else "workdays"


@cache
def _repairs() -> re.Pattern[str]:
    return re.compile(
        rf"(?:修|返修|维修)(?:过|了)(?P<n>{WHOLE})[次回]"
        r"|(?P<never>没(?:有)?(?:修|维修|返修)过)|(?P<twice>上上次修)"
        rf"|第(?P<nth>{WHOLE})[次回](?:又)?(?:坏|开胶|开线|断|掉|修|返修|维修)(?!吗)"
    )


@cache
def _workdays() -> re.Pattern[str]:
    return re.compile(rf"第?(?P<n>{WHOLE})个?工作[日天](?!以?内|之内|左右|后|到账|处理)")


@cache
def _accepted() -> re.Pattern[str]:
    return re.compile(
        r"(?:验收|投入使用|投用|交付|安装调试)(?:完|了|过|到现在|至今|已经|才|刚|都|有|满|也就)*"
        rf"(?:(?P<y>{WHOLE})年(?![半来左])(?:零|又|(?P<over>多))?)?(?:(?P<m>{WHOLE})个月(?![多半来左内]))?"
    )
