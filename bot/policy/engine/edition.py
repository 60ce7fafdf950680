"""A policy as it stood on one day, compiled once into immutable tables and a diagram."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.policy.engine.bits import members
from bot.policy.engine.cells import CutFact, compile_expr, cut
from bot.policy.engine.conditions import Cond, Conditions
from bot.policy.engine.diagram import Diagram, Node, Step
from bot.policy.engine.memory import Memory
from bot.policy.engine.outcomes import WORTH
from bot.policy.engine.search import Search
from bot.policy.engine.words import (
    ALWAYS,
    Clause,
    Expr,
    FactSpec,
    NotOf,
    Rule,
    Source,
    Stage,
    Suppose,
)

MOST_FRAMES = 64
MOST_STARTS = 5_000
MOST_ADDITIONS = 5_000
MOST_OF_RULES = 0.6


@dataclass(frozen=True, slots=True)
class Supposed:
    """A compiled supposition: when it holds, when it does not, and the cell it stands for."""

    when: Cond
    unless: Cond
    mask: int
    value: str | None
    standing: bool


class Defaults:
    """Where every case starts: the facts never asked for at their absent value, the rest open."""

    def __init__(self, facts: list[CutFact], supposed: list[list[Supposed]], always: Cond) -> None:
        self.state = [fact.values for fact in facts]
        self.known = 0
        self.open: list[CutFact] = []
        for fact, listed in zip(facts, supposed, strict=True):
            if listed and listed[0].standing and listed[0].when is always:
                self.state[fact.number] = listed[0].mask
                self.known |= 1 << fact.number
            else:
                self.open.append(fact)


class Edition:
    """The rules in force on one day; safe to share between threads.

    Nodes are made while walking; past `MOST_STEPS` held by them the set takes a fresh edition,
    so that no sequence of odd questions can fill the memory.
    """

    MOST_STEPS = 3_000_000

    def __init__(self, source: Source, day: date) -> None:
        self.source = source
        self.clauses: Mapping[str, Clause] = {
            clause.id: clause for clause in source.clauses if _in_force(clause, day)
        }
        self.rules = tuple(rule for rule in source.rules if _in_force(rule, day))
        self.phrases: Mapping[str, str] = dict(source.plain)
        specs = source.facts
        self.facts = cut(specs, (*(rule.when for rule in self.rules), *_guards(specs)))
        self.by_key = {fact.spec.key: fact for fact in self.facts}
        self.worth = tuple(
            WORTH[rule.outcome] if rule.worth is None else rule.worth for rule in self.rules
        )
        self.conditions = Conditions([fact.all for fact in self.facts])
        self.supposed = [
            [self._supposed(fact, suppose) for suppose in fact.spec.suppose] for fact in self.facts
        ]
        self.open_cells = [fact.cells for fact in self.facts]
        self.defaults = Defaults(self.facts, self.supposed, self.conditions.true)
        self.also = self._steps(Stage.ALSO)
        self.unsure = self._steps(Stage.UNSURE)
        self.looks_at = [self.compile(rule.when).facts for rule in self.rules]
        self.leading = self._leading()
        self._effects: dict[tuple[object, ...], int] = {}
        self.effect_of_rule = [self._effect(rule) for rule in self.rules]
        self.worth_of_effect: dict[int, int] = {}
        for effect, worth in zip(self.effect_of_rule, self.worth, strict=True):
            self.worth_of_effect[effect] = max(worth, self.worth_of_effect.get(effect, 0))
        self.provable = [fact for fact in self.facts if fact.spec.evidence]
        self.frames: Memory[object, Any] = Memory(MOST_FRAMES)
        self.starts: Memory[tuple[int, int], Node] = Memory(MOST_STARTS)
        self.diagram = self._diagram()
        self.search = self._search()
        self._also_looks_at = [*members(self._looked_at(self.also))]
        self._also: Memory[object, tuple[int, ...]] = Memory(MOST_ADDITIONS)

    def _diagram(self) -> Diagram:
        own = self._steps(Stage.FIRST) + self._steps(Stage.OWN)
        above = frozenset(i for i, rule in enumerate(self.rules) if rule.stage is Stage.FIRST)
        return Diagram(self.conditions, own, self._steps(Stage.LAW), self.worth, above)

    @property
    def full(self) -> bool:
        """Too many walked paths are remembered."""
        return self.diagram.steps > self.MOST_STEPS

    def searching(self) -> Search:
        """What was walked so far, or a fresh start when that is too much."""
        if self.search.full:
            self.search = self._search()
        return self.search

    def clauses_of(self, rules: Iterable[Rule]) -> tuple[Clause, ...]:
        """The clauses that the rules name, each once."""
        named = dict.fromkeys([clause for rule in rules for clause in rule.clauses])
        return tuple([self.clauses[clause] for clause in named if clause in self.clauses])

    def additions(self, state: Sequence[int]) -> tuple[int, ...]:
        """The rules of `also` that hold, as far as is known."""
        key = tuple([state[fact] for fact in self._also_looks_at])
        known = self._also.get(key)
        if known is None:
            truth = self.conditions.truth
            holding = [number for cond, number in self.also if truth(cond, state) is True]
            known = self._also.keep(key, tuple(holding))
        return known

    def compile(self, expr: Expr) -> Cond:
        """An expression over this edition's cells."""
        return compile_expr(expr, self.by_key, self.conditions)

    def suppose(self, fact: CutFact, value: str) -> Supposed:
        """The supposition that a shop's profile makes unconditionally."""
        return self._supposed(fact, Suppose(ALWAYS, value))

    def effect(self, candidate: tuple[int, int | None]) -> int:
        """What the shopper gets by an answer, as a number that equal effects share."""
        own, law = candidate
        return self.effect_of_rule[own if law is None else law]

    def safe_rule(self, fact: int, effects: Iterable[int], rules: Sequence[int]) -> int:
        """Of the rules for what is unsure the one for a settled fact whose values come to these
        effects.

        An inspection is not offered where none of the values would bring that much: then a
        person it is.
        """
        spec = self.facts[fact].spec
        best = max(self.worth_of_effect[effect] for effect in effects)
        kind = spec.if_unknown if WORTH[spec.if_unknown] <= best else "escalate"
        written = [each for each in rules if spec.key in self.rules[each].facts]
        general = [
            each
            for each in rules
            if not self.rules[each].facts and self.rules[each].outcome == kind
        ]
        return (written or general)[0]

    def _leading(self) -> list[int]:
        """The facts that most of the shop's own rules ask for. Known first, they leave little of
        a long list to walk with."""
        own = [i for i, rule in enumerate(self.rules) if rule.stage is Stage.OWN]
        asking = {
            fact.number: sum(self.looks_at[i] >> fact.number & 1 for i in own)
            for fact in self.facts
        }
        most = [fact for fact, rules in asking.items() if rules > len(own) * MOST_OF_RULES]
        return sorted(most, key=lambda fact: (-asking[fact], fact))

    def _search(self) -> Search:
        return Search(self.diagram, self.open_cells, self.effect, self.safe_rule)

    def _looked_at(self, steps: Iterable[Step]) -> int:
        facts = 0
        for cond, _ in steps:
            facts |= cond.facts
        return facts

    def _steps(self, stage: Stage) -> tuple[Step, ...]:
        return tuple(
            (self.compile(rule.when), number)
            for number, rule in enumerate(self.rules)
            if rule.stage is stage
        )

    def _supposed(self, fact: CutFact, suppose: Suppose) -> Supposed:
        mask = fact.NONE if suppose.value is None else fact.cell(suppose.value)
        unless = self.compile(NotOf(suppose.when))
        return Supposed(self.compile(suppose.when), unless, mask, suppose.value, suppose.standing)

    def _effect(self, rule: Rule) -> int:
        amounts = tuple(sorted(str(remedy.amount) for remedy in rule.remedies if remedy.amount))
        key = (rule.outcome, rule.escalate_to, amounts)
        return self._effects.setdefault(key, len(self._effects))


