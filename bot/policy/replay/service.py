"""Replays kept decisions by a draft: which change, for how much money, in which open cases."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bot.policy import repository
from bot.policy.engine import PolicySet
from bot.policy.engine.amounts import as_text
from bot.policy.errors import BadFacts
from bot.policy.replay.answers import ZERO, Answer, as_given, by
from bot.policy.store import Policies

MOST_EXAMPLES = 3
MOST_CASES = 200

# The numbers of the cases still open, by the decision that each rests on.
OpenCases = Callable[[Session], Mapping[str, str]]


def no_cases(session: Session) -> Mapping[str, str]:
    """For where no room keeps cases."""
    return {}


@dataclass
class Flip:
    """Decisions that one rule made and another would make otherwise."""

    before: str
    after: str
    outcome: str
    would_be: str
    count: int = 0
    money: Decimal = ZERO
    examples: list[str] = field(default_factory=list)

    def record(self) -> dict[str, object]:
        """As JSON; money is what would be paid out more (or, negative, less), in CNY."""
        return {
            "rule": self.before,
            "would_be_rule": self.after,
            "outcome": self.outcome,
            "would_be": self.would_be,
            "count": self.count,
            "money": as_text(self.money),
            "examples": self.examples,
        }


@dataclass
class Replay:
    """What replaying found."""

    decisions: int = 0
    flips: dict[tuple[str, str, str, str], Flip] = field(default_factory=dict)
    unreadable: int = 0
    unpriced: int = 0
    paid: Decimal = ZERO
    would_be_paid: Decimal = ZERO
    touched: list[dict[str, str]] = field(default_factory=list)
    touched_count: int = 0
    by_set: Counter[str] = field(default_factory=Counter)

    @property
    def flipped(self) -> int:
        """How many decisions come out otherwise."""
        return sum(flip.count for flip in self.flips.values())

    def record(self) -> dict[str, object]:
        """As JSON."""
        ordered = sorted(self.flips.values(), key=lambda flip: (-flip.count, flip.before))
        return {
            "decisions": self.decisions,
            "flipped": self.flipped,
            "unreadable": self.unreadable,
            "by_set": dict(sorted(self.by_set.items())),
            "flips": [flip.record() for flip in ordered],
            "money": {
                "paid": as_text(self.paid),
                "would_be_paid": as_text(self.would_be_paid),
                "difference": as_text(self.would_be_paid - self.paid),
                "flips_without_a_price": self.unpriced,
            },
            "open_cases": self.touched,
            "open_cases_touched": self.touched_count,
        }


def replay(session: Session, policies: Policies, open_cases: OpenCases = no_cases) -> Replay:
    """Judge every kept decision of these sets once more, as if they had been in force."""
    found = Replay()
    cases = open_cases(session)
    for row in repository.every(session, sorted(policies.sets)):
        _judge(found, policies, row, cases)
    return found


def _judge(found: Replay, policies: Policies, row: Any, cases: Mapping[str, str]) -> None:
    found.decisions += 1
    before = as_given(row.record, row.rules)
    after = _again(policies, policies.sets[row.policy_set], row)
    if after is None:
        found.unreadable += 1
        return
    found.paid += before.money
    found.would_be_paid += after.money
    if not before.same_as(after):
        _count(found, row, before, after, cases.get(row.id))


def _again(policies: Policies, policy: PolicySet, row: Any) -> Answer | None:
    """None for facts that the draft's catalogue no longer knows."""
    try:
        facts = policies.catalogue.read(row.facts, row.as_of)
    except BadFacts:
        return None
    return by(policy, facts, row.as_of, row.presume, row.profile)


def _count(found: Replay, row: Any, before: Answer, after: Answer, case: str | None) -> None:
    rule, other = (answer.rules[0] if answer.rules else "—" for answer in (before, after))
    key = (rule, other, before.said, after.said)
    flip = found.flips.setdefault(key, Flip(*key))
    flip.count += 1
    flip.money += after.money - before.money
    if len(flip.examples) < MOST_EXAMPLES:
        flip.examples.append(row.id)
    found.by_set[row.policy_set] += 1
    found.unpriced += before.unpriced or after.unpriced
    if case is None:
        return
    found.touched_count += 1
    if len(found.touched) < MOST_CASES:
        said = {"outcome": before.said, "would_be": after.said}
        found.touched.append({"no": case, "decision_id": row.id, **said})
