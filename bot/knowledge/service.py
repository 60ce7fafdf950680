"""The knowledge room's front door: a question in, what is known of it out, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

from bot.knowledge.care import Care, Cut
from bot.knowledge.care_file import CARE, load
from bot.knowledge.entries import Told
from bot.knowledge.labels import Labels
from bot.knowledge.search import Hit, Index, Words
from bot.policy.engine.words import Clause
from bot.policy.service import PolicyService


@dataclass(frozen=True, slots=True)
class Quoted:
    """A clause of the shop that answers a question, and how surely."""

    clause: Clause
    hit: Hit

    def card(self) -> Mapping[str, object]:
        """The clause as a line carries it."""
        clause = self.clause
        return {
            "kind": "rule",
            "title": clause.title,
            "rows": [{"label": clause.id, "text": clause.text}],
            "symbols": [],
            "clause": {"id": clause.id, "version": clause.version},
        }


class Knowledge:
    """Looks things up; safe to share between threads. `cut` gives the words of a line."""

    def __init__(self, policy: PolicyService, cut: Cut, folder: Path = CARE) -> None:
        files = load(folder)
        self._policy, self._cut = policy, cut
        self._care, self._labels = Care(files, cut), Labels(files)
        self._words = Words.load()
        self._advice = self._care.sentences()
        self._of_care = Index(self._advice, cut, self._words.without_generic())
        self._indexes: dict[str, tuple[object, Index]] = {}
        self._guard = Lock()

    def label(self, text: str) -> Told | None:
        """What the care symbols that a line describes mean."""
        return self._labels.answer(text)

    def care(self, text: str) -> Told | None:
        """How to look after the goods, or get rid of the stain, that a line names."""
        return self._labels.answer(text) or self._care.answer(text)

    def advice(self, text: str) -> Told | None:
        """The care sentence nearest to a question that names no goods we know, if near enough."""
        near = self.near_advice(text)
        return self._care.sentence(near) if near else None

    def near_advice(self, text: str) -> str | None:
        """The id of that sentence: `entry.aspect`, or a stain's."""
        hit = self._of_care.best(text)
        return hit.id if hit and self._sure(hit) else None

    def clause(self, policy_set: str, text: str, today: date) -> Quoted | None:
        """The clause in force that answers a question, only where the score says that it does."""
        found = self.nearest(policy_set, text, today)
        return found if found and self._sure(found.hit) else None

    def nearest(self, policy_set: str, text: str, today: date) -> Quoted | None:
        """The clause nearest to a question, however far."""
        clauses = self._policy.policy(policy_set).on(today).clauses
        hit = self._index(policy_set, clauses).best(text)
        return Quoted(clauses[hit.id], hit) if hit else None

    def _sure(self, hit: Hit) -> bool:
        return hit.score >= self._words.least_score and hit.share >= self._words.least_share

    def _index(self, policy_set: str, clauses: Mapping[str, Clause]) -> Index:
        """The index of these very clauses: another edition is another mapping."""
        with self._guard:
            kept = self._indexes.get(policy_set)
            if kept is None or kept[0] is not clauses:
                texts = {
                    clause.id: f"{clause.title}，{clause.title}，{clause.text}"
                    for clause in clauses.values()
                    if self._for_shoppers(clause)
                }
                kept = (clauses, Index(texts, self._cut, self._words))
                self._indexes[policy_set] = kept
        return kept[1]

    def _for_shoppers(self, clause: Clause) -> bool:
        words, family = self._words, clause.id.split("-")[1]
        hidden = family in words.inside_families or clause.id in words.inside
        return clause.id in words.kept or not hidden
