"""The policy room's front door: facts in, decision out, decisions kept."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.policy import repository, wording
from bot.policy.catalogue import Catalogue
from bot.policy.engine import Decision, PolicySet, decide
from bot.policy.engine.decision import plain
from bot.policy.errors import NoSuchPolicy
from bot.policy.models import StoredDecision
from bot.policy.store import Policies, load

FOLDER = Path(__file__).parents[2] / "data" / "policy"


class PolicyService:
    """Decides by the loaded sets; safe to share between threads."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "PolicyService":
        """Read and compile the sets of a folder. Raises BadPolicy."""
        return cls(load(folder))

    @property
    def facts(self) -> Catalogue:
        """Every fact there is; checks and normalises what callers send."""
        return self._policies.catalogue

    @property
    def sets(self) -> Mapping[str, PolicySet]:
        """The loaded sets by name."""
        return self._policies.sets

    def policy(self, name: str) -> PolicySet:
        """One set. Raises NoSuchPolicy."""
        found = self._policies.sets.get(name)
        if found is None:
            raise NoSuchPolicy(policy_set=name[:60], known=sorted(self._policies.sets))
        return found

    def decide(
        self,
        policy_set: str,
        facts: Mapping[str, object],
        as_of: date,
        presume: bool = True,
        profile: Mapping[str, str] | None = None,
    ) -> Decision:
        """What a set says about a case. Raises NoSuchPolicy, BadFacts."""
        policy = self.policy(policy_set)
        told = self.facts.read(facts, as_of)
        self.facts.check_profile(profile or {})
        return decide(policy, told, as_of, presume, profile or {})

    def save(
        self, session: Session, decision: Decision, facts: Mapping[str, object], at: datetime
    ) -> StoredDecision:
        """Keep a decision with the facts it was made of; a second time changes nothing."""
        stored = repository.find(session, decision.decision_id)
        if stored is not None:
            return stored
        return repository.add(
            session,
            StoredDecision(
                id=decision.decision_id,
                policy_set=decision.policy_set,
                version=decision.version,
                as_of=decision.as_of,
                facts=plain(self.facts.read(facts, decision.as_of)),
                record=decision.json(),
                created_at=at,
            ),
        )

    def stored(self, session: Session, decision_id: str) -> dict[str, Any]:
        """The record of a kept decision. Raises NotFound."""
        found = repository.find(session, decision_id)
        if found is None:
            raise NotFound(decision_id=decision_id)
        record: dict[str, Any] = json.loads(found.record)
        return record

    def phrases(self, policy_set: str) -> Mapping[str, str]:
        """The sentences a set uses around its decisions."""
        return dict(self.policy(policy_set).source.plain)

    def lines(self, decision: Decision) -> list[str]:
        """A decision as the sentences a shopper reads."""
        return wording.as_lines(decision.record(), self.phrases(decision.policy_set))

    def text(self, decision: Decision) -> str:
        """A decision as text for a terminal."""
        return wording.as_text(decision.record(), self.phrases(decision.policy_set))
