"""What a line claims: amounts of money, terms, days and hours, and words that promise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing is claimed."""

    AMOUNT = "amount"
    TERM = "term"
    DATE = "date"
    TIME = "time"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in its plainest unit: minute, day or working_day."""

    n: Decimal
    unit: str


# Money, a length of time, a day, an hour; else the words themselves.
Value = Decimal | Span | date | time | str


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim and the part of the line, as `text[start:end]`, that makes it."""

    kind: Kind
    value: Value
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the line in plain spelling; `asks` where it asks and offers nothing."""

    text: str
    start: int
    asks: bool

    def claim(self, kind: Kind, value: Value, start: int, end: int) -> Claim:
        """A claim placed in the whole line."""
        return Claim(kind, value, self.text[start:end], self.start + start, self.start + end)


Claims = Iterator[Claim]
MINUTES = {"分钟": 1, "分": 1, "小时": 60, "钟头": 60, "h": 60}
DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
UNITS = {"minute": ("minute", 1), "hour": ("minute", 60), "day": ("day", 1), "week": ("day", 7),
         "month": ("day", 30), "year": ("day", 365), "working_day": ("working_day", 1)}  # fmt: skip


def span(n: Decimal, unit: str) -> Span:
    """`24 hours` is a day, `a week` seven days; working days stay what they are."""
    plain, times = UNITS[unit]
    n *= times
    if plain == "minute" and n >= 24 * 60 and n % (24 * 60) == 0:
        return Span(n / (24 * 60), "day")
    return Span(n, plain)


def said_span(n: Decimal, unit: str) -> Span:
    """The same, by the word for the unit."""
    if unit.startswith("工作"):
        return span(n, "working_day")
    if unit in MINUTES:
        return span(n * MINUTES[unit], "minute")
    return span(n * DAYS[unit], "day")
