"""What a verdict tells whatever the prices are: remedies, clauses, words, next steps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.policy.engine.amounts import as_text, compute
from bot.policy.engine.decision import Granted
from bot.policy.engine.verdict import Verdict
from bot.policy.engine.words import UNKNOWN, Clause, Remedy, Rule, Value


@dataclass(frozen=True, slots=True)
class Telling:
    """A decided verdict with the rules that add to it, ready but for the facts' own numbers.

    `granted` are the remedies without amounts; `reason` may still hold {amount} and {days}.
    """

    remedies: tuple[Remedy, ...]
    granted: tuple[Granted, ...]
    priced: bool
    opening: str
    reason: str
    clauses: tuple[Clause, ...]
    next_steps: tuple[str, ...]
    escalate_to: str | None
    rules: tuple[str, ...]
    phrases: Mapping[str, str]

    def grant(self, told: Mapping[str, Value]) -> tuple[Granted, ...]:
        """The remedies with the amounts that the prices told come to."""
        if not self.priced:
            return self.granted
        return tuple([_grant(remedy, told) for remedy in self.remedies])

    def say(self, told: Mapping[str, Value], granted: tuple[Granted, ...]) -> str:
        """The reason in words, with amount and days."""
        if "{" not in self.reason and "}" not in self.reason:
            return self.opening + self.reason
        words = {"amount": self._money(granted), "days": self._days(told)}
        return self.opening + self.reason.format_map(words)

    def _money(self, granted: tuple[Granted, ...]) -> str:
        """The first amount in words; how it will be reckoned while a price is not known."""
        phrases = self.phrases
        for remedy, each in zip(self.remedies, granted, strict=True):
            if each.amount is not None:
                return phrases["amount.known"].format(amount=as_text(each.amount))
            if remedy.amount is not None and f"amount.{remedy.amount.formula}" in phrases:
                return phrases[f"amount.{remedy.amount.formula}"]
        return phrases["amount.unknown"]

    def _days(self, told: Mapping[str, Value]) -> str:
        days = told.get("days_since_purchase", UNKNOWN)
        if days == UNKNOWN:
            return self.phrases["days.unknown"]
        return self.phrases["days.known"].format(days=days)


def telling(verdict: Verdict, additions: tuple[int, ...]) -> Telling:
    """What a decided verdict tells with the rules that add to it."""
    known: Telling | None = verdict.tellings.get(additions)
    if known is None:
        known = verdict.tellings.keep(additions, _telling(verdict, additions))
    return known


def _telling(verdict: Verdict, additions: tuple[int, ...]) -> Telling:
    edition, lead = verdict.edition, verdict.lead
    also = [edition.rules[number] for number in additions]
    remedies = _shared_remedies(verdict)
    # Who is told sorry by the rule itself is not told so twice.
    opening = "".join(rule.reason for rule in also if not _given(rule, remedies))
    for rule in also:
        remedies += [remedy for remedy in rule.remedies if remedy not in remedies]
    rules = [*verdict.rules, *also]
    several = len(verdict.candidates) > 1
    people = [rule.escalate_to for rule in (lead, *also) if rule.escalate_to]
    return Telling(
        remedies=tuple(remedies),
        granted=tuple(Granted(remedy.type, None, remedy.term) for remedy in remedies),
        priced=any(remedy.amount for remedy in remedies),
        opening=opening,
        reason=edition.phrases[f"plain.{lead.outcome}"] if several else lead.reason,
        clauses=edition.clauses_of(rules),
        next_steps=tuple(dict.fromkeys(step for rule in (lead, *also) for step in rule.next_steps)),
        escalate_to=people[0] if people else None,
        rules=tuple(dict.fromkeys(rule.id for rule in rules)),
        phrases=edition.phrases,
    )


def _given(rule: Rule, remedies: list[Remedy]) -> bool:
    return bool(rule.remedies) and all(remedy in remedies for remedy in rule.remedies)


def _shared_remedies(verdict: Verdict) -> list[Remedy]:
    """What every candidate grants; a term on which they differ is not told."""
    edition = verdict.edition
    first, *others = [
        edition.rules[own if law is None else law].remedies for own, law in verdict.candidates
    ]
    kept = []
    for remedy in first:
        twins = [_twin(remedy, other) for other in others]
        if None not in twins:
            same_term = all(twin and twin.term == remedy.term for twin in twins)
            kept.append(remedy if same_term else replace(remedy, term=None))
    return kept


def _twin(remedy: Remedy, others: tuple[Remedy, ...]) -> Remedy | None:
    for other in others:
        if (other.type, other.amount) == (remedy.type, remedy.amount):
            return other
    return None


def _grant(remedy: Remedy, told: Mapping[str, Value]) -> Granted:
    amount = compute(remedy.amount, told) if remedy.amount else None
    return Granted(remedy.type, amount, remedy.term)