def _guards(specs: tuple[FactSpec, ...]) -> list[Expr]:
    return [suppose.when for spec in specs for suppose in spec.suppose]


def _in_force(item: Clause | Rule, day: date) -> bool:
    if item.effective_from is not None and day < item.effective_from:
        return False
    return item.effective_to is None or day <= item.effective_to


class PolicySet:
    """All versions of one set; gives the edition that judges a case."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.name = source.name
        self.version = source.version
        self.names = (source.name, source.version)
        self.profile = dict(source.profile)
        self._turns = sorted(_turning_days(source))
        self._editions: dict[date, Edition] = {}

    def on(self, day: date) -> Edition:
        """The edition in force on a day; a day before the first version takes the first."""
        start = self._turns[max(0, bisect_right(self._turns, day) - 1)]
        edition = self._editions.get(start)
        if edition is None or edition.full:
            edition = self._editions[start] = Edition(self.source, start)
        return edition


def _turning_days(source: Source) -> set[date]:
    days: set[date] = set()
    items: list[Clause | Rule] = [*source.clauses, *source.rules]
    for item in items:
        if item.effective_from is not None:
            days.add(item.effective_from)
        if item.effective_to is not None and item.effective_to < date.max:
            days.add(date.fromordinal(item.effective_to.toordinal() + 1))
    return days
