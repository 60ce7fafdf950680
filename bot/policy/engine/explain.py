"""What else is told of a verdict: what it rests on, what is possible instead, what turns it."""

from bot.policy.engine.outcomes import ALLOWED
from bot.policy.engine.situation import Situation
from bot.policy.engine.verdict import Verdict, judge

Presumed = tuple[tuple[str, str], ...]


def relied_on(situation: Situation, verdict: Verdict) -> Presumed:
    """The presumptions that the outcome hangs on: without any one it might be another."""
    return tuple(
        [
            (fact.spec.key, value)
            for fact, value in situation.presumed
            if situation.rests_on(fact) and judge(situation.doubting(fact)).effect != verdict.effect
        ]
    )


def alternatives(situation: Situation) -> tuple[tuple[str, str], ...]:
    """What would be granted for another wish, the best first."""
    wants = situation.edition.by_key.get("wants")
    if wants is None:
        return ()
    found: dict[str, tuple[int, str]] = {}
    for other in ("refund", "exchange", "repair"):
        if other == situation.told.get("wants"):
            continue
        verdict = judge(situation.telling(wants, other))
        if verdict.decided and verdict.worth >= ALLOWED:
            found.setdefault(verdict.lead.outcome, (verdict.worth, other))
    best = sorted(found.items(), key=lambda item: -item[1][0])
    return tuple([(other, outcome) for outcome, (_, other) in best])


def evidence(situation: Situation, verdict: Verdict) -> tuple[str, ...]:
    """The told facts another value of which could still bring the shopper more."""
    told, turning = situation.told, []
    for fact in situation.edition.provable:
        proof = fact.spec.evidence
        if proof is None or told.get(fact.spec.key) in (None, proof):
            continue
        if not situation.rests_on(fact):
            continue
        if judge(situation.telling(fact, proof)).worth > verdict.worth:
            turning.append(fact.spec.key)
    return tuple(turning)
