"""The policy room's front door: facts in, decision out, decisions kept."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db import Database
from bot.errors import NotFound
from bot.policy import repository, wording
from bot.policy.catalogue import Catalogue
from bot.policy.engine import Decision, PolicySet, decide, judging_day
from bot.policy.engine.decision import plain
from bot.policy.models import StoredDecision
from bot.policy.promises import Promises, in_force
from bot.policy.publishing import release
from bot.policy.publishing.book import Book, FileBook, FileRules, StoredBook
from bot.policy.store import Policies, load

FOLDER = Path(__file__).parents[2] / "data" / "policy"


class PolicyService:
    """Decides by the rules of its book; safe to share between threads."""

    def __init__(self, policies: Policies | Book) -> None:
        self._book: Book
        if isinstance(policies, Policies):
            self._book = FileBook(FileRules(policies))
        else:
            self._book = policies

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "PolicyService":
        """Read and compile the sets of a folder. Raises BadPolicy."""
        return cls(load(folder))

    @classmethod
    def running(cls, db: Database, clock: Clock, files: Path = FOLDER) -> "PolicyService":
        """The published rules, renewed within a second of a publication by any process.

        Before the first `policy import` the files are what runs.
        """
        return cls(StoredBook(db, clock, files))

    @property
    def facts(self) -> Catalogue:
        """Every fact there is; checks and normalises what callers send."""
        return self._book.rules().catalogue

    @property
    def sets(self) -> Mapping[str, PolicySet]:
        """The sets in force now by name."""
        return self._book.rules().sets

    def policy(self, name: str) -> PolicySet:
        """One set as it is now. Raises NoSuchPolicy."""
        return self._book.rules().current(name)

    def clause_texts(self, name: str) -> list[str]:
        """The words of the clauses in force for a set. Raises NoSuchPolicy."""
        return [clause.text for clause in self.policy(name).source.clauses]

    def decide(
        self,
        policy_set: str,
        facts: Mapping[str, object],
        as_of: date,
        presume: bool = True,
        profile: Mapping[str, str] | None = None,
    ) -> Decision:
        """What a set says about a case, by the version in force on the day of purchase.

        Raises NoSuchPolicy, BadFacts.
        """
        rules, profile = self._book.rules(), profile or {}
        rules.current(policy_set)
        told = rules.catalogue.read(facts, as_of)
        rules.catalogue.check_profile(profile)
        policy, known = rules.judging(policy_set, told, judging_day(told, as_of))
        return decide(policy, known, as_of, presume, profile)

    def save(
        self, session: Session, decision: Decision, facts: Mapping[str, object], at: datetime
    ) -> StoredDecision:
        """Keep a decision with all that it was made of; a second time changes nothing."""
        stored = repository.find(session, decision.decision_id)
        if stored is not None:
            return stored
        if decision.source and self._book.keeps_versions:
            release.keep_missing(session, decision.source, at)
        return repository.add(
            session,
            StoredDecision(
                id=decision.decision_id,
                policy_set=decision.policy_set,
                version=decision.version,
                as_of=decision.as_of,
                facts=plain(decision.facts),
                presume=decision.presume,
                profile=dict(decision.profile),
                rules=list(decision.rules),
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

    def promises(self, policy_set: str, on: date) -> Promises:
        """The clocks, approvals, departments, ladder and hand-off rules of a set on a day.

        Raises NoSuchPolicy.
        """
        policy, _ = self._book.rules().judging(policy_set, {}, on)
        return in_force(policy.source, on)

    def phrases(self, policy_set: str) -> Mapping[str, str]:
        """The sentences a set uses around its decisions."""
        return dict(self.policy(policy_set).source.plain)

    def lines(self, decision: Decision) -> list[str]:
        """A decision as the sentences a shopper reads."""
        return wording.as_lines(decision.record(), self._around(decision))

    def text(self, decision: Decision) -> str:
        """A decision as text for a terminal."""
        return wording.as_text(decision.record(), self._around(decision))

    def _around(self, decision: Decision) -> Mapping[str, str]:
        if decision.source:
            return dict(decision.source.plain)  # its own version's, whatever is in force now
        return self.phrases(decision.policy_set)
