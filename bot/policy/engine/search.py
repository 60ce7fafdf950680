"""Walks the diagram over every completion of the facts that nobody has told yet.

What is found below a node is remembered for all cases that come to it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from bot.policy.engine.bits import members
from bot.policy.engine.branches import Branch, Branches, Effect
from bot.policy.engine.diagram import Diagram, Node
from bot.policy.engine.memory import Memory

Candidate = tuple[int, int | None]
Rules = tuple[int, ...]
Found = tuple[Branch, int]  # the reduced diagram, and the answers met as a bit set
MOST_VERDICTS = 20_000
MOST_WALKS = 500


class Search:
    """The walks of one edition; past `LIMIT` branches it is `full` and a fresh one is taken.

    `effect_of` names what an answer amounts to, `unsure(fact, effects, rules)` the rule of
    `rules` for a settled fact whose values come to different effects.
    """

    LIMIT = 200_000

    def __init__(
        self,
        diagram: Diagram,
        open_cells: Sequence[Sequence[int]],
        effect_of: Callable[[Candidate], Effect],
        unsure: Callable[[int, Iterable[Effect], Rules], int],
    ) -> None:
        self.diagram = diagram
        self.open_cells = open_cells
        self.effect_of = effect_of
        self.unsure = unsure
        self.branches = Branches(open_cells)
        self.verdicts: Memory[object, Any] = Memory(MOST_VERDICTS)
        self.orders: Memory[int, list[str]] = Memory(MOST_VERDICTS)
        self._walks: Memory[tuple[int, Rules], Walk] = Memory(MOST_WALKS)
        self._number = count()
        self._numbers: dict[Candidate, int] = {}
        self._candidates: dict[int, Candidate] = {}

    @property
    def full(self) -> bool:
        """Too much is remembered."""
        walked = sum([len(walk) for walk in list(self._walks.values())])
        return len(self.branches) + walked > self.LIMIT

    def walk(self, node: Node, settled: int, rules: Rules) -> Found:
        """What is below a node when the `settled` facts (a bit set) can be told by nobody."""
        key = (settled, rules)
        walk = self._walks.get(key)
        if walk is None:
            walk = self._walks.keep(key, Walk(self, settled, rules))
        return walk.below(node)

    def number(self, candidate: Candidate) -> int:
        """An answer's place in bit sets of answers."""
        known = self._numbers.get(candidate)
        if known is None:
            fresh = next(self._number)
            self._candidates[fresh] = candidate  # before anybody can hear of the number
            known = self._numbers.setdefault(candidate, fresh)
        return known

    def candidates(self, answers: int) -> list[Candidate]:
        """The answers in a bit set."""
        return [self._candidates[number] for number in members(answers)]


class Walk:
    """Walks with the same facts settled and the same safe rules to fall back on."""

    def __init__(self, search: Search, settled: int, rules: Rules) -> None:
        self._search = search
        self._branches = search.branches
        self._settled = settled
        self._rules = rules
        self._below: dict[int, Found] = {}
        self._joined: dict[tuple[int, ...], Found] = {}

    def __len__(self) -> int:
        return len(self._below) + len(self._joined)

    def below(self, node: Node) -> Found:
        """The reduced diagram below a node, and every answer met on the way."""
        found = self._below.get(node.number)
        if found is None:
            found = self._below[node.number] = self._walk(node)
        return found

    def _walk(self, node: Node) -> Found:
        if not node.facts:
            return self._leaf(self._search.diagram.answer(node))
        fact = (node.facts & -node.facts).bit_length() - 1
        follow = self._search.diagram.follow
        met = 0
        kids = []
        for cell in self._search.open_cells[fact]:
            kid, answers = self.below(follow(node, fact, cell))
            met |= answers
            kids.append(kid)
        if self._settled >> fact & 1:
            branch, answers = self._agree(fact, tuple(kids))
            return branch, met | answers
        return self._branches.branch(fact, tuple(kids)), met

    def _leaf(self, candidate: Candidate) -> Found:
        leaf = self._branches.leaf(self._search.effect_of(candidate))
        return leaf, 1 << self._search.number(candidate)

    def _agree(self, settled: int, branches: tuple[Branch, ...]) -> Found:
        """Pointwise: what all the branches agree on, else the safe rule for the settled fact."""
        first = branches[0]
        if all(branch is first for branch in branches):
            return first, 0
        key = (settled, *sorted({branch.number for branch in branches}))
        known = self._joined.get(key)
        if known is None:
            known = self._joined[key] = self._join(settled, branches)
        return known

    def _join(self, settled: int, branches: tuple[Branch, ...]) -> Found:
        asked = [branch.fact for branch in branches if branch.fact >= 0]
        if not asked:
            effects = [each.effect for each in branches]
            return self._leaf((self._search.unsure(settled, effects, self._rules), None))
        fact, met = min(asked), 0
        kids = []
        for cell in range(self._branches.width(fact)):
            kid, answers = self._agree(
                settled, tuple([_kid(each, fact, cell) for each in branches])
            )
            met |= answers
            kids.append(kid)
        return self._branches.branch(fact, tuple(kids)), met


def _kid(branch: Branch, fact: int, cell: int) -> Branch:
    return branch.kids[cell] if branch.fact == fact else branch
