"""A set under examination: its rules in force on a day, in the order in which they are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from bot.policy.engine.conditions import Cond
from bot.policy.engine.edition import Edition
from bot.policy.engine.words import Clause, Rule, Source, Stage
from bot.policy.lint.cases import Cases
from bot.policy.promises import Entry, entries
from bot.policy.publishing.texts import CATALOGUE, SHARED, header
from bot.policy.reading import Block

PHRASED = SHARED[1]
SECTIONS = ("first", "before", "own", "floor", "also", "unsure", "otherwise")


@dataclass(frozen=True)
class Origin:
    """Which clauses and rules a file writes itself, and which its overlays do."""

    clauses: frozenset[str]
    rules: frozenset[str]
    borrowed: frozenset[str]
    is_overlay: bool
    copies: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, name: str, texts: Mapping[str, str]) -> "Origin":
        """Of one set among the texts that it is compiled with."""
        # The sentences are in no set.
        tops = {each: header(each, text) for each, text in texts.items() if each != PHRASED}
        own = tops[name]
        borrowed = [_rules(tops[overlay]) for overlay in own.texts("overlays")]
        return cls(
            frozenset(block.text("id") for block in own.blocks("clauses")),
            _rules(own),
            frozenset().union(*borrowed),
            any(name in top.texts("overlays") for top in tops.values()),
            tuple(_copies(tops[CATALOGUE].block("facts"))),
        )

    def wrote(self, rule: Rule) -> bool:
        """Whether the set wrote a rule, rather than an overlay of it."""
        if self.clauses & set(rule.clauses):
            return True
        return rule.id in self.rules and rule.id not in self.borrowed


@dataclass(frozen=True)
class Subject:
    """One set on one day."""

    source: Source
    origin: Origin
    day: date

    @cached_property
    def edition(self) -> Edition:
        """The rules in force on the day."""
        return Edition(self.source, self.day)

    @cached_property
    def conditions(self) -> list[Cond]:
        """Each rule's condition."""
        return [self.edition.compile(rule.when) for rule in self.edition.rules]

    @cached_property
    def order(self) -> list[int]:
        """The shop's rules as they are read: the first that holds decides."""
        stages = (Stage.FIRST, Stage.OWN)
        return [number for stage in stages for number in self.of(stage)]

    def cases(self, usual: bool = False) -> Cases:
        """The cases that can be."""
        return Cases(self.edition, usual, self.origin.copies)

    @cached_property
    def profile(self) -> list[Cond]:
        """What is true of every sale of this shop, and the facts that then do not exist."""
        edition, facts = self.edition, self.edition.by_key
        state = [fact.all for fact in edition.facts]
        for key, value in self.source.profile:
            if key in facts and value != "ask":
                state[facts[key].number] = facts[key].cell(value)
        for fact, supposed in zip(edition.facts, edition.supposed, strict=True):
            absent = [each.when for each in supposed if each.standing and each.value is None]
            # Told, they count; but nobody has anything to tell here.
            if any(edition.conditions.truth(when, state) for when in absent if when.facts):
                state[fact.number] = fact.NONE
        return [
            edition.conditions.is_in(fact.number, state[fact.number])
            for fact in edition.facts
            if state[fact.number] != fact.all
        ]

    def of(self, stage: Stage) -> list[int]:
        """The rules of a stage, in order."""
        return [i for i, rule in enumerate(self.edition.rules) if rule.stage is stage]

    def before(self, number: int) -> list[Cond]:
        """The conditions read before a rule's."""
        return [self.conditions[each] for each in self.order[: self.order.index(number)]]

    def rule(self, number: int) -> Rule:
        """A rule by its number."""
        return self.edition.rules[number]

    def wrote(self, number: int) -> bool:
        """Whether the set wrote a rule itself."""
        return self.origin.wrote(self.rule(number))

    def effect(self, number: int) -> int:
        """What a rule grants, as a number that equal effects share."""
        return self.edition.effect_of_rule[number]

    def worth(self, number: int) -> int:
        """How good a rule is for the shopper."""
        return self.edition.worth[number]


def days_of(source: Source, today: date) -> list[date]:
    """Today, and each later day on which other rules or clauses come into force."""
    items: list[Clause | Rule | Entry] = [*source.clauses, *source.rules, *entries(source)]
    starts = {item.effective_from for item in items if item.effective_from}
    ends = {
        item.effective_to + timedelta(days=1)
        for item in items
        if item.effective_to and item.effective_to < date.max
    }
    return [today, *sorted(day for day in starts | ends if day > today)]


def _rules(top: Block) -> frozenset[str]:
    return frozenset(block.text("id") for key in SECTIONS for block in top.blocks(key))


def _copies(facts: Block) -> Iterator[tuple[str, str]]:
    for key in facts:
        derived = facts.block(key).block("derive")
        if "copy" in derived:
            yield key, derived.text("copy")
