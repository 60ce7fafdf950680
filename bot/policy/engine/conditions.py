"""Conditions over cut facts, three-valued: true, false, or still waiting for a fact.

A fact's possible values are cut into cells and a condition on it becomes a bit mask of cells.
Conditions are interned, so equal ones are the same object and a comparison is `is`.
"""

from collections.abc import Iterable, Sequence
from itertools import count


class Cond:
    """An interned condition; `facts` is the bit set of the fact numbers it mentions."""

    __slots__ = ("fact", "facts", "kind", "mask", "number", "parts")

    def __init__(
        self, kind: str, number: int, fact: int, mask: int, parts: tuple["Cond", ...]
    ) -> None:
        self.kind = kind
        self.number = number
        self.fact = fact
        self.mask = mask
        self.parts = parts
        self.facts = 1 << fact if kind == "is" else 0
        for part in parts:
            self.facts |= part.facts


class Conditions:
    """Makes conditions, each only once, and narrows them as facts become known.

    `cells[fact]` is the mask of every cell that the fact has.
    """

    def __init__(self, cells: Sequence[int]) -> None:
        self._cells = cells
        self._made: dict[tuple[object, ...], Cond] = {}
        self._number = count()  # counting what is made would give two threads the same number
        self._narrowed: dict[tuple[int, int, int], Cond] = {}
        self.true = self._make("true")
        self.false = self._make("false")

    def is_in(self, fact: int, mask: int) -> Cond:
        """The fact lies in one of the mask's cells."""
        mask &= self._cells[fact]
        if mask == self._cells[fact]:
            return self.true
        return self._make("is", fact, mask) if mask else self.false

    def all_of(self, parts: Iterable[Cond]) -> Cond:
        """Every part holds."""
        return self._join("all", parts, self.true, self.false)

    def any_of(self, parts: Iterable[Cond]) -> Cond:
        """At least one part holds."""
        return self._join("any", parts, self.false, self.true)

    def narrow(self, cond: Cond, fact: int, mask: int) -> Cond:
        """The condition once the fact is known to lie in the mask's cells."""
        if not cond.facts >> fact & 1:
            return cond
        key = (cond.number, fact, mask)
        known = self._narrowed.get(key)
        if known is None:
            known = self._narrowed[key] = self._narrow(cond, fact, mask)
        return known

    def replace(self, cond: Cond, fact: int, by: dict[int, Cond]) -> Cond:
        """The condition with each test of the fact replaced: mask → condition."""
        if not cond.facts >> fact & 1:
            return cond
        if cond.kind == "is":
            return by[cond.mask]
        parts = [self.replace(part, fact, by) for part in cond.parts]
        return self.all_of(parts) if cond.kind == "all" else self.any_of(parts)

    def masks(self, cond: Cond, fact: int) -> set[int]:
        """Every mask that the condition tests the fact against."""
        if not cond.facts >> fact & 1:
            return set()
        if cond.kind == "is":
            return {cond.mask}
        return set().union(*(self.masks(part, fact) for part in cond.parts))

    def truth(self, cond: Cond, state: Sequence[int]) -> bool | None:
        """Kleene's value of the condition, `state[fact]` being the cells still possible."""
        if cond.kind == "is":
            possible = state[cond.fact]
            if not possible & ~cond.mask:
                return True
            return None if possible & cond.mask else False
        if cond.kind in ("true", "false"):
            return cond.kind == "true"
        decisive = cond.kind == "any"
        values = [self.truth(part, state) for part in cond.parts]
        if decisive in values:
            return decisive
        return None if None in values else not decisive

    def _narrow(self, cond: Cond, fact: int, mask: int) -> Cond:
        if cond.kind == "is":
            if not mask & ~cond.mask:
                return self.true
            return cond if mask & cond.mask else self.false
        parts = [self.narrow(part, fact, mask) for part in cond.parts]
        return self.all_of(parts) if cond.kind == "all" else self.any_of(parts)

    def _join(self, kind: str, parts: Iterable[Cond], empty: Cond, decisive: Cond) -> Cond:
        masks: dict[int, int] = {}
        others: dict[int, Cond] = {}
        for part in self._flat(kind, parts):
            if part.kind == "is":
                old = masks.get(part.fact)
                both = part.mask if old is None else self._merge(kind, old, part.mask)
                masks[part.fact] = both
            else:
                others[part.number] = part
        for fact, mask in masks.items():
            merged = self.is_in(fact, mask)
            others[merged.number] = merged
        others.pop(empty.number, None)
        if decisive.number in others:
            return decisive
        if not others:
            return empty
        ordered = tuple(others[number] for number in sorted(others))
        return ordered[0] if len(ordered) == 1 else self._make(kind, parts=ordered)

    @staticmethod
    def _merge(kind: str, one: int, other: int) -> int:
        return one & other if kind == "all" else one | other

    @staticmethod
    def _flat(kind: str, parts: Iterable[Cond]) -> Iterable[Cond]:
        for part in parts:
            if part.kind == kind:
                yield from part.parts
            else:
                yield part

    def _make(self, kind: str, fact: int = 0, mask: int = 0, parts: tuple[Cond, ...] = ()) -> Cond:
        key = (kind, fact, mask, *(part.number for part in parts))
        made = self._made.get(key)
        if made is None:
            fresh = Cond(kind, next(self._number), fact, mask, parts)
            made = self._made.setdefault(key, fresh)
        return made
