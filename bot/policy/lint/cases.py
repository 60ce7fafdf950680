"""Finds a case in which some conditions hold and others do not, or shows that there is none.

A search over cells of facts: a value is chosen, what it settles is worked out, and dead ends are
remembered. Only cases that can exist are tried: a fact is absent only where the catalogue says
that it does not exist.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.policy.engine.cells import CutFact
from bot.policy.engine.conditions import Cond
from bot.policy.engine.edition import Edition

Found = dict[int, int]


# Of values that no rule tells apart, as many are named.
MOST_VALUES = 3


class TooHard(Exception):
    """The search gave up; nothing is known."""


class Cases:
    """Searches among the cases of one edition.

    `usual`: facts that nobody is ever asked for stay as they are when nobody mentions them.
    `copies`: pairs of facts of which the first is the second as the shopper said it; told
    otherwise than the second it can be in no case.
    """

    MOST_STEPS = 20_000

    def __init__(
        self, edition: Edition, usual: bool = False, copies: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.edition = edition
        self._conditions = edition.conditions
        self._guards = {fact.number: self._guard(fact) for fact in edition.facts}
        self._usual = usual
        self._impossible = tuple(
            each for said, meant in copies for each in self._parted(said, meant)
        )

    def _parted(self, said: str, meant: str) -> Iterator[Cond]:
        """A copy that says one thing while what it copies is another."""
        one, other = self.edition.by_key.get(said), self.edition.by_key.get(meant)
        if one is None or other is None:
            return
        for cell in one.cells:
            same = sum({other.cell(each) for each in one.spec.values if one.cell(each) == cell})
            here = self._conditions.is_in(one.number, cell)
            elsewhere = self._conditions.is_in(other.number, other.all & ~same)
            yield self._conditions.all_of([here, elsewhere])

    def find(self, holds: Iterable[Cond], fails: Iterable[Cond]) -> Found | None:
        """Cells of the facts that matter in a case where all of `holds` and none of `fails`
        is true, or None. Raises TooHard."""
        self._dead: set[tuple[int, frozenset[int]]] = set()
        self._steps = 0
        must = self._conditions.all_of(holds)
        never = tuple(dict.fromkeys((*fails, *self._impossible)))
        start: Found = {}
        if self._usual:
            for fact in self.edition.facts:
                if self.edition.defaults.known >> fact.number & 1:
                    mask = self.edition.defaults.state[fact.number]
                    must = self._conditions.narrow(must, fact.number, mask)
                    never = self._narrowed(never, fact.number, mask)
                    start[fact.number] = mask
        return self._search(must, never, start)

    def spoken(self, found: Mapping[int, int]) -> dict[str, str]:
        """Cells as facts and values, those left out that are as usual."""
        facts, defaults = self.edition.facts, self.edition.defaults
        return {
            facts[number].spec.key: _sample(facts[number], mask)
            for number, mask in sorted(found.items())
            if not defaults.known >> number & 1 or defaults.state[number] != mask
        }

    def _search(self, must: Cond, never: Sequence[Cond], found: Found) -> Found | None:
        true, false = self._conditions.true, self._conditions.false
        if must is false or true in never:
            return None
        never = tuple(cond for cond in never if cond is not false)
        if must is true and not never:
            return found
        key = (must.number, frozenset(cond.number for cond in never))
        if key in self._dead:
            return None
        self._steps += 1
        if self._steps > self.MOST_STEPS:
            raise TooHard
        fact = self._next(must, never)
        for mask, guard in self._choices(fact):
            more = self._given(guard, found)
            here = self._conditions.all_of([self._conditions.narrow(must, fact, mask), more])
            deeper = self._search(here, self._narrowed(never, fact, mask), {**found, fact: mask})
            if deeper is not None:
                return deeper
        self._dead.add(key)
        return None

    def _next(self, must: Cond, never: Sequence[Cond]) -> int:
        waiting = must if must.facts else min(never, key=lambda cond: cond.facts.bit_count())
        return (waiting.facts & -waiting.facts).bit_length() - 1

    def _choices(self, number: int) -> Iterator[tuple[int, Cond]]:
        fact, defaults = self.edition.facts[number], self.edition.defaults
        usual = defaults.state[number] if defaults.known >> number & 1 else 0
        cells = [(cell, self._conditions.true) for cell in fact.cells]
        cells.append((fact.NONE, self._guards[number]))
        yield from sorted(cells, key=lambda each: each[0] != usual)

    def _guard(self, fact: CutFact) -> Cond:
        """When the fact does not exist: where a standing supposition says so, else never."""
        supposed = self.edition.supposed[fact.number]
        whens = [each.when for each in supposed if each.standing and each.value is None]
        return self._conditions.any_of(whens)

    def _given(self, cond: Cond, found: Found) -> Cond:
        for fact, mask in found.items():
            cond = self._conditions.narrow(cond, fact, mask)
        return cond

    def _narrowed(self, conds: Iterable[Cond], fact: int, mask: int) -> tuple[Cond, ...]:
        return tuple(self._conditions.narrow(cond, fact, mask) for cond in conds)


def _sample(fact: CutFact, mask: int) -> str:
    if mask == fact.NONE:
        return "—"
    values = [value for value in fact.spec.values if fact.cell(value) == mask]
    if not values:
        return str(fact.samples[fact.cells.index(mask)])
    more = "…" if len(values) > MOST_VALUES else ""
    return "/".join(values[:MOST_VALUES]) + more
