"""The decision itself: policy, facts and a day in, one decision out, the same for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.policy.engine.decision import Decision, Question, decision_id
from bot.policy.engine.edition import PolicySet
from bot.policy.engine.explain import alternatives, evidence, relied_on
from bot.policy.engine.frame import frame_of
from bot.policy.engine.situation import Situation
from bot.policy.engine.telling import telling
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
    whole = {**policy.profile, **profile}
    edition = policy.on(judging_day(facts, as_of))
    situation = Situation(frame_of(edition, presume, whole), facts)
    verdict = judge(situation)
    known = Known(
        policy, as_of, decision_id(policy.names, facts, as_of, presume, whole), presume, profile
    )
    make = _decided if verdict.decided else _asking
    return make(situation, verdict, known)


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision says of its own making."""

    policy: PolicySet
    as_of: date
    decision_id: str
    presume: bool
    profile: Mapping[str, str]


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


def _decided(situation: Situation, verdict: Verdict, known: Known) -> Decision:
    told = telling(verdict, situation.edition.additions(situation.state))
    outcome = verdict.lead.outcome
    instead = alternatives(situation) if outcome == "refuse" else ()
    turning = evidence(situation, verdict) if verdict.worth < NO_ALTERNATIVE_FROM else ()
    granted = told.grant(situation.told)
    return Decision(
        status="escalate" if outcome == "escalate" else "decided",
        outcome=outcome,
        remedies=granted,
        presumed=relied_on(situation, verdict),
        ask=(),
        escalate_to=told.escalate_to,
        clauses=told.clauses,
        reason=told.say(situation.told, granted),
        next_steps=_steps(situation, told.next_steps, instead, turning),
        policy_set=known.policy.name,
        as_of=known.as_of,
        decision_id=known.decision_id,
        rules=told.rules,
        alternatives=instead,
        evidence=turning,
        version=known.policy.version,
        facts=situation.told,
        presume=known.presume,
        profile=known.profile,
        source=known.policy.source,
    )


def _steps(
    situation: Situation,
    written: tuple[str, ...],
    instead: tuple[tuple[str, str], ...],
    turning: tuple[str, ...],
) -> tuple[str, ...]:
    """First what is still possible, then what could turn it, then the rule's own steps."""
    if not instead and not turning:
        return written
    phrases = situation.edition.phrases
    steps = [phrases[f"instead.{instead[0][1]}"]] if instead else []
    steps += [phrases[f"evidence.{key}"] for key in turning]
    return tuple(dict.fromkeys([*steps, *written]))


def _asking(situation: Situation, verdict: Verdict, known: Known) -> Decision:
    by_key, asked = situation.edition.by_key, verdict.questions
    return Decision(
        status="needs_facts",
        outcome=None,
        remedies=(),
        presumed=(),
        ask=tuple([Question(key, by_key[key].spec.because) for key in asked]),
        escalate_to=None,
        clauses=verdict.grounds,
        reason=by_key[asked[0]].spec.because,
        next_steps=(),
        policy_set=known.policy.name,
        as_of=known.as_of,
        decision_id=known.decision_id,
        version=known.policy.version,
        facts=situation.told,
        presume=known.presume,
        profile=known.profile,
        source=known.policy.source,
    )
