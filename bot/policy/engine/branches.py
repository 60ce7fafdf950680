"""Reduced diagrams of outcomes: which questions are open, and what each answer leads to.

Branching is on facts in their fixed order and equal branches are one object, so a fact stands
in a branch exactly when some answer to it changes the outcome.
"""

from collections.abc import Sequence
from itertools import count

from bot.policy.engine.memory import Memory

Effect = int
MOST_GIVEN = 100_000


class Branch:
    """A question (`fact` ≥ 0) with a kid for each answer, or a leaf with its effect (`fact` −1).

    `facts` and `effects` are the bit sets of all questions and all effects below it; `left` is
    how many questions remain on average, asked in the fixed order, all answers equally likely.
    """

    __slots__ = ("effect", "effects", "fact", "facts", "kids", "left", "number")

    def __init__(self, number: int, fact: int, effect: Effect, kids: tuple["Branch", ...]) -> None:
        self.number = number
        self.fact = fact
        self.effect = effect
        self.kids = kids
        self.facts = 1 << fact if kids else 0
        self.effects = 0 if kids else 1 << effect
        self.left: float = 1 + sum([kid.left for kid in kids]) / len(kids) if kids else 0.0
        for kid in kids:
            self.facts |= kid.facts
            self.effects |= kid.effects


class Branches:
    """Makes branches, each only once; `open_cells[fact]` lists the answers told apart."""

    def __init__(self, open_cells: Sequence[Sequence[int]]) -> None:
        self._open_cells = open_cells
        self._made: dict[tuple[int, ...], Branch] = {}
        self._number = count()  # counting what is made would give two threads the same number
        self._given: Memory[tuple[int, int, int], Branch] = Memory(MOST_GIVEN)

    def __len__(self) -> int:
        return len(self._made)

    def width(self, fact: int) -> int:
        """How many answers to a fact the rules can tell apart."""
        return len(self._open_cells[fact])

    def leaf(self, effect: Effect) -> Branch:
        """Nothing is left to ask."""
        return self._make(-1, effect, ())

    def branch(self, fact: int, kids: tuple[Branch, ...]) -> Branch:
        """A question, unless every answer comes to the same."""
        first = kids[0]
        for kid in kids:
            if kid is not first:
                return self._make(fact, -1, kids)
        return first

    def given(self, branch: Branch, fact: int, cell: int) -> Branch:
        """What is left once the fact lies in its `cell`-th open cell."""
        if not branch.facts >> fact & 1:
            return branch
        if branch.fact == fact:
            return branch.kids[cell]
        key = (branch.number, fact, cell)
        known = self._given.get(key)
        if known is None:
            kids = tuple([self.given(kid, fact, cell) for kid in branch.kids])
            known = self._given.keep(key, self.branch(branch.fact, kids))
        return known

    def left_after(self, branch: Branch, fact: int) -> float:
        """How many questions remain on average once this one is answered."""
        width = self.width(fact)
        return sum([self.given(branch, fact, cell).left for cell in range(width)]) / width

    def _make(self, fact: int, effect: Effect, kids: tuple[Branch, ...]) -> Branch:
        key = (fact, effect, *[kid.number for kid in kids])
        made = self._made.get(key)
        if made is None:
            made = self._made.setdefault(key, Branch(next(self._number), fact, effect, kids))
        return made
