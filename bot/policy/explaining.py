"""Says why a kept decision came out as it did, and makes it again to show that it still does."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.policy import repository
from bot.policy.catalogue import Catalogue
from bot.policy.engine import Decision, PolicySet, decide, judging_day
from bot.policy.engine.cells import tests_in
from bot.policy.engine.words import Clause, Rule
from bot.policy.models import AskedDecision, StoredDecision, Version
from bot.policy.publishing import codec
from bot.policy.publishing import repository as versions


class VersionNotKept(NotFound):
    """The decision was made by rules that run from files and are kept nowhere."""

    code = "version_not_kept"
    message = "作出这个决定的规则没有存进库里，没办法重新推导。"


@dataclass(frozen=True)
class Explained:
    """A kept decision made again from its own version. `same`: byte for byte."""

    stored: StoredDecision | AskedDecision
    version: Version
    again: Decision
    rules: tuple[Rule, ...]
    clauses: tuple[Clause, ...]

    @property
    def same(self) -> bool:
        """Whether the record comes out as it was given."""
        return self.again.json() == self.stored.record

    def record(self) -> dict[str, object]:
        """As JSON."""
        return {
            "decision_id": self.stored.id,
            "same": self.same,
            "record": self.again.record(),
            "policy_set": self.stored.policy_set,
            "version": self.version.version,
            "version_hash": self.version.hash,
            "decided_at": self.stored.created_at.isoformat(),
            "facts": dict(self.stored.facts),
            "presume": self.stored.presume,
            "profile": dict(self.stored.profile),
            "rules": [_rule(rule, self.stored.facts) for rule in self.rules],
            "clauses": [_clause(clause) for clause in self.clauses],
        }


def explain(session: Session, decision_id: str) -> Explained:
    """Make a kept decision again. Raises NotFound, VersionNotKept."""
    stored = repository.given(session, decision_id)
    if stored is None:
        raise NotFound(decision_id=decision_id[:64])
    version = versions.version(session, stored.policy_set, stored.version)
    if version is None:
        raise VersionNotKept(policy_set=stored.policy_set, version=stored.version)
    policy = PolicySet(codec.as_source(version.text))
    # The version's own facts: what was derived when it was decided is among those kept.
    facts = Catalogue(policy.source.facts, ()).read(stored.facts, stored.as_of)
    again = decide(policy, facts, stored.as_of, stored.presume, stored.profile)
    edition = policy.on(judging_day(facts, stored.as_of))
    rules = tuple(rule for rule in edition.rules if rule.id in again.rules)
    ordered = sorted(rules, key=lambda rule: again.rules.index(rule.id))
    clauses = tuple(edition.clauses[each.id] for each in again.clauses)
    return Explained(stored, version, again, tuple(_merged(ordered)), clauses)


def _merged(rules: list[Rule]) -> list[Rule]:
    """One of each id: a rule written for several wishes stands once."""
    found: dict[str, Rule] = {}
    for rule in rules:
        kept = found.setdefault(rule.id, rule)
        both = dict.fromkeys((*kept.clauses, *rule.clauses))
        found[rule.id] = replace(kept, clauses=tuple(both))
    return list(found.values())


def _rule(rule: Rule, facts: dict[str, Any]) -> dict[str, object]:
    looked_at = dict.fromkeys(test.fact for test in tests_in(rule.when))
    return {
        "id": rule.id,
        "stage": rule.stage.value,
        "outcome": rule.outcome,
        "clauses": list(rule.clauses),
        "facts": {key: facts.get(key) for key in looked_at if key in facts},
    }


def _clause(clause: Clause) -> dict[str, object]:
    return {
        "id": clause.id,
        "title": clause.title,
        "text": clause.text,
        "source": clause.source,
        "version": clause.version,
        "effective_from": clause.effective_from.isoformat(),
        "effective_to": clause.effective_to.isoformat() if clause.effective_to else None,
    }
