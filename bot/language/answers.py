"""Short answers that mean something only beside the question asked (`phrases/answers.yml`)."""

import re
from functools import cache

from bot.language.money import bare_price
from bot.language.numbers import WHOLE, whole
from bot.language.reading import Clause, Found, Value
from bot.language.rules import sheet

YES_NO = frozenset(
    "worn washed clean complete resale_ok damaged receipt store_confirms special_price repairable "
    "restorable in_period normal_use same_part repair_records remote_purchase accepts_repair "
    "same_size_in_stock registered card injury media legal_threat solved called_back "
    "goes_to_office used_before fast genuine".split()
)
WHOLE_NUMBERS = frozenset(
    "prior_repairs visits days_waiting workdays_after_arrival days_in_repair hours_waiting "
    "workdays_since_purchase months_since_purchase days_since_exchange days_since_received "
    "days_since_purchase rung workdays".split()
)
UNITS_OF = {
    "workdays": ("天", "工作日", "工作天"),
    "days": ("天",),
    "hours": ("小时",),
    "months": ("月",),
}
AMOUNTS = frozenset(
    "price_paid price_now list_price tag_price label_price other_tag_price replacement_price".split()
)


def answer(clauses: tuple[Clause, ...], asking: str) -> Found | None:
    """What the line answers to the question; only a clause that is nothing but an answer counts."""
    for clause in clauses:
        value = _value(clause.text, asking)
        if value is not None:
            return clause.found(asking, value, 0, len(clause.text))
    return None


def cannot_say(clauses: tuple[Clause, ...], asking: str) -> Found | None:
    """`unknown` for 不知道, 忘了, 记不清了."""
    for clause in clauses:
        if _general("DONT_KNOW").fullmatch(clause.text):
            return clause.found(asking, "unknown", 0, len(clause.text))
    return None


def _value(text: str, asking: str) -> Value | None:
    said = _opening().sub("", text)
    for value, phrases in _own_words().get(asking, ()):
        if phrases.fullmatch(said):
            return value
    if asking in WHOLE_NUMBERS:
        return _number(said, asking)
    if asking in AMOUNTS:
        return bare_price(said)
    if asking in YES_NO:
        return _yes_or_no(said)
    return None


def _yes_or_no(text: str) -> str | None:
    if _general("YES").fullmatch(text):
        return "yes"
    return "no" if _general("NO").fullmatch(text) else None


def _number(text: str, asking: str) -> int | None:
    """A bare count; times since an event are read by `events`, which knows dates."""
    if asking == "prior_repairs" and _general("NO").fullmatch(text):
        return 0
    match = _count().fullmatch(text)
    if not match or (match["unit"] or "") not in _units(asking):
        return None
    return whole(match["n"])


def _units(asking: str) -> tuple[str, ...]:
    """What may stand behind the number; `60天` is no count of months."""
    if asking.startswith("days_since"):
        return ("",)
    for part, units in UNITS_OF.items():
        if part in asking:
            return ("", *units)
    return ("", "次", "回", "趟")


@cache
def _own_words() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    tail = sheet("answers").names["TAIL"]
    words: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for row in sheet("answers").rows:
        pattern = re.compile(rf"(?:{row.phrases.pattern}){tail}")
        words.setdefault(row.fact, []).append((row.value, pattern))
    return words


@cache
def _general(name: str) -> re.Pattern[str]:
    return re.compile(sheet("answers").names[name])


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(r"^(?:就是|是因为|因为|主要是|那个|哦|额|呃|亲|你好|就)(?=.)")


@cache
def _count() -> re.Pattern[str]:
    return re.compile(
        rf"(?:是|就|修了?过?|大概|有|等了)*(?P<n>{WHOLE})"
        r"(?:个?(?P<unit>次|回|天|小时|工作日|工作天|月|趟))?(?:前|了|吧|的|啊)*"
    )
