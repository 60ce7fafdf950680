"""Cuts each fact's values into the cells that the rules can tell apart."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from math import ceil

from bot.policy.engine.conditions import Cond, Conditions
from bot.policy.engine.words import (
    UNKNOWN,
    AllOf,
    AnyOf,
    Expr,
    FactSpec,
    Is,
    Kind,
    NotOf,
    Value,
)

NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})
Cut = tuple[Decimal, float]


def tests_in(expr: Expr) -> Iterator[Is]:
    """Every test inside an expression."""
    match expr:
        case Is():
            yield expr
        case NotOf(part):
            yield from tests_in(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_in(part)


class CutFact:
    """A fact and its cells: bit 0 "does not exist in this case", then one bit per cell."""

    NONE = 1

    def __init__(self, number: int, spec: FactSpec, tests: Iterable[Is]) -> None:
        self.number = number
        self.bit = 1 << number
        self.spec = spec
        self._parents = dict(spec.parents)
        self._cuts: list[Cut] = []
        self._whole_cuts: list[int] = []
        self._cell_of: dict[str, int] = {}
        self.samples: list[Value] = []
        if spec.kind in NUMBERS:
            self._cut_numbers(tests)
        else:
            self._cut_values(tests)
        self.cells = [2 << i for i in range(len(self.samples))]
        self.values = sum(self.cells)
        self.all = self.values | self.NONE
        self.masks: dict[Value, int] = {value: 2 << i for value, i in self._cell_of.items()}
        self.masks[UNKNOWN] = 0

    def told_as(self, value: Value) -> int:
        """The bit of a told value's cell; 0 for what the shopper cannot tell."""
        mask = self.masks.get(value)
        return self.cell(value) if mask is None else mask

    def cell(self, value: Value) -> int:
        """The bit of the cell in which a value lies."""
        if self.spec.kind in NUMBERS:
            if type(value) is int and self.spec.kind is Kind.INTEGER:
                return 2 << bisect_right(self._whole_cuts, value)
            return 2 << bisect_right(self._cuts, (Decimal(str(value)), 0.5))
        text = value.isoformat() if isinstance(value, date) else str(value)
        return 2 << self._cell_of.get(text, self._cell_of.get("", 0))

    def mask(self, test: Is) -> int:
        """The cells in which a test holds; its negation never counts what is unknown."""
        mask = 0
        if test.present is not None:
            mask = self.values if test.present else self.NONE
        elif test.values:
            for value, number in self._cell_of.items():
                if self._matches(value, test.values):
                    mask |= 2 << number
        else:
            for bit, sample in zip(self.cells, self.samples, strict=True):
                if _in_range(Decimal(str(sample)), test):
                    mask |= bit
        return self.all & ~mask if test.negated else mask

    def _matches(self, value: str, wanted: tuple[str, ...]) -> bool:
        here: str | None = value
        while here:
            if here in wanted:
                return True
            here = self._parents.get(here)
        return False

    def _cut_numbers(self, tests: Iterable[Is]) -> None:
        cuts: set[Cut] = set()
        whole = self.spec.kind is Kind.INTEGER
        for test in tests:
            if test.low is not None:
                cuts.add((test.low, 0))
            if test.high is not None:
                cuts.add((test.high + 1, 0) if whole else (test.high, 1))
        least = self.spec.least
        if least is not None:
            cuts = {cut for cut in cuts if cut > (Decimal(least), 0)}
        self._cuts = sorted(cuts)
        self._whole_cuts = [ceil(limit) for limit, _ in self._cuts]
        self.samples = self._number_samples(Decimal(least or 0), whole)

    def _number_samples(self, least: Decimal, whole: bool) -> list[Value]:
        if not self._cuts:
            return [int(least) if whole else least]
        first = self._cuts[0][0]
        below = least if self.spec.least is not None else first - 1
        samples = [below]
        for here, after in zip(self._cuts, [*self._cuts[1:], None], strict=True):
            if here[1] == 0:
                samples.append(here[0])
            else:
                samples.append((here[0] + after[0]) / 2 if after else here[0] + 1)
        return [int(sample) if whole else sample for sample in samples]

    def _cut_values(self, tests: Iterable[Is]) -> None:
        lists = [test.values for test in tests if test.values]
        values = list(self.spec.values) if self.spec.values else [""]
        if not self.spec.values:
            # A word in one of the set's lists is told apart though no rule names the word itself.
            values += sorted({value for wanted in lists for value in wanted} | set(self._parents))
        groups: dict[tuple[bool, ...], int] = {}
        for value in values:
            signature = tuple(self._matches(value, wanted) for wanted in lists)
            if signature not in groups:
                groups[signature] = len(groups)
                self.samples.append(value or "other")
            self._cell_of[value] = groups[signature]


def _in_range(value: Decimal, test: Is) -> bool:
    if test.low is not None and value < test.low:
        return False
    return test.high is None or value <= test.high


def cut(specs: Iterable[FactSpec], exprs: Iterable[Expr]) -> list[CutFact]:
    """The facts that the expressions mention, cut by what is asked of them."""
    tests: dict[str, list[Is]] = {}
    for expr in exprs:
        for test in tests_in(expr):
            tests.setdefault(test.fact, []).append(test)
    named = [spec for spec in specs if spec.key in tests]
    return [CutFact(number, spec, tests[spec.key]) for number, spec in enumerate(named)]


def compile_expr(expr: Expr, facts: Mapping[str, CutFact], conditions: Conditions) -> Cond:
    """An expression as an interned condition over cells; negation is pushed to the tests."""
    return _compile(expr, facts, conditions, False)


def _compile(
    expr: Expr, facts: Mapping[str, CutFact], conditions: Conditions, negated: bool
) -> Cond:
    match expr:
        case Is():
            fact = facts[expr.fact]
            mask = fact.mask(expr)
            return conditions.is_in(fact.number, fact.all & ~mask if negated else mask)
        case NotOf(part):
            return _compile(part, facts, conditions, not negated)
        case AllOf(parts) | AnyOf(parts):
            compiled = [_compile(part, facts, conditions, negated) for part in parts]
            if isinstance(expr, AllOf) is not negated:
                return conditions.all_of(compiled)
            return conditions.any_of(compiled)
