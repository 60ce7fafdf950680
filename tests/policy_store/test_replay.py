"""Past decisions judged by a draft: what would come out otherwise, for how much, in which cases."""

from bot.policy.publishing import drafts
from bot.policy.replay.service import Replay, no_cases, replay
from tests.policy_store.conftest import MONDAY, Store, decide


def keep(store: Store, *facts: dict[str, object]) -> list[str]:
    """Decide and keep refunds; their ids."""
    service, ids = store.process(), []
    for each in facts:
        told = dict(each)
        days = told.pop("days", 1)
        assert isinstance(days, int)
        decision = decide(service, store.clock.today(), days, **told)
        with store.db.write() as session:
            ids.append(service.save(session, decision, {}, store.clock.now()).id)
    return ids


def run(store: Store, draft: int, cases: dict[str, str] | None = None) -> Replay:
    with store.db.read() as session:
        _, files = drafts.open_draft(session, draft)
        policies = drafts.as_published(session, files).steps[0].policies
        return replay(session, policies, (lambda _: cases) if cases else no_cases)


def test_a_draft_that_changes_no_result_flips_nothing(store: Store) -> None:
    store.bring_in()
    keep(store, {"days": 1}, {"days": 5})
    found = run(store, store.change(("可以退，", "能退，")).id)
    assert (found.decisions, found.flipped) == (2, 0)


def test_a_wider_promise_shows_the_rules_the_money_and_the_open_cases(store: Store) -> None:
    store.bring_in()
    kept = keep(
        store,
        {"days": 1, "price_paid": "100"},
        {"days": 5, "price_paid": "250.50"},
        {"days": 6},
        {"days": 30, "price_paid": "80"},
    )
    draft = store.change(("max: 3", "max: 7"))
    found = run(store, draft.id, {kept[1]: "261123 0001 7", kept[0]: "261123 0002 5"})
    record = found.record()
    (flip,) = found.flips.values()
    assert (flip.before, flip.after, flip.count) == ("late", "early", 2)
    assert set(flip.examples) == {kept[1], kept[2]}
    assert record["money"] == {
        "paid": "100",
        "would_be_paid": "350.50",
        "difference": "250.50",
        "flips_without_a_price": 1,
    }
    assert [case["no"] for case in found.touched] == ["261123 0001 7"]
    assert found.touched_count == 1


def test_a_narrower_promise_costs_less(store: Store) -> None:
    store.bring_in()
    keep(store, {"days": 2, "price_paid": "99"})
    found = run(store, store.change(("max: 3", "max: 1")).id)
    assert found.record()["money"]["difference"] == "-99"  # type: ignore[index]


def test_every_decision_is_compared_with_what_was_told_whatever_rules_since(store: Store) -> None:
    store.bring_in()
    keep(store, {"days": 5})
    store.publish(store.change(("max: 3", "max: 7")).id, at=MONDAY)
    back = store.write()  # the text that judged
    found = run(store, store.draft(back).id)
    assert found.flipped == 0


def test_facts_that_the_draft_no_longer_knows_are_counted_and_stop_nothing(store: Store) -> None:
    store.bring_in()
    keep(store, {"category": "coat"}, {"category": "garment"})
    facts = store.write(
        ("values: [general, garment, coat, underwear]", "values: [general, garment, underwear]"),
        ("coat: garment, ", ""),
        name="facts",
    )
    found = run(store, store.draft(facts).id)
    assert (found.decisions, found.unreadable, found.flipped) == (2, 1, 0)


def test_a_case_that_would_need_one_more_question_is_a_flip(store: Store) -> None:
    store.bring_in()
    keep(store, {"days": 1})
    draft = store.change(
        ("days_since_purchase: {max: 3}}", "days_since_purchase: {max: 3}, worn: no}")
    )
    (flip,) = run(store, draft.id).flips.values()
    assert flip.would_be == "needs_facts"
