"""A complaint that says what about, and a question that is a reproach (你们还收手续费?)."""

import re
from collections.abc import Iterable
from functools import cache

from bot.language.reading import Clause, Found

QUESTIONS = frozenset({"cause_asked", "fee_asked"})
# Who stands behind the goods; of other troubles the counter hears without a complaint.
OF_GOODS = frozenset({"quality", "fabric", "leak", "odour", "zipper", "packaging"})


def complained(clauses: Iterable[Clause], found: list[Found]) -> list[Found]:
    """`我要投诉你家西服质量`: the case is a complaint when what it is about is told with it."""
    if not any(one.key == "problem" and one.value in OF_GOODS for one in found):
        return []
    said = ((clause, _complains().search(clause.text)) for clause in clauses if not clause.asks)
    return [clause.found("case", "complaint", *match.span()) for clause, match in said if match]


def asked_about(clauses: Iterable[Clause], found: list[Found]) -> Found | None:
    """Who only asks whether a fee is taken, or whose fault it is held to be, wants to know."""
    asks = any(clause.asks or _asks().search(clause.text) for clause in clauses)
    question = next((one for one in found if one.key in QUESTIONS), None)
    if question is None or not asks:
        return None
    return Found("wants", "info", question.start, question.end)


@cache
def _complains() -> re.Pattern[str]:
    """Not 不退我就投诉, which threatens, and not 投诉电话, which asks."""
    return re.compile(
        r"^(?!.*(?:再不|要不|否则|不然|小心|[退换修]我?就|的话)).*?(?:^|我|我?(?:要|想|必须|得|来|正式))投诉(?!电话|热线|渠道|方式|过|了|到|没|也|都|的|无门|吗|有用)"
    )


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(r"吗|么|呢|凭什么|怎么|为什么|是不是|难道|还要?收")
