"""The shapes a reading is made of."""

from dataclasses import dataclass
from decimal import Decimal

Value = str | int | Decimal


@dataclass(frozen=True, slots=True)
class Found:
    """One fact and the part of the shopper's text, as `text[start:end]`, that states it."""

    key: str
    value: Value
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All facts of one line, at most one per key, in the order of the text; mood 0 calm, 1 upset, 2 furious.

    `details` hold numbers that no rule asks for: phone, phone_unclear, order_no, parcel_no, case_no.
    `trigger` is the first thing in the line that is a person's to handle (`bot.language.triggers`).
    """

    facts: tuple[Found, ...]
    mood: int
    details: tuple[Found, ...] = ()
    trigger: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a line between two marks; `start` is its place in the line, `asks` that a ? follows."""

    text: str
    start: int
    asks: bool = False

    def found(self, key: str, value: Value, start: int, end: int) -> Found:
        """A fact placed in the whole line, from its place in this clause."""
        return Found(key, value, self.start + start, self.start + end)
