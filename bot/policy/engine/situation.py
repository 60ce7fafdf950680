"""What is told, supposed, open or settled as unknown in one case, as cells of one edition."""

from collections.abc import Mapping, Sequence

from bot.policy.engine.bits import members
from bot.policy.engine.cells import CutFact
from bot.policy.engine.diagram import Node
from bot.policy.engine.edition import Supposed
from bot.policy.engine.frame import Frame
from bot.policy.engine.words import Value

NOBODY = -1


class Situation:
    """One case in its frame: `state[fact]` is the cells still possible.

    `known`, `settled` and `told_facts` are bit sets of facts; a fact in `waiting` is supposed
    only where other facts, not told yet, will turn out so. `touched` are the facts that judging
    it looked at.
    """

    __slots__ = (
        "_waits",
        "chosen",
        "doubted",
        "edition",
        "frame",
        "known",
        "settled",
        "state",
        "told",
        "told_facts",
        "touched",
        "waiting",
    )

    def __init__(self, frame: Frame, told: Mapping[str, Value]) -> None:
        self.frame = frame
        self.edition = frame.edition
        self.told = told
        self.doubted = NOBODY
        self.state = frame.state.copy()
        self.waiting: dict[int, Sequence[Supposed]] = {}
        self.chosen = frame.chosen.copy()
        self._waits = self.touched = 0
        self._tell_all(told)
        self._suppose_all(frame.conditional & ~self.told_facts)

    def is_open(self, fact: CutFact) -> bool:
        """Nobody told the fact, nothing stands in its place, and it surely exists in this case."""
        return not self.known >> fact.number & 1 and fact.number not in self.waiting

    @property
    def presumed(self) -> list[tuple[CutFact, str]]:
        """What stands in the place of facts nobody told, and is told to the shopper."""
        facts, chosen = self.edition.facts, self.chosen
        return [
            (facts[number], supposed.value)
            for number in sorted(chosen)
            if not (supposed := chosen[number]).standing and supposed.value is not None
        ]

    def telling(self, fact: CutFact, value: Value) -> "Situation":
        """The case as it would be if this fact were told so."""
        other = self._copy()
        other.told = {**self.told, fact.spec.key: value}
        other.told_facts |= fact.bit
        other.settled &= ~fact.bit
        other._forget(fact)
        other._tell(fact, fact.told_as(value))
        other._suppose_after(fact)
        return other

    def doubting(self, fact: CutFact) -> "Situation":
        """The case if nothing were presumed of an untold fact: shows what rests on it."""
        other = self._copy()
        other.doubted = fact.number
        other._forget(fact)
        other._suppose(fact.number, self.frame.standing(fact.number))
        other._suppose_after(fact)
        return other

    def node(self) -> Node:
        """The diagram's node once everything known is known."""
        node = self._follow(self._start(self._leading()))
        if node.facts & self._waits:
            self.touched |= node.facts
            # Later facts first: a supposition's own condition may name an earlier waiting fact.
            for fact in sorted(self.waiting, reverse=True):
                if node.facts >> fact & 1:
                    node = self._replaced(node, fact)
            node = self._follow(node)
        self.touched |= node.facts
        return node

    def rests_on(self, fact: CutFact) -> bool:
        """Whether another value of the fact, or none, could come to another verdict.

        Only a walk that looked at it, or at what hangs on it, can end elsewhere; asked after the
        case was judged.
        """
        return bool((fact.bit | self.frame.hanging[fact.number]) & self.touched or self.settled)

    def safe_rules(self) -> tuple[int, ...]:
        """The rules that may decide what nobody can tell, in order."""
        truth = self.edition.conditions.truth
        return tuple(
            [number for cond, number in self.edition.unsure if truth(cond, self.state) is True]
        )

    def _copy(self) -> "Situation":
        other = Situation.__new__(Situation)
        other.frame, other.edition, other.told = self.frame, self.edition, self.told
        other.doubted, other.told_facts, other.settled = self.doubted, self.told_facts, self.settled
        other.touched = 0
        other.known, other._waits = self.known, self._waits
        other.state, other.waiting = self.state.copy(), self.waiting.copy()
        other.chosen = self.chosen.copy()
        return other

    def _tell_all(self, told: Mapping[str, Value]) -> None:
        # The one loop that runs over every fact told: a call for each would double its time.
        by_key, state, told_facts, settled = self.edition.by_key, self.state, 0, 0
        for key, value in told.items():
            fact = by_key.get(key)
            if fact is not None:
                mask = fact.masks.get(value)
                if mask is None:
                    mask = fact.cell(value)
                told_facts |= fact.bit
                state[fact.number] = mask or fact.values
                if not mask:
                    settled |= fact.bit
        self.told_facts, self.settled = told_facts, settled
        self.known = (self.frame.known | told_facts) & ~settled
        for number in members(told_facts & self.frame.fixed):
            del self.chosen[number]

    def _tell(self, fact: CutFact, mask: int) -> None:
        if mask:
            self.state[fact.number] = mask
            self.known |= fact.bit
        else:
            self.settled |= fact.bit

    def _forget(self, fact: CutFact) -> None:
        self.known &= ~fact.bit
        self._waits &= ~fact.bit
        self.state[fact.number] = fact.values
        self.waiting.pop(fact.number, None)
        self.chosen.pop(fact.number, None)

    def _suppose_all(self, facts: int) -> None:
        listed = self.frame.listed
        for number in members(facts):
            self._suppose(number, listed[number])

    def _suppose_after(self, changed: CutFact) -> None:
        """Suppose anew what hangs on a changed fact; such facts come after those they hang on."""
        hanging = self.frame.hanging[changed.number] & ~self.told_facts
        for number in members(hanging):
            self._forget(self.edition.facts[number])
        self._suppose_all(hanging)

    def _suppose(self, number: int, suppositions: Sequence[Supposed]) -> None:
        truth, state = self.edition.conditions.truth, self.state
        for i, supposed in enumerate(suppositions):
            holds = truth(supposed.when, state)
            if holds is None:
                self.waiting[number] = suppositions[i:]
                self._waits |= 1 << number
                return
            if holds:
                state[number] = supposed.mask
                self.known |= 1 << number
                self.chosen[number] = supposed
                return

    def _follow(self, node: Node) -> Node:
        diagram, state, everything = self.edition.diagram, self.state, self.known
        touched = self.touched
        while known := node.facts & everything:
            bit = known & -known
            fact = bit.bit_length() - 1
            touched |= bit
            kid = node.kids.get((fact, state[fact]))
            node = diagram.follow(node, fact, state[fact]) if kid is None else kid
        self.touched = touched
        return node

    def _leading(self) -> Node:
        """The node once the facts are known that most of the rules ask for."""
        diagram = self.edition.diagram
        node = diagram.root
        for fact in self.edition.leading:
            if self.known >> fact & 1:
                node = diagram.follow(node, fact, self.state[fact])
                self.touched |= 1 << fact
        return node

    def _start(self, node: Node) -> Node:
        """The node once the facts that are never asked for, and were not told, are absent."""
        absent = self.edition.defaults.known & ~self.told_facts
        key, starts = (node.number, absent), self.edition.starts
        known = starts.get(key)
        return starts.keep(key, self._make_start(node, absent)) if known is None else known

    def _make_start(self, node: Node, absent: int) -> Node:
        diagram, state = self.edition.diagram, self.edition.defaults.state
        while default := node.facts & absent:
            fact = (default & -default).bit_length() - 1
            node = diagram.follow(node, fact, state[fact])
        return node

    def _replaced(self, node: Node, fact: int) -> Node:
        """The node with a waiting fact's tests put in terms of what it waits for."""
        rest = self.waiting[fact]
        key = (node.number, fact, len(rest), fact == self.doubted)
        known = self.frame.replaced.get(key)
        if known is None:
            known = self.frame.replaced.keep(key, self._replace(node, fact, rest))
        return known

    def _replace(self, node: Node, fact: int, suppositions: Sequence[Supposed]) -> Node:
        conditions = self.edition.conditions
        masks = {
            mask for cond, _ in (*node.own, *node.law) for mask in conditions.masks(cond, fact)
        }
        by = {}
        for mask in masks:
            cond = conditions.is_in(fact, mask)
            for supposed in reversed(suppositions):
                met = conditions.true if supposed.mask & mask else conditions.false
                cond = conditions.any_of(
                    [
                        conditions.all_of([supposed.when, met]),
                        conditions.all_of([supposed.unless, cond]),
                    ]
                )
            by[mask] = cond
        return self.edition.diagram.rewrite(node, lambda cond: conditions.replace(cond, fact, by))
