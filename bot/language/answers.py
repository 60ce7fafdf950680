"""Short answers that mean something only beside the question asked (`phrases/answers.yml`)."""

import re
from functools import cache

from bot.language.money import bare_price
from bot.language.numbers import WHOLE, whole
from bot.language.reading import Clause, Found, Value
from bot.language.rules import sheet

WHOLE_NUMBERS = frozenset(
    "prior_repairs visits days_waiting workdays_after_arrival days_in_repair hours_waiting "
    "workdays_since_purchase months_since_purchase days_since_exchange days_since_received "
    "days_since_purchase rung workdays exchanged_on_day days_since_goods_arrived "
    "parcels_this_week".split()
)
OTHER = "other"  # the rows for questions that have none of their own
NO_YES_OR_NO = frozenset({"category", "case", "tone", "topic", "purchase_date"})
SHEETS = ("answers", "answers_choices")
UNITS_OF = {
    "workdays": ("天", "工作日", "工作天"),
    "days": ("天",),
    "hours": ("小时",),
    "months": ("月", "年"),
}
AMOUNTS = frozenset(
    "price_paid price_now list_price tag_price label_price other_tag_price replacement_price".split()
)


def answer(clauses: tuple[Clause, ...], asking: str) -> Found | None:
    """What the line answers to the question; only a clause that is nothing but an answer counts.

    The last one does (`有的, 不过丢了`), a mere 嗯 or 对 only where nothing else answers; `在?` asks.
    """
    answers = [
        (
            _weak().fullmatch(clause.text) is None,
            index,
            clause.found(asking, value, 0, len(clause.text)),
        )
        for index, clause in enumerate(clauses)
        if not clause.asks and (value := _value(clause.text, asking)) is not None
    ]
    return max(answers, key=lambda answered: answered[:2])[2] if answers else None


def cannot_say(clauses: tuple[Clause, ...], asking: str) -> Found | None:
    """`unknown` for 不知道, 忘了, 记不清了."""
    for clause in clauses:
        if _general("DONT_KNOW").fullmatch(clause.text):
            return clause.found(asking, "unknown", 0, len(clause.text))
    return None


def where(clauses: tuple[Clause, ...]) -> Found | None:
    """`店里`, `网上的` as a whole line: where it was bought, whatever was asked."""
    if len(clauses) != 1 or clauses[0].asks or not (match := _where().fullmatch(clauses[0].text)):
        return None
    return clauses[0].found("remote_purchase", "no" if match["store"] else "yes", *match.span())


def _value(text: str, asking: str) -> Value | None:
    """What the clause says, or what it says behind a hedge (应该是质量问题)."""
    plain = _opening().sub("", text)
    value = _value_of(_said_once(plain), asking)
    if value is not None or (sure := _hedge().sub("", plain)) == plain:
        return value
    return _value_of(sure, asking)


def _value_of(said: str, asking: str) -> Value | None:
    words = _own_words()
    plain = asking not in WHOLE_NUMBERS | AMOUNTS | NO_YES_OR_NO
    for value, phrases in words.get(asking, words[OTHER] if plain else ()):
        if phrases.fullmatch(said):
            return int(value) if asking in WHOLE_NUMBERS and value.isdigit() else value
    if asking in WHOLE_NUMBERS:
        return _number(said, asking)
    return bare_price(said) if asking in AMOUNTS else None


def _said_once(text: str) -> str:
    """`在的在的` is 在的."""
    half = len(text) // 2
    return text[:half] if half and text[:half] == text[half:] and not text.isdigit() else text


def _number(text: str, asking: str) -> int | None:
    """A bare count; times since an event are read by `events`, which knows dates."""
    if asking == "months_since_purchase" and (months := _months(text)) is not None:
        return months
    match = _count().fullmatch(text)
    if not match or (match["unit"] or "") not in _units(asking):
        return None
    if text.startswith("第") and asking not in ("rung", "exchanged_on_day"):
        return None
    number = whole(match["n"])
    return number * 12 if number is not None and match["unit"] == "年" else number


def _months(text: str) -> int | None:
    """`一年半`, `1年零2个月`."""
    match = _years_and_months().fullmatch(text)
    years = whole(match["y"]) if match else None
    if match is None or years is None:
        return None
    months = 6 if match["half"] else whole(match["m"] or "0")
    return None if months is None else years * 12 + months


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
    tail = _names()["TAIL"]
    words: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for row in (row for name in SHEETS for row in sheet(name).rows):
        pattern = re.compile(rf"(?:{row.phrases.pattern}){tail}")
        words.setdefault(row.fact, []).append((row.value, pattern))
    return words


def _names() -> dict[str, str]:
    return sheet("answers").names


@cache
def _general(name: str) -> re.Pattern[str]:
    return re.compile(_names()[name])


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(
        r"^(?:是因为|因为|主要是|反正|不过|但是?|可是|后来|那个|哦|额|呃|啊|亲|你好|嗯+(?=[^嗯了的啊呢]))+(?=.)"
    )


@cache
def _hedge() -> re.Pattern[str]:
    return re.compile(
        r"^(?:应该|好像|大概|估计|感觉|我?觉得|似乎|貌似|大约|八成|多半|基本上?|按理说?|我记得|印象中|印象里|我看|我想|想必|差不多)+(?:是(?=[^的了吧啊]))?(?=.)"
    )


@cache
def _where() -> re.Pattern[str]:
    return re.compile(
        r"(?:我|就|是|在|都|也|从|你们)*(?:(?P<store>(?:店|商场)里面?|门店|实体店|专柜|柜台|线下)|网上|线上|网购)(?:买)?(?:的)?[呢啊哦呀吧]*"
    )


@cache
def _weak() -> re.Pattern[str]:
    return re.compile(r"(?:嗯+|恩+|对|是|好|行|ok|的|啊|呀|吧|呢)+")


@cache
def _count() -> re.Pattern[str]:
    return re.compile(
        rf"(?:是|就|修了?过?|大概|差不多|有|等了|跑了|买了?|寄了|都|已经|刚好|正好|才|一共|第)*(?P<n>{WHOLE})"
        r"(?:个|个?(?P<unit>次|回|天|小时|工作日|工作天|月|趟|级|年))?(?:前|整|了|吧|的|啊|呢|钟)*"
    )


@cache
def _years_and_months() -> re.Pattern[str]:
    return re.compile(
        rf"(?:买了?|用了?|有|都|已经|大概|差不多|刚好)*(?P<y>{WHOLE})年(?:(?P<half>半)|[零又多]?(?P<m>{WHOLE})个?月)[了吧的啊呢]*"
    )
