"""What is left of a policy once some facts are known: a decision diagram, made as it is walked.

A node holds the shop's rules that can still decide and the law's rules that could still grant
more. Nodes are interned and remember where each fact leads, so a path walked once costs a
dictionary look-up per fact afterwards.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count

from bot.policy.engine.conditions import Cond, Conditions

Step = tuple[Cond, int]
Steps = tuple[Step, ...]


class Node:
    """The rules still in question: `facts` is the bit set of the facts that they wait for."""

    __slots__ = ("facts", "kids", "law", "number", "own")

    def __init__(self, number: int, own: Steps, law: Steps) -> None:
        self.number = number
        self.own = own
        self.law = law
        self.kids: dict[tuple[int, int], Node] = {}
        self.facts = 0
        for cond, _ in (*own, *law):
            self.facts |= cond.facts


class Diagram:
    """Nodes over a shop's rules and the law's rules, both read first to last.

    `worth[rule]` says how good a rule is for the shopper; `above_law` holds the rules that no
    law rule replaces (a person is sent for at once). `steps` counts what all nodes hold.
    """

    def __init__(
        self,
        conditions: Conditions,
        own: Steps,
        law: Steps,
        worth: Sequence[int],
        above_law: frozenset[int],
    ) -> None:
        self.conditions = conditions
        self._worth = worth
        self._above_law = above_law
        self._nodes: dict[tuple[Steps, Steps], Node] = {}
        self._number = count()  # counting the nodes would give two threads the same number
        self.steps = 0
        self.root = self._node(self._live(own), self._live(law))

    def __len__(self) -> int:
        return len(self._nodes)

    def follow(self, node: Node, fact: int, mask: int) -> Node:
        """The node once the fact is known to lie in the mask's cells."""
        if not node.facts >> fact & 1:
            return node
        kid = node.kids.get((fact, mask))
        if kid is None:
            own = self._narrowed(node.own, fact, mask)
            kid = self._node(own, self._narrowed(node.law, fact, mask))
            node.kids[fact, mask] = kid
        return kid

    def rewrite(self, node: Node, change: Callable[[Cond], Cond]) -> Node:
        """The node with every condition changed."""
        own = self._live([(change(cond), rule) for cond, rule in node.own])
        return self._node(own, self._live([(change(cond), rule) for cond, rule in node.law]))

    def answer(self, node: Node) -> tuple[int, int | None]:
        """The rule that decides at a node which waits for nothing, and the law's in its place."""
        return node.own[0][1], node.law[0][1] if node.law else None

    def _node(self, own: Steps, law: Steps) -> Node:
        if own[0][0] is self.conditions.true:
            law = self._better_than(own[0][1], law)
        key = (own, law)
        node = self._nodes.get(key)
        if node is None:
            self.steps += len(own) + len(law)
            node = self._nodes.setdefault(key, Node(next(self._number), own, law))
        return node

    def _narrowed(self, steps: Steps, fact: int, mask: int) -> Steps:
        """What can still hold once the fact is known; steps that do not ask for it stay."""
        narrow, true, false = self.conditions.narrow, self.conditions.true, self.conditions.false
        live: list[Step] = []
        for step in steps:
            if not step[0].facts >> fact & 1:
                live.append(step)
                continue
            cond = narrow(step[0], fact, mask)
            if cond is not false:
                live.append((cond, step[1]))
                if cond is true:
                    break
        return tuple(live)

    def _live(self, steps: Iterable[Step]) -> Steps:
        live: list[Step] = []
        for cond, rule in steps:
            if cond is self.conditions.false:
                continue
            live.append((cond, rule))
            if cond is self.conditions.true:
                break
        return tuple(live)

    def _better_than(self, own: int, law: Steps) -> Steps:
        if own in self._above_law:
            return ()
        kept = list(law)
        while kept and self._worth[kept[-1][1]] <= self._worth[own]:
            kept.pop()
        return tuple(kept)
