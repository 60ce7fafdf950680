"""A decision that a program asked for can be explained by its id, and a flood fills no disk."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.errors import Unavailable
from bot.policy import explaining
from bot.policy.engine import Decision
from bot.policy.jobs import forget_asked
from bot.policy.keeping import Keeper
from bot.policy.models import AskedDecision, StoredDecision
from tests.fixtures.desk import until
from tests.policy_store import conftest
from tests.policy_store.conftest import MONDAY, Store, database_url, postgres_desk_url, store

__all__ = ["database_url", "postgres_desk_url", "store"]


def decided(store: Store, days: int = 1, **more: object) -> Decision:
    """A decision of a fresh process."""
    return conftest.decide(store.process(), store.clock.today(), days, **more)


def ask(store: Store, days: int = 1) -> str:
    """Ask and have it kept; the id."""
    decision = decided(store, days)
    Keeper(store.db, store.clock).keep(decision)
    return decision.decision_id


def count(store: Store) -> int:
    with store.db.read() as session:
        return session.scalar(select(func.count()).select_from(AskedDecision)) or 0


def explain(store: Store, decision_id: str) -> explaining.Explained:
    with store.db.read() as session:
        return explaining.explain(session, decision_id)


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What is sent to the database meanwhile, by all threads."""
    sent: list[str] = []

    def note(_c: object, _u: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(store.db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.db.engine, "before_cursor_execute", note)


def test_it_is_derived_again_byte_for_byte_after_a_later_publication(store: Store) -> None:
    store.bring_in()
    decision = decided(store, price_paid="399.50", worn="unknown")
    Keeper(store.db, store.clock).keep(decision)
    store.publish(store.change(("max: 3", "max: 0"), ("可以退，", "能退，")).id, at=MONDAY)
    told = explain(store, decision.decision_id)
    assert told.same
    assert told.again.json() == decision.json()


def test_what_is_still_to_be_asked_can_be_explained_too(store: Store) -> None:
    store.bring_in()
    decision = store.process().decide("corner", {"wants": "refund"}, store.clock.today())
    assert decision.status == "needs_facts"
    Keeper(store.db, store.clock).keep(decision)
    assert explain(store, decision.decision_id).same


def test_the_same_question_is_kept_once_and_the_second_time_nothing_is_written(
    store: Store,
) -> None:
    store.bring_in()
    first = ask(store)
    with statements(store) as sent:
        assert ask(store) == first
    assert count(store) == 1
    assert not [each for each in sent if each.startswith(("INSERT", "UPDATE", "BEGIN IMM"))]


def test_what_was_told_in_a_conversation_is_not_kept_again(store: Store) -> None:
    store.bring_in()
    decision = decided(store)
    with store.db.write() as session:
        store.process().save(session, decision, {}, store.clock.now())
    Keeper(store.db, store.clock).keep(decision)
    assert count(store) == 0
    assert explain(store, decision.decision_id).same


def test_its_content_cannot_be_changed(store: Store) -> None:
    store.bring_in()
    kept = ask(store)
    changes = [
        update(AskedDecision).values(record="{}"),
        update(AskedDecision).values(facts={}),
        update(AskedDecision).values(version="2"),
    ]
    if store.db.engine.dialect.name == "sqlite":
        columns = "id, policy_set, version, as_of, facts, presume, profile, rules, created_at"
        columns += ", last_asked"
        again = f"INSERT OR REPLACE INTO asked_decisions ({columns}, record) "
        changes.append(text(again + f"SELECT {columns}, '' FROM asked_decisions"))
    for change in changes:
        with pytest.raises(DBAPIError), store.db.write() as session:
            session.execute(change)
    assert explain(store, kept).same


def test_what_nobody_asks_for_any_more_goes_and_the_rest_stays(store: Store) -> None:
    store.bring_in()
    forgotten, wanted = ask(store, 1), ask(store, 2)
    told = decided(store, 3)
    with store.db.write() as session:
        store.process().save(session, told, {}, store.clock.now())
    store.clock.at = MONDAY + timedelta(days=60)
    with statements(store) as sent:
        Keeper(store.db, store.clock).keep(_again(store, wanted))
    assert [each for each in sent if each.startswith("UPDATE")]
    store.clock.at = MONDAY + timedelta(days=100)
    assert forget_asked(store.db, store.clock, days=90, limit=1000) == 1
    with pytest.raises(explaining.NotFound):
        explain(store, forgotten)
    assert explain(store, wanted).same
    assert explain(store, told.decision_id).same


def _again(store: Store, decision_id: str) -> Decision:
    """The kept question asked once more, with the day that it was asked for at first."""
    return explain(store, decision_id).again


def test_never_more_than_the_limit_stay_and_the_longest_not_asked_for_go_first(
    store: Store,
) -> None:
    store.bring_in()
    kept = []
    for day in range(5):
        store.clock.at = MONDAY + timedelta(days=day)
        kept.append(ask(store, 0))
    assert forget_asked(store.db, store.clock, days=90, limit=2) == 3
    with store.db.read() as session:
        assert set(session.scalars(select(AskedDecision.id))) == set(kept[3:])


def test_decisions_kept_for_ever_are_no_part_of_the_limit(store: Store) -> None:
    store.bring_in()
    with store.db.write() as session:
        store.process().save(session, decided(store), {}, store.clock.now())
    forget_asked(store.db, store.clock, days=0, limit=0)
    with store.db.read() as session:
        assert session.scalar(select(func.count()).select_from(StoredDecision)) == 1


def test_those_who_come_while_one_is_written_share_the_next_write(store: Store) -> None:
    store.bring_in()
    keeper, many = Keeper(store.db, store.clock), 12
    process = store.process()
    decisions = [conftest.decide(process, store.clock.today(), days) for days in range(many)]
    threads = [threading.Thread(target=keeper.keep, args=[each]) for each in decisions]
    commits: list[object] = []
    event.listen(store.db.engine, "commit", commits.append)
    with statements(store) as sent, keeper._writing:
        for thread in threads:
            thread.start()
        until(lambda: len(keeper._waiting) == many, 10)
        commits.clear()
        assert not [each for each in sent if each.startswith("INSERT")]
    for thread in threads:
        thread.join(10)
    assert count(store) == many
    assert len(commits) <= 2


def test_when_the_database_is_away_the_caller_hears_it_and_nobody_waits_for_ever(
    store: Store,
) -> None:
    store.bring_in()
    decision = decided(store)
    with store.db.write() as session:
        session.execute(text("ALTER TABLE asked_decisions RENAME TO asked_away"))
    try:
        with pytest.raises(Unavailable):
            Keeper(store.db, store.clock).keep(decision)
    finally:
        with store.db.write() as session:
            session.execute(text("ALTER TABLE asked_away RENAME TO asked_decisions"))
    Keeper(store.db, store.clock).keep(decision)
    assert explain(store, decision.decision_id).same
