"""The outcome of one situation and the rules that stand behind it."""

from dataclasses import dataclass

from bot.policy.engine.edition import Edition
from bot.policy.engine.search import Branch, Candidate, Search, effects_in
from bot.policy.engine.situation import Situation
from bot.policy.engine.words import Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """Either one effect with its candidate answers, or a diagram of questions (`branch`).

    `certain` is the answer known to hold; without one the candidates differ in their grounds
    though not in what they grant.
    """

    edition: Edition
    search: Search
    branch: Branch
    certain: Candidate | None

    @property
    def decided(self) -> bool:
        """Every completion of the facts not told yet comes to the same."""
        return self.branch.fact < 0

    @property
    def effect(self) -> int:
        """What is granted; −1 while undecided."""
        return self.branch.effect

    @property
    def candidates(self) -> list[Candidate]:
        """The answers that may stand behind the effect, in the order of the rules."""
        if self.certain:
            return [self.certain]
        found = self.search.candidates[self.effect]
        return sorted(found, key=lambda each: (each[0], -1 if each[1] is None else each[1]))

    @property
    def rules(self) -> list[Rule]:
        """The deciding rule, after the law's where the law wins; of several only the winners."""
        pairs = self.candidates
        numbers = [own if law is None else law for own, law in pairs]
        if len(pairs) == 1:
            numbers.append(pairs[0][0])
        return [self.edition.rules[number] for number in dict.fromkeys(numbers)]

    @property
    def lead(self) -> Rule:
        """The rule whose outcome is granted."""
        own, law = self.candidates[0]
        return self.edition.rules[own if law is None else law]

    def asking(self, key: str) -> list[Rule]:
        """The rules still possible that look at a fact, in their order."""
        fact = self.edition.by_key[key].number
        pairs = {pair for found in self.search.candidates.values() for pair in found}
        numbers = sorted({number for pair in pairs for number in pair if number is not None})
        looks_at = self.edition.looks_at
        return [self.edition.rules[each] for each in numbers if looks_at[each] >> fact & 1]

    @property
    def worth(self) -> int:
        """How good the effect, or the best effect still possible, is for the shopper."""
        effects = effects_in(self.branch)
        return max(
            self.edition.worth[own if law is None else law]
            for effect in effects
            for own, law in self.search.candidates[effect]
        )


def judge(situation: Situation) -> Verdict:
    """The verdict on a situation."""
    edition = situation.edition
    search, branch = situation.search()
    if branch.fact >= 0:
        return Verdict(edition, search, branch, None)
    return Verdict(edition, search, branch, _certain(situation, search, branch))


def _certain(situation: Situation, search: Search, branch: Branch) -> Candidate | None:
    found = search.candidates[branch.effect]
    if len(found) == 1:
        return next(iter(found))
    for _, number in situation.edition.unsure:
        if (number, None) in found:
            return number, None
    last = situation.node().own[-1][1]
    return (last, None) if (last, None) in found else None
