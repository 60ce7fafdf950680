"""How many questions a way of asking needs on average, over a reduced diagram."""

from collections.abc import Callable

from bot.policy.engine.bits import members
from bot.policy.engine.branches import Branch, Branches
from bot.policy.engine.edition import Edition
from bot.policy.engine.questions import in_order
from bot.policy.engine.search import Search


class Asking:
    """The engine's order and the best there is, every answer equally likely.

    The best is searched exhaustively: each question first, then each other one for each answer.
    """

    def __init__(self, edition: Edition, search: Search) -> None:
        self.edition = edition
        self.search = search
        self._least: dict[int, float] = {}
        self._ours: dict[int, float] = {}

    def ours(self, branch: Branch) -> float:
        """Questions that the engine asks."""
        if not branch.facts:
            return 0.0
        if branch.number not in self._ours:
            key = in_order(self.edition, self.search, branch)[0]
            fact = self.edition.by_key[key].number
            self._ours[branch.number] = 1 + self._mean(branch, fact, self.ours)
        return self._ours[branch.number]

    def least(self, branch: Branch) -> float:
        """Questions that nobody could do with fewer of."""
        if not branch.facts:
            return 0.0
        if branch.number not in self._least:
            ways = [self._mean(branch, fact, self.least) for fact in members(branch.facts)]
            self._least[branch.number] = 1 + min(ways)
        return self._least[branch.number]

    @property
    def _branches(self) -> Branches:
        return self.search.branches

    def _mean(self, branch: Branch, fact: int, count: Callable[[Branch], float]) -> float:
        width = self._branches.width(fact)
        return sum(count(self._branches.given(branch, fact, i)) for i in range(width)) / width
