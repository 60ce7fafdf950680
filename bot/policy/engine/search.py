"""Walks the diagram over every completion of the facts that nobody has told yet.

The walk yields a reduced diagram of outcomes, branching on facts in their fixed order, so a
fact appears in it exactly when some answer to it changes the outcome.
"""

from collections.abc import Callable, Sequence

from bot.policy.engine.diagram import Diagram, Node

Effect = int
Candidate = tuple[int, int | None]


class Branch:
    """A question in the reduced diagram (`fact` ≥ 0), or a leaf with its effect (`fact` −1)."""

    __slots__ = ("effect", "fact", "kids", "number")

    def __init__(self, number: int, fact: int, effect: Effect, kids: tuple["Branch", ...]) -> None:
        self.number = number
        self.fact = fact
        self.effect = effect
        self.kids = kids


class Search:
    """One walk: `open_cells[fact]` lists the cells to try, `settled` the facts nobody can tell.

    `effect_of` names what an answer amounts to, `unsure(fact, effects)` the rule for a
    settled fact whose values come to different effects.
    """

    def __init__(
        self,
        diagram: Diagram,
        open_cells: Sequence[Sequence[int]],
        settled: frozenset[int],
        effect_of: Callable[[Candidate], Effect],
        unsure: Callable[[int, Sequence[Effect]], int],
    ) -> None:
        self._diagram = diagram
        self._open_cells = open_cells
        self._settled = settled
        self._effect_of = effect_of
        self._unsure = unsure
        self._made: dict[tuple[int, ...], Branch] = {}
        self._walked: dict[int, Branch] = {}
        self._joined: dict[tuple[int, ...], Branch] = {}
        self._expected: dict[int, float] = {}
        self.candidates: dict[Effect, set[Candidate]] = {}

    def walk(self, node: Node) -> Branch:
        """The reduced diagram below a node."""
        branch = self._walked.get(node.number)
        if branch is None:
            branch = self._walked[node.number] = self._walk(node)
        return branch

    def width(self, fact: int) -> int:
        """How many answers to a fact the rules can tell apart."""
        return len(self._open_cells[fact])

    def given(self, branch: Branch, fact: int, cell: int) -> Branch:
        """The reduced diagram once the fact lies in its `cell`-th open cell."""
        return self._given(branch, fact, cell, {})

    def expected(self, branch: Branch) -> float:
        """Questions left on average, asking in the fixed order, all answers equally likely."""
        known = self._expected.get(branch.number)
        if known is None:
            kids = [self.expected(kid) for kid in branch.kids]
            known = 1 + sum(kids) / len(kids) if kids else 0.0
            self._expected[branch.number] = known
        return known

    def _given(self, branch: Branch, fact: int, cell: int, seen: dict[int, Branch]) -> Branch:
        if branch.fact < 0 or branch.fact > fact:
            return branch
        if branch.fact == fact:
            return branch.kids[cell]
        known = seen.get(branch.number)
        if known is None:
            kids = tuple(self._given(kid, fact, cell, seen) for kid in branch.kids)
            known = seen[branch.number] = self._branch(branch.fact, kids)
        return known

    def _walk(self, node: Node) -> Branch:
        if not node.facts:
            return self._leaf(self._diagram.answer(node))
        fact = (node.facts & -node.facts).bit_length() - 1
        kids = tuple(
            self.walk(self._diagram.follow(node, fact, cell)) for cell in self._open_cells[fact]
        )
        if fact in self._settled:
            return self._agree(fact, kids)
        return self._branch(fact, kids)

    def _agree(self, settled: int, branches: tuple[Branch, ...]) -> Branch:
        """Pointwise: what all the branches agree on, else the safe rule for the settled fact."""
        first = branches[0]
        if all(branch is first for branch in branches):
            return first
        key = (settled, *sorted({branch.number for branch in branches}))
        known = self._joined.get(key)
        if known is None:
            known = self._joined[key] = self._join(settled, branches)
        return known

    def _join(self, settled: int, branches: tuple[Branch, ...]) -> Branch:
        asked = [branch.fact for branch in branches if branch.fact >= 0]
        if not asked:
            return self._leaf((self._unsure(settled, [each.effect for each in branches]), None))
        fact = min(asked)
        width = len(self._open_cells[fact])
        kids = tuple(
            self._agree(settled, tuple(_kid(branch, fact, i) for branch in branches))
            for i in range(width)
        )
        return self._branch(fact, kids)

    def _leaf(self, candidate: Candidate) -> Branch:
        effect = self._effect_of(candidate)
        self.candidates.setdefault(effect, set()).add(candidate)
        return self._make(-1, effect, ())

    def _branch(self, fact: int, kids: tuple[Branch, ...]) -> Branch:
        first = kids[0]
        if all(kid is first for kid in kids):
            return first
        return self._make(fact, -1, kids)

    def _make(self, fact: int, effect: Effect, kids: tuple[Branch, ...]) -> Branch:
        key = (fact, effect, *(kid.number for kid in kids))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = Branch(len(self._made), fact, effect, kids)
        return made


def _kid(branch: Branch, fact: int, i: int) -> Branch:
    return branch.kids[i] if branch.fact == fact else branch


def below(branch: Branch) -> list[Branch]:
    """The branch and every one under it, each once, parents before their kids."""
    found: dict[int, Branch] = {}
    waiting = [branch]
    while waiting:
        here = waiting.pop()
        if here.number not in found:
            found[here.number] = here
            waiting.extend(here.kids)
    return sorted(found.values(), key=lambda each: -each.number)


def asked_in(branch: Branch) -> set[int]:
    """The facts some answer of which changes the outcome."""
    return {each.fact for each in below(branch) if each.fact >= 0}


def effects_in(branch: Branch) -> set[Effect]:
    """Every outcome still possible."""
    return {each.effect for each in below(branch) if each.fact < 0}
