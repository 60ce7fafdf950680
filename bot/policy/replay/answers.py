"""What a decision gives, short enough to compare: outcome, person, money, rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.policy.engine import PolicySet, judging_day
from bot.policy.engine.frame import frame_of
from bot.policy.engine.situation import Situation
from bot.policy.engine.telling import telling
from bot.policy.engine.verdict import judge
from bot.policy.engine.words import Value

OPEN = "needs_facts"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """`amounts` pairs each remedy that is money with its sum, None where no price was told."""

    outcome: str
    person: str | None
    amounts: tuple[tuple[str, Decimal | None], ...]
    rules: tuple[str, ...]

    def same_as(self, other: "Answer") -> bool:
        """Whether a shopper would notice no difference."""
        mine, theirs = (self.outcome, self.person), (other.outcome, other.person)
        return mine == theirs and self.amounts == other.amounts

    @property
    def money(self) -> Decimal:
        """What is known to be paid out."""
        return sum((amount for _, amount in self.amounts if amount is not None), ZERO)

    @property
    def unpriced(self) -> bool:
        """Whether something is paid out of which nobody told the price."""
        return any(amount is None for _, amount in self.amounts)

    @property
    def said(self) -> str:
        """As one word."""
        return self.outcome if self.person is None else f"{self.outcome}:{self.person}"


# What is worth money though a shopper who named no price hears none.
PAID = frozenset({"refund", "refund_minus_depreciation", "price_difference_refund", "compensation"})


def as_given(record: str, rules: list[str]) -> Answer:
    """The answer of a kept record."""
    told: dict[str, Any] = json.loads(record)
    amounts = [
        (remedy["type"], Decimal(remedy["amount"]) if remedy["amount"] is not None else None)
        for remedy in told["remedies"]
    ]
    grounds = rules or [f"[{clause['id']}]" for clause in told["clauses"][:1]]
    outcome = told["outcome"] or OPEN
    return Answer(outcome, told["escalate_to"], _money(amounts), tuple(grounds))


def by(
    policy: PolicySet,
    facts: Mapping[str, Value],
    as_of: date,
    presume: bool,
    profile: Mapping[str, str],
) -> Answer:
    """The answer that a policy would give: what `decide` comes to, without the words for it."""
    known = {**policy.profile, **profile}
    edition = policy.on(judging_day(facts, as_of))
    situation = Situation(frame_of(edition, presume, known), facts)
    verdict = judge(situation)
    if not verdict.decided:
        return Answer(OPEN, None, (), ())
    told = telling(verdict, edition.additions(situation.state))
    amounts = [(remedy.type, remedy.amount) for remedy in told.grant(facts)]
    return Answer(verdict.lead.outcome, told.escalate_to, _money(amounts), told.rules)


def _money(amounts: list[tuple[str, Decimal | None]]) -> tuple[tuple[str, Decimal | None], ...]:
    return tuple(pair for pair in amounts if pair[1] is not None or pair[0] in PAID)
