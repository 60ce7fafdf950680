"""A second reading of the rules that knows no shortcut: one complete case, one rule at a time."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from math import prod

from bot.policy.engine.edition import Edition
from bot.policy.engine.outcomes import WORTH
from bot.policy.engine.words import (
    ALWAYS,
    AllOf,
    AnyOf,
    Expr,
    FactSpec,
    Is,
    NotOf,
    Rule,
    Stage,
    Suppose,
    Value,
)

Case = Mapping[str, Value | None]
Effect = tuple[object, ...]


class Naive:
    """Evaluates an edition's rules over complete cases; `free` are the facts nobody told."""

    def __init__(self, edition: Edition, told: Mapping[str, Value], presume: bool) -> None:
        self.edition = edition
        self.told = told
        self.presume = presume
        self.specs = {fact.spec.key: fact.spec for fact in edition.facts}
        self.profile = dict(edition.source.profile)
        self._stages = {
            stage: [rule for rule in edition.rules if rule.stage is stage] for stage in Stage
        }
        self.free = [
            fact
            for fact in edition.facts
            if fact.spec.key not in told and not self._fixed(fact.spec)
        ]

    def _fixed(self, spec: FactSpec) -> bool:
        return any(
            isinstance(each.when, AllOf) and not each.when.parts for each in self._supposed(spec)
        )

    def _supposed(self, spec: FactSpec) -> list[Suppose]:
        """What stands for an untold fact: a set's own profile goes before the catalogue."""
        asked = self.profile.get(spec.key)
        if not self.presume or asked == "ask":
            return [each for each in spec.suppose if each.standing]
        return [Suppose(ALWAYS, asked)] if asked else list(spec.suppose)

    def completions(self) -> Iterator[tuple[tuple[Value, ...], Effect]]:
        for values in product(*(fact.samples for fact in self.free)):
            yield values, self.effect(self._case(dict(zip(self._keys(), values, strict=True))))

    def size(self) -> int:
        size = 1
        for fact in self.free:
            size *= len(fact.samples)
        return size

    def relevant(self) -> set[str]:
        """The facts of which some answer alone, in some completion, changes the effect."""
        found = dict(self.completions())
        changing = set()
        for values, effect in found.items():
            for i, fact in enumerate(self.free):
                for other in fact.samples:
                    if found[*values[:i], other, *values[i + 1 :]] != effect:
                        changing.add(fact.spec.key)
        return changing

    def least_questions(self) -> float:
        """Questions that the best way of asking needs on average, all answers equally likely.

        Exhaustive: every fact is tried first, then every other one, whatever was answered.
        """
        found = [effect for _, effect in self.completions()]
        known: dict[tuple[int, ...], float] = {}
        numbers: dict[Effect, int] = {}
        table = [numbers.setdefault(effect, len(numbers)) for effect in found]
        return _least(tuple(table), tuple(len(fact.samples) for fact in self.free), known)

    def effect(self, case: Case) -> Effect:
        return self._granted(self.granted(case))

    def granted(self, case: Case) -> Rule:
        """The rule whose outcome the shopper gets."""
        own, law = self.answer(case)
        return law or own

    def answer(self, case: Case) -> tuple[Rule, Rule | None]:
        """The shop's rule, and the law's where it stands in its place."""
        stages = (Stage.FIRST, Stage.OWN)
        rules = [rule for stage in stages for rule in self._of(stage)]
        own = next(rule for rule in rules if self._holds(rule.when, case))
        if own.stage is Stage.FIRST:
            return own, None
        law = self.law(case)
        return own, law if law and worth(law) > worth(own) else None

    def law(self, case: Case) -> Rule | None:
        """What the law says, wherever it stands."""
        return next((rule for rule in self._of(Stage.LAW) if self._holds(rule.when, case)), None)

    def case(self, answers: Mapping[str, Value]) -> Case:
        return self._case(answers)

    def _of(self, stage: Stage) -> list[Rule]:
        return self._stages[stage]

    def _keys(self) -> list[str]:
        return [fact.spec.key for fact in self.free]

    def _case(self, answers: Mapping[str, Value]) -> Case:
        case: dict[str, Value | None] = {}
        for key, spec in self.specs.items():
            if key in self.told:
                case[key] = self.told[key]
                continue
            case[key] = answers.get(key)
            for each in self._supposed(spec):
                if self._holds(each.when, case):
                    case[key] = each.value
                    break
        return case

    def _holds(self, expr: Expr, case: Case) -> bool:
        match expr:
            case Is():
                return self._is(expr, case.get(expr.fact))
            case NotOf(part):
                return not self._holds(part, case)
            case AllOf(parts):
                return all(self._holds(part, case) for part in parts)
            case AnyOf(parts):
                return any(self._holds(part, case) for part in parts)

    def _is(self, test: Is, value: Value | None) -> bool:
        if test.present is not None:
            return (value is not None) is test.present
        if value is None:
            return False
        if test.values:
            return any(name in test.values for name in self._line(test.fact, str(value)))
        number = Decimal(str(value))
        above = test.low is None or number >= test.low
        return above and (test.high is None or number <= test.high)

    def _line(self, fact: str, value: str) -> list[str]:
        parents = dict(self.specs[fact].parents)
        line = [value]
        while line[-1] in parents:
            line.append(parents[line[-1]])
        return line

    @staticmethod
    def _granted(rule: Rule) -> Effect:
        amounts = sorted(str(remedy.amount) for remedy in rule.remedies if remedy.amount)
        return rule.outcome, rule.escalate_to, tuple(amounts)


def _least(
    table: tuple[int, ...], widths: tuple[int, ...], known: dict[tuple[int, ...], float]
) -> float:
    """`table` holds the effect of every combination, the last fact's answers side by side."""
    if len(set(table)) == 1:
        return 0.0
    key = (*table, *widths)
    if key not in known:
        known[key] = 1 + min(_after(table, widths, place, known) for place in range(len(widths)))
    return known[key]


def _after(
    table: tuple[int, ...],
    widths: tuple[int, ...],
    place: int,
    known: dict[tuple[int, ...], float],
) -> float:
    """The mean of what is left once the fact at a place was answered."""
    width, step = widths[place], prod(widths[place + 1 :])
    rest = widths[:place] + widths[place + 1 :]
    parts = [
        tuple(each for i, each in enumerate(table) if i // step % width == answer)
        for answer in range(width)
    ]
    return sum(_least(part, rest, known) for part in parts) / width


def worth(rule: Rule) -> int:
    return WORTH[rule.outcome] if rule.worth is None else rule.worth


TODAY = date(2026, 1, 5)
