"""Turns a verdict into what is told: remedies, clauses, reason, next steps, presumptions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.policy.engine.amounts import as_text, compute
from bot.policy.engine.decision import Granted
from bot.policy.engine.edition import Edition
from bot.policy.engine.outcomes import ALLOWED
from bot.policy.engine.situation import Situation
from bot.policy.engine.verdict import Verdict, judge
from bot.policy.engine.words import UNKNOWN, Clause, Remedy, Rule, Value


@dataclass(frozen=True, slots=True)
class Told:
    """Everything of a decision that follows from its verdict."""

    remedies: tuple[Granted, ...]
    clauses: tuple[Clause, ...]
    reason: str
    next_steps: tuple[str, ...]
    escalate_to: str | None
    rules: tuple[str, ...]


def explain(situation: Situation, verdict: Verdict) -> Told:
    """The remedies, grounds and words of a decided verdict, additions included."""
    also = _also(situation)
    remedies = _shared_remedies(verdict)
    # Who is told sorry by the rule itself is not told so twice.
    opening = [rule.reason for rule in also if not _given(rule, remedies)]
    for rule in also:
        remedies += [remedy for remedy in rule.remedies if remedy not in remedies]
    granted = [_grant(remedy, situation.told) for remedy in remedies]
    rules = [*verdict.rules, *also]
    steps = [step for rule in (verdict.lead, *also) for step in rule.next_steps]
    people = [rule.escalate_to for rule in (verdict.lead, *also) if rule.escalate_to]
    return Told(
        tuple(granted),
        clauses_of(verdict.edition, rules),
        "".join([*opening, _reason(situation, verdict, remedies, granted)]),
        tuple(dict.fromkeys(steps)),
        people[0] if people else None,
        tuple(dict.fromkeys(rule.id for rule in rules)),
    )


def clauses_of(edition: Edition, rules: Iterable[Rule]) -> tuple[Clause, ...]:
    """The clauses that the rules name, each once."""
    named = dict.fromkeys(clause for rule in rules for clause in rule.clauses)
    return tuple(edition.clauses[clause] for clause in named if clause in edition.clauses)


def relied_on(situation: Situation, verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """The presumptions that the outcome hangs on: without any one it might be another."""
    return tuple(
        (key, value)
        for key, value in situation.presumed.items()
        if judge(_doubting(situation, key)).effect != verdict.effect
    )


def _doubting(situation: Situation, key: str) -> Situation:
    return Situation(
        situation.edition,
        situation.told,
        situation.presume,
        situation.profile,
        frozenset({key}),
    )


def alternatives(situation: Situation, verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What would be granted for another wish, the best first."""
    wants = situation.edition.by_key.get("wants")
    if wants is None:
        return ()
    found: dict[str, tuple[int, str]] = {}
    for other in ("refund", "exchange", "repair"):
        if other == situation.told.get("wants"):
            continue
        verdict = judge(_with(situation, {"wants": other}))
        if verdict.decided and verdict.worth >= ALLOWED:
            found.setdefault(verdict.lead.outcome, (verdict.worth, other))
    best = sorted(found.items(), key=lambda item: -item[1][0])
    return tuple((other, outcome) for outcome, (_, other) in best)


def evidence(situation: Situation, verdict: Verdict) -> tuple[str, ...]:
    """The told facts another value of which could still bring the shopper more."""
    turning = []
    for fact in situation.edition.facts:
        key = fact.spec.key
        if not fact.spec.evidence or situation.told.get(key) in (None, fact.spec.evidence):
            continue
        if judge(_with(situation, {key: fact.spec.evidence})).worth > verdict.worth:
            turning.append(key)
    return tuple(turning)


def _with(situation: Situation, facts: Mapping[str, Value]) -> Situation:
    told = {**situation.told, **facts}
    return Situation(situation.edition, told, situation.presume, situation.profile)


def _also(situation: Situation) -> list[Rule]:
    edition = situation.edition
    truth = edition.conditions.truth
    return [
        edition.rules[number]
        for cond, number in edition.also
        if truth(cond, situation.state) is True
    ]


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


def _reason(
    situation: Situation, verdict: Verdict, remedies: list[Remedy], granted: list[Granted]
) -> str:
    phrases = verdict.edition.phrases
    lead = verdict.lead
    several = len(verdict.candidates) > 1
    text = phrases[f"plain.{lead.outcome}"] if several else lead.reason
    return text.format_map(_words(situation.told, _money(remedies, granted, phrases), phrases))


def _money(remedies: list[Remedy], granted: list[Granted], phrases: Mapping[str, str]) -> str:
    """The first amount in words; how it will be reckoned while a price is not known."""
    for remedy, each in zip(remedies, granted, strict=True):
        if each.amount is not None:
            return phrases["amount.known"].format(amount=as_text(each.amount))
        if remedy.amount is not None and f"amount.{remedy.amount.formula}" in phrases:
            return phrases[f"amount.{remedy.amount.formula}"]
    return phrases["amount.unknown"]


def _words(told: Mapping[str, Value], money: str, phrases: Mapping[str, str]) -> dict[str, str]:
    words = {"amount": money}
    days = told.get("days_since_purchase", UNKNOWN)
    words["days"] = phrases["days.unknown"]
    if days != UNKNOWN:
        words["days"] = phrases["days.known"].format(days=days)
    return words
