"""The outcome of one situation and the rules that stand behind it."""

from functools import cached_property
from typing import Any

from bot.policy.engine.bits import members
from bot.policy.engine.branches import Branch
from bot.policy.engine.diagram import Node
from bot.policy.engine.edition import Edition
from bot.policy.engine.memory import Memory
from bot.policy.engine.questions import in_order
from bot.policy.engine.search import Candidate, Rules, Search
from bot.policy.engine.situation import Situation
from bot.policy.engine.words import Clause, Rule

MOST_TELLINGS = 50


class Verdict:
    """Either one effect with its candidate answers, or a diagram of questions (`branch`).

    Shared by all cases that come to the same. `certain` is the answer known to hold; without
    one the candidates differ in their grounds though not in what they grant. `tellings` keeps
    what is told of it, by the rules that add to it.
    """

    def __init__(
        self,
        edition: Edition,
        search: Search,
        branch: Branch,
        found: list[Candidate],
        certain: Candidate | None,
    ) -> None:
        self.edition = edition
        self.search = search
        self.branch = branch
        self.certain = certain
        self.tellings: Memory[tuple[int, ...], Any] = Memory(MOST_TELLINGS)
        self._found = found

    @property
    def decided(self) -> bool:
        """Every completion of the facts not told yet comes to the same."""
        return self.branch.fact < 0

    @property
    def effect(self) -> int:
        """What is granted; −1 while undecided."""
        return self.branch.effect

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The answers that may stand behind the effect, in the order of the rules."""
        if self.certain:
            return [self.certain]
        found = [each for each in self._found if self.edition.effect(each) == self.effect]
        return sorted(found, key=lambda each: (each[0], -1 if each[1] is None else each[1]))

    @cached_property
    def rules(self) -> list[Rule]:
        """The deciding rule, after the law's where the law wins; of several only the winners."""
        pairs = self.candidates
        numbers = [own if law is None else law for own, law in pairs]
        if len(pairs) == 1:
            numbers.append(pairs[0][0])
        return [self.edition.rules[number] for number in dict.fromkeys(numbers)]

    @cached_property
    def lead(self) -> Rule:
        """The rule whose outcome is granted."""
        own, law = self.candidates[0]
        return self.edition.rules[own if law is None else law]

    @cached_property
    def questions(self) -> list[str]:
        """The facts still needed, the one to ask next first."""
        return in_order(self.edition, self.search, self.branch)

    @cached_property
    def grounds(self) -> tuple[Clause, ...]:
        """The clauses for which the next question is asked."""
        return self.edition.clauses_of(self._asking(self.questions[0])[:2])

    @cached_property
    def worth(self) -> int:
        """How good the effect, or the best effect still possible, is for the shopper."""
        possible = set(members(self.branch.effects))
        return max(
            self.edition.worth[own if law is None else law]
            for own, law in self._found
            if self.edition.effect((own, law)) in possible
        )

    def _asking(self, key: str) -> list[Rule]:
        """The rules still possible that look at a fact, in their order."""
        fact = self.edition.by_key[key].number
        numbers = sorted({number for pair in self._found for number in pair if number is not None})
        looks_at = self.edition.looks_at
        return [self.edition.rules[each] for each in numbers if looks_at[each] >> fact & 1]


def judge(situation: Situation) -> Verdict:
    """The verdict on a situation."""
    node = situation.node()
    settled = node.facts & situation.settled
    rules = situation.safe_rules() if settled else ()
    key = (node.number, settled, rules)
    known: Verdict | None = situation.edition.search.verdicts.get(key)
    return _judge(situation.edition, node, settled, rules) if known is None else known


def _judge(edition: Edition, node: Node, settled: int, rules: Rules) -> Verdict:
    search = edition.searching()
    branch, answers = search.walk(node, settled, rules)
    found = search.candidates(answers)
    certain = _certain(edition, node, branch, found) if branch.fact < 0 else None
    verdict = Verdict(edition, search, branch, found, certain)
    search.verdicts.keep((node.number, settled, rules), verdict)
    return verdict


def _certain(
    edition: Edition, node: Node, branch: Branch, found: list[Candidate]
) -> Candidate | None:
    behind = [each for each in found if edition.effect(each) == branch.effect]
    if len(behind) == 1:
        return behind[0]
    for _, number in edition.unsure:
        if (number, None) in behind:
            return number, None
    last = node.own[-1][1]
    return (last, None) if (last, None) in behind else None
