"""What holds for every case: checked against a reading of the rules that tries everything."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.policy.engine import Decision, decide
from bot.policy.engine.decide import NO_ALTERNATIVE_FROM
from bot.policy.engine.edition import Edition, PolicySet
from bot.policy.engine.frame import frame_of
from bot.policy.engine.outcomes import WORTH
from bot.policy.engine.situation import Situation
from bot.policy.engine.words import UNKNOWN, Stage, Value
from bot.policy.service import PolicyService
from tests.policy.naive import TODAY, Naive, worth
from tests.policy.strategies import PRICES, cases, complete

SERVICE = PolicyService.load()
OTHER = PolicyService.load()
SETS = sorted(SERVICE.sets)
SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def policy(name: str) -> tuple[PolicySet, Edition]:
    chosen = SERVICE.sets[name]
    return chosen, chosen.on(TODAY)


def effect(decision: Decision) -> tuple[object, ...]:
    return decision.outcome, decision.escalate_to


@pytest.mark.parametrize("presume", [True, False])
@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_a_case_is_decided_exactly_when_every_completion_agrees_and_asks_only_what_matters(
    name: str, presume: bool, data: st.DataObject
) -> None:
    chosen, edition = policy(name)
    told = data.draw(cases(edition, presume))
    decision = decide(chosen, told, TODAY, presume)
    naive = Naive(edition, told, presume)
    effects = {each for _, each in naive.completions()}
    assert (decision.status == "needs_facts") is (len(effects) > 1)
    assert {each.fact for each in decision.ask} == naive.relevant()
    if len(effects) == 1:
        assert decision.outcome == next(iter(effects))[0]


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_the_same_case_gives_the_same_bytes_in_any_order_of_telling(
    name: str, data: st.DataObject
) -> None:
    chosen, edition = policy(name)
    told = data.draw(cases(edition, True))
    shuffled = dict(data.draw(st.permutations(list(told.items()))))
    other = OTHER.sets[name]
    assert decide(chosen, told, TODAY).json() == decide(other, shuffled, TODAY).json()


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data(), presume=st.booleans())
def test_one_more_fact_never_reopens_a_decided_case_nor_changes_its_outcome(
    name: str, data: st.DataObject, presume: bool
) -> None:
    chosen, edition = policy(name)
    told = data.draw(cases(edition, presume))
    before = decide(chosen, told, TODAY, presume)
    situation = Situation(frame_of(edition, presume, dict(chosen.source.profile)), told)
    more = [fact for fact in edition.defaults.open if situation.is_open(fact)]
    if before.status == "needs_facts" or not more:
        return
    fact = data.draw(st.sampled_from(more))
    told[fact.spec.key] = data.draw(st.sampled_from(fact.samples))
    after = decide(chosen, told, TODAY, presume)
    assert (after.status, after.outcome) == (before.status, before.outcome)


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_asking_always_ends_and_never_asks_a_told_fact(name: str, data: st.DataObject) -> None:
    chosen, edition = policy(name)
    told = data.draw(cases(edition, True))
    for _ in range(20):
        decision = decide(chosen, told, TODAY)
        if decision.status != "needs_facts":
            return
        key = decision.ask[0].fact
        assert key not in told
        assert decision.ask[0].because
        samples: list[Value] = [*edition.by_key[key].samples, UNKNOWN]
        told[key] = data.draw(st.sampled_from(samples))
    pytest.fail("more than twenty questions")


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_an_unknown_fact_never_refuses_on_its_own_nor_beats_the_best_value(
    name: str, data: st.DataObject
) -> None:
    chosen, edition = policy(name)
    told = data.draw(cases(edition, True))
    fact = data.draw(st.sampled_from(edition.defaults.open))
    key = fact.spec.key
    values = [decide(chosen, {**told, key: value}, TODAY) for value in fact.samples]
    if any(each.status == "needs_facts" for each in values):
        return
    unknown = decide(chosen, {**told, key: UNKNOWN}, TODAY)
    if len({effect(each) for each in values}) == 1:
        assert effect(unknown) == effect(values[0])
    else:
        assert unknown.outcome in ("needs_inspection", "escalate")
        best = max(WORTH[str(each.outcome)] for each in values)
        assert WORTH[str(unknown.outcome)] <= max(best, WORTH["escalate"])


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_the_law_never_loses(name: str, data: st.DataObject) -> None:
    chosen, edition = policy(name)
    told = data.draw(complete(edition))
    naive = Naive(edition, told, True)
    decision = decide(chosen, told, TODAY)
    if naive.free:
        return
    own, law = naive.answer(naive.case({}))
    granted = naive.law(naive.case({}))
    if granted is not None and own.stage is not Stage.FIRST:
        assert WORTH[str(decision.outcome)] >= worth(granted)
    if law is not None:
        assert decision.outcome == law.outcome
        ids = {clause.id for clause in decision.clauses}
        assert {*law.clauses, *own.clauses} <= ids


@pytest.mark.parametrize("name", SETS)
@SOME
@given(
    data=st.data(),
    paid=st.decimals(min_value=0, max_value=99999, places=2, allow_nan=False),
)
def test_no_amount_is_above_the_price_paid(name: str, data: st.DataObject, paid: Decimal) -> None:
    chosen, edition = policy(name)
    told = {**data.draw(complete(edition)), **data.draw(PRICES), "price_paid": paid}
    for remedy in decide(chosen, told, TODAY).remedies:
        assert remedy.amount is None or Decimal(0) <= remedy.amount <= paid


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_every_decision_has_a_clause_a_reason_and_no_open_blank(
    name: str, data: st.DataObject
) -> None:
    chosen, edition = policy(name)
    decision = decide(chosen, data.draw(cases(edition, True)), TODAY)
    assert decision.reason
    assert "{" not in decision.reason + "".join(decision.next_steps)
    if decision.status != "needs_facts":
        assert decision.clauses
    if decision.status == "escalate":
        assert decision.escalate_to
    if decision.outcome == "refuse":
        assert decision.next_steps


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_a_presumption_is_told_exactly_when_the_outcome_hangs_on_it(
    name: str, data: st.DataObject
) -> None:
    chosen, edition = policy(name)
    told = data.draw(cases(edition, True))
    decision = decide(chosen, told, TODAY)
    if decision.status == "needs_facts":
        return
    presumed = {key for key, _ in decision.presumed}
    for fact in edition.defaults.open:
        key = fact.spec.key
        if key not in told and any(not each.standing for each in edition.supposed[fact.number]):
            asked = decide(chosen, told, TODAY, True, {key: "ask"})
            hangs = asked.status == "needs_facts" or effect(asked) != effect(decision)
            assert (key in presumed) is hangs


@pytest.mark.parametrize("name", SETS)
@SOME
@given(data=st.data())
def test_evidence_is_named_exactly_when_it_could_bring_more(name: str, data: st.DataObject) -> None:
    chosen, edition = policy(name)
    told = data.draw(complete(edition))
    decision = decide(chosen, told, TODAY)
    if decision.status == "needs_facts" or WORTH[str(decision.outcome)] >= NO_ALTERNATIVE_FROM:
        return
    naive = Naive(edition, told, True)
    if naive.free:
        return
    here = naive.granted(naive.case({}))
    for fact in edition.facts:
        key, proof = fact.spec.key, fact.spec.evidence
        if proof is None or told.get(key) in (None, proof):
            continue
        other = Naive(edition, {**told, key: proof}, True)
        if not other.free:
            more = worth(other.granted(other.case({}))) > worth(here)
            assert (key in decision.evidence) is more
