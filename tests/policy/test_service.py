"""The front door: facts checked, decisions told in words and kept once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from bot.policy.errors import BadFacts, NoSuchPolicy
from bot.policy.models import StoredDecision
from bot.policy.service import PolicyService

TODAY = date(2026, 1, 5)
SHOP = "dept_fashion"
DRESS = {
    "wants": "refund",
    "problem": "dislike",
    "category": "dress",
    "days_since_purchase": 1,
    "worn": "no",
    "receipt": "yes",
}
KEYS = [
    "status", "outcome", "remedies", "presumed", "ask", "escalate_to", "clauses", "reason",
    "next_steps", "policy_set", "as_of", "decision_id",
]  # fmt: skip


def test_the_record_has_the_promised_keys_in_the_promised_order(service: PolicyService) -> None:
    record = service.decide(SHOP, DRESS, TODAY).record()
    assert list(record) == KEYS
    assert record["as_of"] == "2026-01-05"
    assert record["policy_set"] == SHOP


def test_an_unworn_dress_of_yesterday_is_decided_without_a_question(
    service: PolicyService,
) -> None:
    decision = service.decide(SHOP, DRESS, TODAY)
    assert (decision.status, decision.outcome) == ("decided", "refund")
    assert dict(decision.presumed) == {
        "special_price": "no",
        "clean": "yes",
        "complete": "yes",
        "damaged": "no",
        "resale_ok": "yes",
    }
    assert decision.remedies[0].amount is None
    assert "按您实付的价格" in decision.reason


def test_without_presumptions_the_same_things_become_questions(service: PolicyService) -> None:
    decision = service.decide(SHOP, DRESS, TODAY, presume=False)
    assert decision.status == "needs_facts"
    assert {"special_price", "clean", "damaged"} <= {each.fact for each in decision.ask}
    assert decision.presumed == ()


def test_a_known_price_is_said_and_recorded(service: PolicyService) -> None:
    decision = service.decide(SHOP, {**DRESS, "price_paid": "399.00"}, TODAY)
    assert decision.remedies[0].amount == Decimal(399)
    assert decision.remedies[0].record()["amount"] == "399"
    assert "399 元" in decision.reason


def test_a_bare_wish_is_asked_one_thing_after_another_and_never_the_price(
    service: PolicyService,
) -> None:
    answers = {**DRESS, "store_confirms": "yes"}
    told: dict[str, object] = {"wants": "refund"}
    asked = []
    while (decision := service.decide(SHOP, told, TODAY)).status == "needs_facts":
        asked.append(decision.ask[0].fact)
        assert "price_paid" not in {each.fact for each in decision.ask}
        told[asked[-1]] = answers[asked[-1]]
    assert asked == ["problem", "days_since_purchase", "worn", "receipt"]
    assert decision.outcome == "refund"


def test_a_refusal_names_the_failing_clause_and_what_is_still_possible(
    service: PolicyService,
) -> None:
    decision = service.decide(SHOP, {**DRESS, "days_since_purchase": 6}, TODAY)
    assert decision.outcome == "refuse"
    assert decision.clauses[0].id == "DF-R-01"
    assert any("值班经理" in step for step in decision.next_steps)


def test_a_missing_receipt_says_what_would_still_help(service: PolicyService) -> None:
    facts = {**DRESS, "receipt": "no", "store_confirms": "no"}
    decision = service.decide(SHOP, facts, TODAY)
    assert decision.escalate_to == "duty_manager"
    assert decision.evidence == ("receipt", "store_confirms")
    assert any("小票" in step for step in decision.next_steps)


def test_a_furious_shopper_keeps_the_goods_decision_and_gets_a_person(
    service: PolicyService,
) -> None:
    calm = service.decide(SHOP, DRESS, TODAY)
    angry = service.decide(SHOP, {**DRESS, "tone": "angry"}, TODAY)
    assert (angry.status, angry.outcome) == (calm.status, calm.outcome)
    assert angry.escalate_to == "duty_manager"
    assert "apology" in {remedy.type for remedy in angry.remedies}


def test_a_shop_that_sells_by_post_asks_how_it_was_bought(service: PolicyService) -> None:
    late = {**DRESS, "days_since_purchase": 9}
    decision = service.decide(SHOP, late, TODAY, profile={"remote_purchase": "ask"})
    assert decision.ask[0].fact == "remote_purchase"


def test_a_profile_with_a_value_that_no_fact_has_is_refused(service: PolicyService) -> None:
    with pytest.raises(BadFacts):
        service.decide(SHOP, DRESS, TODAY, profile={"remote_purchase": "perhaps"})


def test_a_cause_told_unasked_is_looked_at_before_the_promise_is_given(
    service: PolicyService,
) -> None:
    torn = {**DRESS, "problem": "quality"}
    assert service.decide(SHOP, torn, TODAY).outcome == "refund"
    assert service.decide(SHOP, {**torn, "cause": "human"}, TODAY).outcome == "needs_inspection"


def test_many_threads_get_the_same_bytes() -> None:
    fresh = PolicyService.load()
    cases = [{**DRESS, "days_since_purchase": days % 9} for days in range(200)]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda case: fresh.decide(SHOP, case, TODAY).json(), cases))
    assert at_once == [fresh.decide(SHOP, case, TODAY).json() for case in cases]


def test_bad_facts_are_all_named_with_what_is_allowed(service: PolicyService) -> None:
    facts = {"wants": "cake", "colour": "red", "price_paid": -1, "days_since_purchase": "soon"}
    with pytest.raises(BadFacts) as refused:
        service.decide(SHOP, facts, TODAY)
    problems = refused.value.details["problems"]
    assert isinstance(problems, list)
    assert {each["fact"] for each in problems} == set(facts)
    assert all(each["allowed"] for each in problems)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("price_paid", "NaN"),
        ("price_paid", "1e99"),
        ("price_paid", True),
        ("price_paid", [1]),
        ("days_since_purchase", "1.5"),
        ("days_since_purchase", 10**9),
        ("days_since_purchase", -1),
        ("purchase_date", "2026-02-30"),
        ("purchase_date", "2026-01-06"),
        ("special_reason", "x" * 61),
        ("worn", {}),
        ("topic", "a\nb"),
    ],
)
def test_a_value_that_cannot_be_is_refused(service: PolicyService, key: str, value: object) -> None:
    with pytest.raises(BadFacts):
        service.facts.read({key: value}, TODAY)


def test_facts_come_out_in_one_form(service: PolicyService) -> None:
    read = service.facts.read(
        {"price_paid": "399.00", "worn": True, "purchase_date": "2026-01-01", "tag": "unknown"},
        TODAY,
    )
    assert read["price_paid"] == Decimal(399)
    assert read["worn"] == "yes"
    assert read["days_since_purchase"] == 4
    assert read["tag"] == "unknown"


def test_a_defect_makes_it_a_quality_matter_but_says_nothing_of_its_cause(
    service: PolicyService,
) -> None:
    read = service.facts.read({"defect": "burn"}, TODAY)
    assert read["problem"] == "quality"
    assert "cause" not in read


def test_a_purchase_long_before_the_calendar_is_no_crash(service: PolicyService) -> None:
    facts = {**DRESS, "purchase_date": "0001-01-01"}
    facts.pop("days_since_purchase")
    assert service.decide(SHOP, facts, TODAY).outcome == "refuse"


def test_a_policy_that_is_not_there_is_said_so(service: PolicyService) -> None:
    with pytest.raises(NoSuchPolicy):
        service.decide("nowhere", {}, TODAY)


def test_a_decision_in_words_says_what_was_presumed(service: PolicyService) -> None:
    lines = service.lines(service.decide(SHOP, DRESS, TODAY))
    assert any("正价商品" in line for line in lines)


def test_a_decision_is_kept_once_and_byte_for_byte(service: PolicyService) -> None:
    engine = create_engine("sqlite://")
    StoredDecision.metadata.tables["decisions"].create(engine)
    decision = service.decide(SHOP, {**DRESS, "price_paid": "399.50"}, TODAY)
    with Session(engine) as session:
        for hour in (1, 2):
            at = datetime(2026, 1, 5, hour, tzinfo=UTC)
            service.save(session, decision, {**DRESS, "price_paid": "399.50"}, at)
        stored = session.scalars(select(StoredDecision)).one()
        assert session.scalar(select(func.count()).select_from(StoredDecision)) == 1
        assert stored.record == decision.json()
        assert stored.facts["price_paid"] == "399.50"
        again = service.decide(stored.policy_set, stored.facts, stored.as_of)
        assert again.json() == stored.record
    engine.dispose()
