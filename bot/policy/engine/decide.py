"""The decision itself: policy, facts and a day in, one decision out, the same for ever."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from bot.policy.engine.decision import Decision, Question, decision_id
from bot.policy.engine.edition import PolicySet
from bot.policy.engine.explain import alternatives, clauses_of, evidence, explain, relied_on
from bot.policy.engine.questions import in_order
from bot.policy.engine.situation import Situation
from bot.policy.engine.verdict import Verdict, judge
from bot.policy.engine.words import Value

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_ALTERNATIVE_FROM = 30


def decide(
    policy: PolicySet,
    facts: Mapping[str, Value],
    as_of: date,
    presume: bool = True,
    profile: Mapping[str, str] = NOTHING,
) -> Decision:
    """What the policy says about facts already checked by the catalogue.

    `profile` holds what a shop presumes of its own cases (fact → value, or "ask" to presume
    nothing); the version in force on the day of purchase judges.
    """
    profile = {**dict(policy.source.profile), **profile}
    edition = policy.on(judging_day(facts, as_of))
    situation = Situation(edition, facts, presume, profile)
    verdict = judge(situation)
    told = _decided(situation, verdict) if verdict.decided else _asking(situation, verdict)
    return replace(
        told,
        policy_set=policy.name,
        as_of=as_of,
        version=policy.version,
        decision_id=decision_id((policy.name, policy.version), facts, as_of, presume, profile),
    )


def judging_day(facts: Mapping[str, Value], as_of: date) -> date:
    """The day of purchase where it is known, else of receipt, else today."""
    bought = facts.get("purchase_date")
    if isinstance(bought, date):
        return bought
    for key in ("days_since_purchase", "days_since_received"):
        days = facts.get(key)
        if isinstance(days, int) and days < as_of.toordinal():
            return as_of - timedelta(days=days)
    return as_of


def _decided(situation: Situation, verdict: Verdict) -> Decision:
    told = explain(situation, verdict)
    outcome = verdict.lead.outcome
    refused = outcome == "refuse"
    instead = alternatives(situation, verdict) if refused else ()
    turning = evidence(situation, verdict) if verdict.worth < NO_ALTERNATIVE_FROM else ()
    return Decision(
        status="escalate" if outcome == "escalate" else "decided",
        outcome=outcome,
        remedies=told.remedies,
        presumed=relied_on(situation, verdict),
        ask=(),
        escalate_to=told.escalate_to,
        clauses=told.clauses,
        reason=told.reason,
        next_steps=_steps(situation, told.next_steps, instead, turning),
        policy_set="",
        as_of=date.min,
        decision_id="",
        rules=told.rules,
        alternatives=instead,
        evidence=turning,
    )


def _steps(
    situation: Situation,
    written: tuple[str, ...],
    instead: tuple[tuple[str, str], ...],
    turning: tuple[str, ...],
) -> tuple[str, ...]:
    """First what is still possible, then what could turn it, then the rule's own steps."""
    phrases = situation.edition.phrases
    steps = []
    if instead:
        steps.append(phrases[f"instead.{instead[0][1]}"])
    if turning:
        steps += [phrases[f"evidence.{key}"] for key in turning]
    return tuple(dict.fromkeys([*steps, *written]))


def _asking(situation: Situation, verdict: Verdict) -> Decision:
    edition = situation.edition
    asked = in_order(edition, verdict.search, verdict.branch)
    return Decision(
        status="needs_facts",
        outcome=None,
        remedies=(),
        presumed=(),
        ask=tuple(Question(key, edition.by_key[key].spec.because) for key in asked),
        escalate_to=None,
        clauses=clauses_of(edition, verdict.asking(asked[0])[:2]),
        reason=edition.by_key[asked[0]].spec.because,
        next_steps=(),
        policy_set="",
        as_of=date.min,
        decision_id="",
    )
