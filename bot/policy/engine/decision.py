"""A decision and the one form in which it is stored, sent and compared byte by byte."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.policy.engine.amounts import as_text
from bot.policy.engine.words import Clause, Source, Term, Value

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Granted:
    """A remedy with its amount worked out; `due` belongs to the calendar."""

    type: str
    amount: Decimal | None
    term: Term | None

    def record(self) -> dict[str, object]:
        """As in the decision record."""
        term = None
        if self.term:
            term = {"n": self.term.n, "unit": self.term.unit, "from_event": self.term.from_event}
            if self.term.statutory:
                term["statutory"] = True
        amount = None if self.amount is None else as_text(self.amount)
        return {"type": self.type, "amount": amount, "term": term, "due": None}


@dataclass(frozen=True, slots=True)
class Question:
    """A fact still needed and why, in Chinese."""

    fact: str
    because: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says about one case.

    `rules` are the ids of the rules that decided, `alternatives` pairs (wants, outcome) that
    would be granted instead, `evidence` the facts that could still turn a refusal. `facts`,
    `presume`, `profile` and `source` are all that it was made of, so that it can be made again.
    """

    status: str
    outcome: str | None
    remedies: tuple[Granted, ...]
    presumed: tuple[tuple[str, str], ...]
    ask: tuple[Question, ...]
    escalate_to: str | None
    clauses: tuple[Clause, ...]
    reason: str
    next_steps: tuple[str, ...]
    policy_set: str
    as_of: date
    decision_id: str
    rules: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    version: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    presume: bool = True
    profile: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, repr=False, compare=False)

    def record(self) -> dict[str, object]:
        """The decision record, keys in the order of the interface."""
        return {
            "status": self.status,
            "outcome": self.outcome,
            "remedies": [remedy.record() for remedy in self.remedies],
            "presumed": [{"fact": fact, "value": value} for fact, value in self.presumed],
            "ask": [{"fact": each.fact, "because": each.because} for each in self.ask],
            "escalate_to": self.escalate_to,
            "clauses": [_clause(clause) for clause in self.clauses],
            "reason": self.reason,
            "next_steps": list(self.next_steps),
            "policy_set": self.policy_set,
            "as_of": self.as_of.isoformat(),
            "decision_id": self.decision_id,
        }

    def json(self) -> str:
        """The record as canonical JSON."""
        return canonical(self.record())


def _clause(clause: Clause) -> dict[str, object]:
    until = clause.effective_to
    return {
        "id": clause.id,
        "title": clause.title,
        "source": clause.source,
        "version": clause.version,
        "effective_from": clause.effective_from.isoformat(),
        "effective_to": until.isoformat() if until else None,
    }


def canonical(value: object) -> str:
    """JSON with one possible form: keys in the order given, no spaces, Chinese as itself."""
    return ENCODER.encode(value)


def plain(facts: Mapping[str, Value]) -> dict[str, str | int]:
    """Facts as JSON values, sorted by key: money as decimal strings, days as ISO dates."""
    return {
        key: value if type(value := facts[key]) is str else _plain(value) for key in sorted(facts)
    }


def _plain(value: Value) -> str | int:
    if type(value) is int:
        return value
    if isinstance(value, Decimal):
        return as_text(value) if value == value.quantize(Decimal("0.01")) else str(value)
    return value.isoformat() if isinstance(value, date) else value


def decision_id(
    policy: tuple[str, str],
    facts: Mapping[str, Value],
    as_of: date,
    presume: bool,
    profile: Mapping[str, str],
) -> str:
    """The same for the same input for ever; 128 bits."""
    told = [policy, plain(facts), as_of.isoformat(), presume, dict(sorted(profile.items()))]
    return hashlib.sha256(canonical(told).encode()).hexdigest()[:32]
