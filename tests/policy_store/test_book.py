"""A process decides from memory, learns of a publication within a second, and never stops."""

import threading
import time
from datetime import date

import pytest
from sqlalchemy import event, text

from bot.policy.publishing.book import StoredBook
from bot.policy.service import PolicyService
from tests.policy_store.conftest import MONDAY, Store, decide, later


@pytest.fixture
def queries(store: Store) -> list[str]:
    """Every statement sent from here on."""
    sent: list[str] = []

    def note(_c: object, _u: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(store.db.engine, "before_cursor_execute", note)
    return sent


def test_a_thousand_decisions_ask_the_database_at_most_once_a_second(
    store: Store, queries: list[str]
) -> None:
    store.bring_in()
    service = PolicyService(StoredBook(store.db, store.clock, store.folder))
    today = store.clock.today()
    decide(service, today, 1)
    queries.clear()
    began = time.monotonic()
    for _ in range(1000):
        decide(service, today, 1)
    stamps = [each for each in queries if "policy_stamp" in each]
    assert queries == stamps
    assert len(stamps) <= time.monotonic() - began + 1


def test_a_publication_reaches_a_running_process_within_a_second_or_so(store: Store) -> None:
    store.bring_in()
    service = PolicyService(StoredBook(store.db, store.clock, store.folder))
    today = store.clock.today()
    before = decide(service, today, 0).version
    store.publish(store.change(("max: 3", "max: 7")).id)
    end = time.monotonic() + 10
    while decide(service, today, 0).version == before and time.monotonic() < end:
        time.sleep(0.05)
    assert decide(service, today, 0).version != before


def test_while_rules_are_published_every_decision_is_wholly_of_one_version(store: Store) -> None:
    store.bring_in()
    service, today = store.process(), store.clock.today()
    seen: set[tuple[str, str, str]] = set()
    failed: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                decision = decide(service, today, 0)
            except Exception as error:  # noqa: BLE001
                failed.append(error)
                return
            seen.add((decision.version, decision.reason, service.lines(decision)[0]))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    text_now = "可以退，{amount}"
    for number in range(4):
        changed = store.change((text_now, f"第{number}版可以退，{{amount}}"))
        store.publish(changed.id)
        time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(seen) >= 2
    assert len({version for version, _, _ in seen}) == len(seen)
    assert all(reason == line for _, reason, line in seen)


def test_what_is_walked_of_a_set_outlives_a_publication_of_another(store: Store) -> None:
    store.bring_in()
    path = store.folder / "kiosk.draft.yml"
    store.write(("set: corner", "set: kiosk")).rename(path)
    service = store.process()
    before = service.policy("corner")
    store.publish(store.draft(path).id)
    assert set(service.sets) == {"corner", "kiosk"}
    assert service.policy("corner") is before


def test_a_database_that_is_away_stops_no_decision(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.bring_in()
    service, today = store.process(), store.clock.today()
    before = decide(service, today, 1).json()
    with store.db.write() as session:
        session.execute(text("ALTER TABLE policy_stamp RENAME TO policy_stamp_away"))
    try:
        assert decide(service, today, 1).json() == before
        assert "going on with what is loaded" in caplog.text
    finally:
        with store.db.write() as session:
            session.execute(text("ALTER TABLE policy_stamp_away RENAME TO policy_stamp"))


def test_the_facts_of_a_planned_publication_are_known_from_its_hour_on(store: Store) -> None:
    store.bring_in()
    facts = store.write(("values: [general,", "values: [general, hat,"), name="facts")
    store.publish(store.draft(facts).id, at=later(hours=2))
    service = store.process()
    assert "hat" not in service.facts.specs["category"].values
    store.clock.at = later(hours=2)
    assert "hat" in service.facts.specs["category"].values


def test_a_value_that_a_former_version_never_heard_of_is_one_nobody_can_tell_it(
    store: Store,
) -> None:
    store.bring_in()
    facts = store.write(("values: [general,", "values: [general, hat,"), name="facts")
    store.publish(store.draft(facts).id, at=MONDAY)
    store.clock.at = later(days=3)
    bought_before = decide(store.process(), store.clock.today(), 5, category="hat")
    assert bought_before.status != "needs_facts"
    with store.db.write() as session:
        service = store.process()
        kept = service.save(session, bought_before, {}, store.clock.now())
    assert kept.facts["category"] == "unknown"


@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2026, 11, 23)])
def test_a_shop_with_one_version_is_judged_by_it_whenever_it_was_bought(
    store: Store, day: date
) -> None:
    store.bring_in()
    decision = store.process().decide(
        "corner", {"wants": "repair", "purchase_date": day.isoformat()}, store.clock.today()
    )
    assert decision.outcome == "free_repair"


def test_inside_the_one_write_transaction_rules_are_renewed_and_decisions_kept(
    store: Store,
) -> None:
    store.bring_in()
    service, today = store.process(), store.clock.today()
    before = decide(service, today, 0).version
    store.publish(store.change(("max: 3", "max: 7")).id)
    with store.db.write() as session:
        decision = decide(service, today, 0)
        service.save(session, decision, {}, store.clock.now())
    assert decision.version != before
