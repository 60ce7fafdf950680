"""A decision is kept once, cannot be changed, and comes out the same for ever."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.db import Database
from bot.policy import explaining
from bot.policy.engine import PolicySet, decide
from bot.policy.engine.words import FactSpec, Kind, Value
from bot.policy.explaining import VersionNotKept
from bot.policy.models import StoredDecision
from bot.policy.publishing import codec
from bot.policy.service import FOLDER, PolicyService
from bot.policy.store import load
from tests.policy_store import conftest
from tests.policy_store.conftest import MONDAY, RULES, Store, later

POLICIES = load(FOLDER)
SETS = sorted(POLICIES.sets)
TODAY = date(2026, 11, 23)
WRITTEN_ONCE = {
    "decisions",
    *(
        f"policy_{name}"
        for name in (
            "sources",
            "versions",
            "clauses",
            "rules",
            "promises",
            "publications",
            "publication_files",
            "in_force",
        )
    ),
}
PRICED = {"price_paid": "399.50"}


def keep(store: Store, service: PolicyService | None = None, **more: object) -> str:
    """Decide and keep; the id."""
    service = service or store.process()
    decision = conftest.decide(service, store.clock.today(), 1, **more)
    with store.db.write() as session:
        return service.save(session, decision, {}, store.clock.now()).id


def explain(store: Store, decision_id: str) -> explaining.Explained:
    with store.db.read() as session:
        return explaining.explain(session, decision_id)


def test_a_kept_decision_is_derived_again_byte_for_byte(store: Store) -> None:
    store.bring_in()
    told = explain(store, keep(store, **PRICED))
    assert told.same
    assert [rule.id for rule in told.rules] == ["early"]
    assert [clause.id for clause in told.clauses] == ["CO-1"]
    assert told.stored.rules == ["early"]
    assert told.stored.facts["price_paid"] == "399.50"


def test_it_stays_so_after_every_later_publication(store: Store) -> None:
    store.bring_in()
    kept = keep(store, **PRICED)
    before = explain(store, kept).stored.record
    store.publish(store.change(("max: 3", "max: 0"), ("可以退，", "能退，")).id, at=MONDAY)
    narrow = store.write(
        ("values: [quality, dislike, color]", "values: [quality, dislike]"),
        ("tree: {color: dislike}, ", ""),
        name="facts",
    )
    store.publish(store.draft(narrow).id)
    store.clock.at = later(days=30)
    told = explain(store, kept)
    assert told.same
    assert told.again.json() == before
    assert keep(store) != kept


def test_what_the_caller_let_be_presumed_is_kept_with_it(store: Store) -> None:
    store.bring_in()
    service = store.process()
    for presume, profile in ((False, {}), (True, {"remote_purchase": "ask"})):
        facts = {"wants": "repair", "worn": "no"}
        decision = service.decide("corner", facts, store.clock.today(), presume, profile)
        with store.db.write() as session:
            kept = service.save(session, decision, facts, store.clock.now())
        assert (kept.presume, kept.profile) == (presume, profile)
        assert explain(store, decision.decision_id).same


def test_what_was_decided_by_files_before_the_first_import_can_be_explained(store: Store) -> None:
    kept = keep(store)
    store.bring_in()
    store.publish(store.change(("max: 3", "max: 0")).id, at=MONDAY)
    assert explain(store, kept).same


def test_a_service_without_a_database_says_that_its_version_is_kept_nowhere(store: Store) -> None:
    service = PolicyService.load(store.folder)
    kept = keep(store, service)
    with pytest.raises(VersionNotKept):
        explain(store, kept)


def test_a_kept_decision_can_be_neither_changed_nor_removed(store: Store) -> None:
    store.bring_in()
    kept = keep(store)
    _refuse_changes(store.db, kept)
    assert explain(store, kept).same


def test_keeping_it_twice_keeps_one(store: Store) -> None:
    store.bring_in()
    assert keep(store) == keep(store)
    with store.db.read() as session:
        assert len(session.scalars(select(StoredDecision)).all()) == 1


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database made by the migrations, not by the models."""
    db = Database(str(request.getfixturevalue(f"migrated_{request.param}")))
    yield db
    db.close()


def test_the_migrated_database_refuses_changes_too(migrated: Database) -> None:
    row = StoredDecision(
        id="x", policy_set="s", version="1", as_of=TODAY, facts={}, record="{}", created_at=MONDAY
    )
    with migrated.write() as session:
        session.add(row)
    _refuse_changes(migrated, "x")
    names = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if migrated.engine.dialect.name == "postgresql":
        names = "SELECT DISTINCT event_object_table FROM information_schema.triggers"
    with migrated.read() as session:
        assert set(session.scalars(text(names))) >= WRITTEN_ONCE


def _refuse_changes(db: Database, kept: str) -> None:
    changes = [
        update(StoredDecision).where(StoredDecision.id == kept).values(record="{}"),
        delete(StoredDecision).where(StoredDecision.id == kept),
    ]
    if db.engine.dialect.name == "sqlite":
        columns = "id, policy_set, version, as_of, facts, presume, profile, rules, created_at"
        changes.append(
            text(
                f"INSERT OR REPLACE INTO decisions ({columns}, record) "
                f"SELECT {columns}, '' FROM decisions"
            )
        )
    for change in changes:
        with pytest.raises(DBAPIError), db.write() as session:
            session.execute(change)
    with db.read() as session:
        assert _record(session, kept) != ""


def _record(session: Session, kept: str) -> str:
    return session.scalars(select(StoredDecision.record).where(StoredDecision.id == kept)).one()


@pytest.mark.parametrize("name", SETS)
def test_a_set_comes_back_from_its_text_whole(name: str) -> None:
    source = POLICIES.sets[name].source
    text = codec.as_text(source)
    assert codec.as_source(text) == source
    assert codec.as_text(codec.as_source(text)) == text
    json.loads(text)


@cache
def from_text(name: str) -> PolicySet:
    return PolicySet(codec.as_source(codec.as_text(POLICIES.sets[name].source)))


def values(spec: FactSpec) -> st.SearchStrategy[Value]:
    if spec.values:
        return st.sampled_from([*spec.values, "unknown"])
    if spec.kind is Kind.INTEGER:
        return st.integers(0, 400)
    if spec.kind is Kind.DECIMAL:
        return st.decimals(0, 9999, places=2)
    if spec.kind is Kind.DATE:
        return st.dates(date(2025, 1, 1), TODAY)
    return st.sampled_from(["other", "hole", "return_policy"])


@pytest.mark.parametrize("name", SETS)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(data=st.data())
def test_the_stored_text_decides_like_the_file(name: str, data: st.DataObject) -> None:
    policy = POLICIES.sets[name]
    stored = from_text(name)
    specs = [fact.spec for fact in policy.on(TODAY).facts]
    chosen = data.draw(st.lists(st.sampled_from(specs), unique_by=lambda spec: spec.key))
    facts = {spec.key: data.draw(values(spec)) for spec in chosen}
    assert decide(policy, facts, TODAY).json() == decide(stored, facts, TODAY).json()


def test_the_rules_of_these_tests_are_a_whole_catalogue() -> None:
    assert {path.stem for path in RULES.glob("*.yml")} == {"facts", "common", "statutory"}
