"""Where every case of an edition starts under one way of presuming, made ready once."""

from collections.abc import Mapping, Sequence

from bot.policy.engine.cells import CutFact
from bot.policy.engine.diagram import Node
from bot.policy.engine.edition import Edition, Supposed
from bot.policy.engine.memory import Memory

ASK = "ask"
MOST_REPLACED = 20_000


class Frame:
    """An edition as one caller presumes: what stands in the place of each untold fact.

    `state`, `known` and `chosen` hold what is supposed whatever else is told, of
    the facts in `fixed`; of those in `conditional` other facts decide, and `hanging[fact]` are
    those of them that a fact decides of, directly or not. Sets of facts are bit sets.
    """

    def __init__(self, edition: Edition, presume: bool, profile: Mapping[str, str]) -> None:
        self.edition = edition
        self.presume = presume
        self.profile = profile
        self.replaced: Memory[tuple[int, int, int, bool], Node] = Memory(MOST_REPLACED)
        self.state = edition.defaults.state.copy()
        self.known = edition.defaults.known
        self.chosen: dict[int, Supposed] = {}
        self.fixed = self.conditional = 0
        self.listed: list[Sequence[Supposed]] = [()] * len(edition.facts)
        self.hanging = [0] * len(edition.facts)
        for fact in edition.defaults.open:
            self._list(fact)

    def standing(self, number: int) -> Sequence[Supposed]:
        """What is supposed of a fact even where nothing may be presumed."""
        return [each for each in self.edition.supposed[number] if each.standing]

    def _list(self, fact: CutFact) -> None:
        listed = self.listed[fact.number] = self._suppositions(fact)
        if listed and listed[0].when is self.edition.conditions.true:
            self.state[fact.number] = listed[0].mask
            self.known |= fact.bit
            self.fixed |= fact.bit
            self.chosen[fact.number] = listed[0]
        elif listed:
            self.conditional |= fact.bit
            self._hang(fact, listed)

    def _hang(self, fact: CutFact, listed: Sequence[Supposed]) -> None:
        guards = 0
        for each in listed:
            guards |= each.when.facts
        for number, others in enumerate(self.hanging):
            if guards & (1 << number | others):
                self.hanging[number] |= fact.bit

    def _suppositions(self, fact: CutFact) -> Sequence[Supposed]:
        asked = self.profile.get(fact.spec.key)
        if not self.presume or asked == ASK:
            return self.standing(fact.number)
        if asked is not None:
            return [self.edition.suppose(fact, asked)]
        return self.edition.supposed[fact.number]


def frame_of(edition: Edition, presume: bool, profile: Mapping[str, str]) -> Frame:
    """The frame of an edition for a caller's way of presuming."""
    key = (presume, tuple(profile.items()))
    known: Frame | None = edition.frames.get(key)
    if known is None:
        known = edition.frames.keep(key, Frame(edition, presume, profile))
    return known
