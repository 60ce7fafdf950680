"""The facts there are: checks what callers send, puts it in one form, adds what follows."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from bot.policy.engine.words import UNKNOWN, FactSpec, Kind, Value
from bot.policy.errors import BadFacts

MAX_WHOLE = 100_000
MAX_MONEY = Decimal(1_000_000_000)
WORD = re.compile(r"[\w+\-. ]{1,60}")


@dataclass(frozen=True, slots=True)
class Derivation:
    """A fact that follows from others when it is not told itself.

    `how` is one of days_from, if_told, same, differ, copy, minus, exceeds,
    same_year; `of` the facts it looks at.
    """

    fact: str
    how: str
    of: tuple[str, ...]
    value: str | None = None


class Catalogue:
    """Every fact of `facts.yml`, in its order."""

    def __init__(self, specs: Iterable[FactSpec], derivations: Iterable[Derivation]) -> None:
        self.specs: Mapping[str, FactSpec] = MappingProxyType({spec.key: spec for spec in specs})
        self._derivations = tuple(derivations)
        closed = {key: spec.values for key, spec in self.specs.items() if spec.values}
        self._words = {key: frozenset((*values, UNKNOWN)) for key, values in closed.items()}

    def read(self, facts: Mapping[str, object], as_of: date) -> dict[str, Value]:
        """The facts checked, in one form and with what follows from them.

        Raises BadFacts that lists every unknown key and value at once.
        """
        told: dict[str, Value] = {}
        problems: list[dict[str, object]] = []
        for key, value in facts.items():
            if value is None:
                continue
            if type(value) is str and value in self._words.get(key, ()):
                told[key] = value  # nine facts of ten, without a call
                continue
            read = self._read_one(key, value)
            if read is None:
                problems.append(self._problem(key, value))
            else:
                told[key] = read
        if problems:
            raise BadFacts(problems)
        return self._derive(told, as_of)

    def check_profile(self, profile: Mapping[str, str]) -> None:
        """A shop's presumptions name known facts and values, or "ask". Raises BadFacts."""
        problems = [
            self._problem(key, value)
            for key, value in profile.items()
            if key not in self.specs
            or (value != "ask" and READERS[self.specs[key].kind](self.specs[key], value) is None)
        ]
        if problems:
            raise BadFacts(problems)

    def _read_one(self, key: str, value: object) -> Value | None:
        spec = self.specs.get(key)
        if spec is None:
            return None
        return UNKNOWN if value == UNKNOWN else READERS[spec.kind](spec, value)

    def _problem(self, key: str, value: object) -> dict[str, object]:
        spec = self.specs.get(key)
        if spec is None:
            return {"fact": key[:60], "problem": "unknown_fact", "allowed": list(self.specs)}
        said = str(value)[:60]
        return {"fact": key, "problem": "bad_value", "value": said, "allowed": _allowed(spec)}

    def _derive(self, told: dict[str, Value], as_of: date) -> dict[str, Value]:
        for derivation in self._derivations:
            if derivation.of[0] in told and derivation.fact not in told:
                value = DERIVATIONS[derivation.how](derivation, told, as_of)
                if value is not None:
                    told[derivation.fact] = value
        return told


def _allowed(spec: FactSpec) -> object:
    if spec.values:
        return [*spec.values, UNKNOWN]
    shapes = {
        Kind.INTEGER: "0 或更大的整数",
        Kind.DECIMAL: "0 或更大的金额或小数",
        Kind.DATE: "YYYY-MM-DD，不能晚于今天",
        Kind.WORD: "60 个字以内的词",
    }
    return shapes[spec.kind]


def _choice(spec: FactSpec, value: object) -> Value | None:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return value if isinstance(value, str) and value in spec.values else None


def _integer(spec: FactSpec, value: object) -> Value | None:
    if type(value) is int:
        return value if 0 <= value <= MAX_WHOLE else None
    number = _decimal(spec, value)
    if not isinstance(number, Decimal) or number != number.to_integral_value():
        return None
    return int(number) if number <= MAX_WHOLE else None


def _decimal(spec: FactSpec, value: object) -> Value | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    text = str(value)
    try:
        number = Decimal(text) if len(text) <= 20 and text.isascii() else Decimal("NaN")
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= MAX_MONEY else None


def _date(spec: FactSpec, value: object) -> Value | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _word(spec: FactSpec, value: object) -> Value | None:
    return value if isinstance(value, str) and WORD.fullmatch(value) else None


READERS: Mapping[Kind, Callable[[FactSpec, object], Value | None]] = MappingProxyType(
    {
        Kind.YES_NO: _choice,
        Kind.CHOICE: _choice,
        Kind.INTEGER: _integer,
        Kind.DECIMAL: _decimal,
        Kind.DATE: _date,
        Kind.WORD: _word,
    }
)


def _days_from(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    """The day of purchase is day 0 (OPEN-05)."""
    start, today = told.get(derivation.of[0]), told.get("today", as_of)
    if not isinstance(start, date) or not isinstance(today, date):
        return None
    days = (today - start).days
    if days < 0:
        said = start.isoformat()
        allowed = "YYYY-MM-DD，不能晚于今天"
        problem = {"fact": derivation.of[0], "problem": "in_future", "value": said}
        raise BadFacts([{**problem, "allowed": allowed}])
    return min(days, MAX_WHOLE)


def _if_told(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    return derivation.value if told.get(derivation.of[0], UNKNOWN) != UNKNOWN else None


def _copy(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    value = told.get(derivation.of[0], UNKNOWN)
    return None if value == UNKNOWN else value


def _same(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    values = [told.get(key, UNKNOWN) for key in derivation.of]
    if UNKNOWN in values:
        return None
    return "yes" if values[0] == values[1] else "no"


def _differ(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    same = _same(derivation, told, as_of)
    return None if same is None else "no" if same == "yes" else "yes"


def _minus(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    whole, part = (told.get(key) for key in derivation.of)
    if not isinstance(whole, int) or not isinstance(part, int):
        return None
    return whole - part if whole >= part else None


def _exceeds(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    one, other = (told.get(key) for key in derivation.of)
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return None
    return "yes" if one > other else "no"


def _same_year(derivation: Derivation, told: dict[str, Value], as_of: date) -> Value | None:
    start, today = told.get(derivation.of[0]), told.get("today", as_of)
    if not isinstance(start, date) or not isinstance(today, date):
        return None
    return "yes" if start.year == today.year else "no"


DERIVATIONS: Mapping[str, Callable[[Derivation, dict[str, Value], date], Value | None]] = (
    MappingProxyType(
        {
            "days_from": _days_from,
            "if_told": _if_told,
            "copy": _copy,
            "minus": _minus,
            "exceeds": _exceeds,
            "same_year": _same_year,
            "same": _same,
            "differ": _differ,
        }
    )
)
