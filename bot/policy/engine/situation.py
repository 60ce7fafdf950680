"""What is told, supposed, open or settled as unknown in one case, as cells of one edition."""

from collections.abc import Mapping, Sequence

from bot.policy.engine.cells import CutFact
from bot.policy.engine.diagram import Node
from bot.policy.engine.edition import Edition, Supposed
from bot.policy.engine.outcomes import WORTH
from bot.policy.engine.search import Branch, Search
from bot.policy.engine.words import UNKNOWN, Value

ASK = "ask"


class Situation:
    """One case in front of one edition.

    `doubted` facts lose their presumption: that shows what a decision rests on.
    """

    def __init__(
        self,
        edition: Edition,
        told: Mapping[str, Value],
        presume: bool,
        profile: Mapping[str, str],
        doubted: frozenset[str] = frozenset(),
    ) -> None:
        self.edition = edition
        self.told = told
        self.presume = presume
        self.profile = profile
        self.doubted = doubted
        self.presumed: dict[str, str] = {}
        self._settled: set[int] = set()
        self._waiting: dict[int, list[Supposed]] = {}
        self.state = edition.defaults.state.copy()
        self._known = self._by_default = edition.defaults.known
        for key, value in told.items():
            fact = edition.by_key.get(key)
            if fact is not None:
                self._tell(fact, value)
        for fact in edition.defaults.open:
            if fact.spec.key not in told:
                self._suppose(fact, self._suppositions(fact))

    def search(self) -> tuple[Search, Branch]:
        """The walk over every completion, and the reduced diagram it found."""
        search = Search(
            self.edition.diagram,
            self.edition.open_cells,
            frozenset(self._settled),
            self.edition.effect,
            self.unsure_rule,
        )
        return search, search.walk(self.node())

    def is_open(self, fact: CutFact) -> bool:
        """Nobody told the fact, nothing stands in its place, and it surely exists in this case."""
        return not self._known >> fact.number & 1 and fact.number not in self._waiting

    def node(self) -> Node:
        """The diagram's node once everything known is known."""
        diagram = self.edition.diagram
        node = self._start()
        while known := node.facts & self._known:
            fact = (known & -known).bit_length() - 1
            node = diagram.follow(node, fact, self.state[fact])
        return node

    def unsure_rule(self, fact: int, effects: Sequence[int]) -> int:
        """The safe rule for a settled fact whose values come to these effects.

        An inspection is not offered where none of the values would bring that much: then a
        person it is.
        """
        edition, spec = self.edition, self.edition.facts[fact].spec
        best = max(edition.worth_of_effect[effect] for effect in effects)
        kind = spec.if_unknown if WORTH[spec.if_unknown] <= best else "escalate"
        truth = edition.conditions.truth
        rules = [number for cond, number in edition.unsure if truth(cond, self.state) is True]
        written = [each for each in rules if spec.key in edition.rules[each].facts]
        general = [
            each
            for each in rules
            if not edition.rules[each].facts and edition.rules[each].outcome == kind
        ]
        return (written or general)[0]

    def _tell(self, fact: CutFact, value: Value) -> None:
        self._by_default &= ~(1 << fact.number)
        if value == UNKNOWN:
            self._known &= ~(1 << fact.number)
            self.state[fact.number] = fact.values
            self._settled.add(fact.number)
        else:
            self._know(fact, fact.cell(value))

    def _know(self, fact: CutFact, mask: int) -> None:
        self.state[fact.number] = mask
        self._known |= 1 << fact.number

    def _suppositions(self, fact: CutFact) -> list[Supposed]:
        listed = self.edition.supposed[fact.number]
        key = fact.spec.key
        asked = self.profile.get(key) if self.profile else None
        if not self.presume or key in self.doubted or asked == ASK:
            return [supposed for supposed in listed if supposed.standing]
        if asked is not None:
            return [self.edition.suppose(fact, asked)]
        return listed

    def _suppose(self, fact: CutFact, suppositions: list[Supposed]) -> None:
        conditions = self.edition.conditions
        for i, supposed in enumerate(suppositions):
            holds = conditions.truth(supposed.when, self.state)
            if holds is None:
                self._waiting[fact.number] = suppositions[i:]
                return
            if holds:
                self._know(fact, supposed.mask)
                if supposed.when is conditions.true:
                    self._by_default |= 1 << fact.number
                if not supposed.standing and supposed.value is not None:
                    self.presumed[fact.spec.key] = supposed.value
                return

    def _start(self) -> Node:
        key = (
            self.presume,
            tuple(self.profile.items()),
            self.doubted,
            tuple((fact, len(rest)) for fact, rest in self._waiting.items()),
            self._by_default,
        )
        starts = self.edition.starts
        node = starts.get(key)
        if node is None:
            node = starts[key] = self._make_start()
        return node

    def _make_start(self) -> Node:
        # Later facts first: a supposition's own condition may name an earlier waiting fact.
        diagram = self.edition.diagram
        node = diagram.root
        for fact in sorted(self._waiting, reverse=True):
            node = self._replace(node, fact, self._waiting[fact])
        while default := node.facts & self._by_default:
            fact = (default & -default).bit_length() - 1
            node = diagram.follow(node, fact, self.state[fact])
        return node

    def _replace(self, node: Node, fact: int, suppositions: list[Supposed]) -> Node:
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
