"""Rules come into the database, change there by two people, and run from there."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from bot.errors import BadInput, Conflict
from bot.policy.errors import BadPolicy, NoSuchPolicy
from bot.policy.models import Publication, SetInForce, Stamp, Version
from bot.policy.publishing import drafts
from bot.policy.publishing.drafts import DraftClosed, NothingChanged
from bot.policy.publishing.publish import FailsLint, SamePerson
from tests.policy_store.conftest import MONDAY, Store, decide, later

WIDER = ("max: 3", "max: 7")


def count(store: Store, table: type) -> int:
    with store.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_before_anything_is_imported_the_files_are_what_runs(store: Store) -> None:
    assert store.ask(days=3).outcome == "refund"
    assert count(store, Version) == 0


def test_an_import_tells_what_it_would_do_and_does_it_once(store: Store) -> None:
    found = store.look()
    assert {item.status for item in found.items} == {"new"}
    assert count(store, Version) == 0

    assert set(store.bring_in().values()) == {"new"}
    rows = count(store, Version), count(store, Publication), count(store, SetInForce)
    assert set(store.bring_in().values()) == {"same"}
    assert rows == (count(store, Version), count(store, Publication), count(store, SetInForce))
    assert store.look().plan is None


def test_the_database_runs_and_not_the_files(store: Store) -> None:
    store.bring_in()
    before = store.ask(days=5)
    store.write(WIDER)
    assert store.ask(days=5).json() == before.json()


def test_an_edit_of_the_same_version_corrects_it_from_its_beginning(store: Store) -> None:
    store.bring_in()
    store.write(WIDER)
    found = store.look()
    (item,) = [item for item in found.items if item.status == "changed"]
    assert any("max: 7" in line for line in item.diff)
    store.bring_in()
    assert store.ask(days=5).outcome == "refund"


def test_a_new_version_of_a_file_holds_from_the_day_in_its_header(store: Store) -> None:
    store.bring_in()
    store.write(WIDER, ("version: 1", "version: 2"), ("2020-01-01", "2026-11-22"))
    store.bring_in()
    assert store.ask(days=5).outcome == "refuse"  # bought on the 18th
    store.clock.at = later(days=4)
    assert store.ask(days=5).outcome == "refund"  # bought on the 22nd


def test_an_import_leaves_alone_what_was_published_since(store: Store) -> None:
    store.bring_in()
    draft = store.change(WIDER)
    store.publish(draft.id)
    store.write()
    assert store.bring_in()["corner"] == "kept"
    store.write(("max: 3", "max: 4"))
    assert store.bring_in()["corner"] == "conflict"
    store.clock.at = later(days=7)
    assert store.ask(days=7).outcome == "refund"


def test_a_draft_changes_nothing_until_somebody_else_publishes_it(store: Store) -> None:
    store.bring_in()
    draft = store.change(WIDER)
    assert any("max: 7" in line for line in draft.diffs["corner"])
    store.clock.at = later(days=7)
    assert store.ask(days=5).outcome == "refuse"
    for same in ("李", " 李 "):
        with pytest.raises(SamePerson):
            store.publish(draft.id, by=same)
    with pytest.raises(BadInput):
        store.publish(draft.id, by="  ")
    published = store.publish(draft.id, at=MONDAY)
    assert set(published.sets) == {"corner"}
    assert store.ask(days=5).outcome == "refund"


def test_the_database_itself_wants_two_people(store: Store) -> None:
    with pytest.raises(DBAPIError), store.db.write() as session:
        session.add(
            Publication(
                kind="publish",
                draft_id=None,
                drafted_by="li",
                published_by=" Li",
                reason="因为",
                takes_effect_at=MONDAY,
                created_at=MONDAY,
            )
        )


def test_a_case_is_judged_by_what_was_in_force_when_it_was_bought(store: Store) -> None:
    store.bring_in()
    store.publish(store.change(WIDER).id, at=later(days=2))  # from Wednesday, 10:00
    store.clock.at = later(days=7)
    outcomes = [store.ask(days=days).outcome for days in range(9)]
    # Bought on Wednesday or later: seven days. Before, three.
    assert outcomes == ["refund"] * 6 + ["refuse"] * 3


def test_before_its_hour_a_publication_decides_nothing_and_after_it_at_once(store: Store) -> None:
    store.bring_in()
    store.publish(store.change(("max: 3", "max: 0")).id, at=later(hours=5))
    running = store.process()
    today = store.clock.today()
    assert decide(running, today, 0, worn="yes").version == decide(running, today, 3).version
    before = decide(running, today, 0)
    store.clock.at = later(hours=5)
    after = decide(running, today, 0)
    assert before.version != after.version
    assert decide(running, today, 1).version == before.version


def test_every_process_takes_a_publication_over_at_its_next_decision(store: Store) -> None:
    store.bring_in()
    processes = [store.process() for _ in range(3)]
    today = store.clock.today()
    before = [decide(each, today, 0).version for each in processes]
    store.publish(store.change(WIDER).id)
    after = [decide(each, today, 0).version for each in processes]
    assert len(set(before)) == len(set(after)) == 1
    assert before[0] != after[0]


def test_rolling_back_is_publishing_the_former_text(store: Store) -> None:
    store.bring_in()
    first = store.ask(days=0)
    wide = store.publish(store.change(WIDER).id)
    assert store.ask(days=0).version != first.version
    with store.db.write() as session:
        back = drafts.former(session, "corner", "赵", store.clock.now())
    store.publish(back.id, by="钱", at=wide.takes_effect_at)
    again = store.ask(days=0)
    assert again.json() == first.json()
    assert count(store, Version) == count(store, Version)


def test_a_draft_over_a_text_that_changed_since_must_be_written_anew(store: Store) -> None:
    store.bring_in()
    one, other = store.change(WIDER), store.change(("max: 3", "max: 5"))
    store.publish(one.id)
    with pytest.raises(Conflict):
        store.publish(other.id)
    with pytest.raises(DraftClosed):
        store.publish(one.id)


def test_a_text_that_starts_before_the_one_in_force_is_refused(store: Store) -> None:
    store.bring_in()
    store.publish(store.change(WIDER).id)
    with pytest.raises(BadInput) as refused:
        store.publish(store.change(("max: 3", "max: 5")).id, at=later(days=-3))
    assert refused.value.details["in_force_since"]


def test_a_change_now_does_not_undo_one_that_is_planned(store: Store) -> None:
    store.bring_in()
    store.publish(store.change(WIDER).id, at=later(days=10))
    law = store.write(("version: 1", "version: 2"), name="statutory")
    store.publish(store.draft(law).id)
    store.clock.at = later(days=20)
    later_on = store.process().policy("corner")
    assert store.ask(days=5).outcome == "refund"
    with store.db.read() as session:
        turns = session.scalars(select(SetInForce).where(SetInForce.policy_set == "corner")).all()
    # The first, the law's change at once, the planned one alone and then beside that change.
    assert len(turns) == 4
    assert later_on.source.rules[0].id


def test_a_draft_that_drops_the_law_is_not_published(store: Store) -> None:
    store.bring_in()
    draft = store.change(("overlays: [common, statutory]", "overlays: [common]"))
    with pytest.raises(FailsLint) as refused:
        store.publish(draft.id)
    assert "no_law" in str(refused.value.details)


def test_a_draft_that_says_the_same_is_none(store: Store) -> None:
    store.bring_in()
    with pytest.raises(NothingChanged):
        store.draft(store.write())


def test_a_new_shop_comes_by_draft_and_only_from_its_day(store: Store) -> None:
    store.bring_in()
    path = store.folder / "kiosk.draft.yml"
    store.write(("set: corner", "set: kiosk")).rename(path)
    store.publish(store.draft(path).id, at=later(days=1))
    with pytest.raises(NoSuchPolicy):
        store.process().policy("kiosk")
    store.clock.at = later(days=2)
    assert store.process().policy("kiosk").name == "kiosk"


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("wants: repair}", "wishes: repair}", 25, "unknown_fact"),
        ("days_since_purchase: {max: 3}", "days_since_purchase: {max: -3}", 14, "negative"),
        ("days_since_purchase: {max: 3}", "price_paid: {max: -0.01}", 14, "negative"),
        ("2020-01-01", "2020-02-30", 4, "bad_date"),
        ("id: CO-2, title", "id: CO-1, title", 10, "overlap"),
        ("clauses: [CO-2]", "clauses: [CO-9]", 24, "unknown_clause"),
    ],
)
def test_a_wrong_file_is_refused_whole_and_what_runs_stays(
    store: Store, old: str, new: str, line: int, reason: str
) -> None:
    store.bring_in()
    running, today = store.process(), store.clock.today()
    before = decide(running, today, 1).json()
    path = store.write((old, new))
    with pytest.raises(BadPolicy) as refused:
        store.bring_in()
    assert (refused.value.reason, refused.value.line) == (reason, line)
    assert refused.value.details["file"] == str(path)
    assert refused.value.details["remedy"]
    with pytest.raises(BadPolicy) as again:
        store.draft(path)
    assert again.value.details["file"] == str(path)
    assert decide(running, today, 1).json() == before
    with store.db.read() as session:
        assert session.scalar(select(Stamp.stamp)) == 1


def test_a_cycle_of_categories_is_refused_whole(store: Store) -> None:
    store.bring_in()
    path = store.write(
        ("tree: {coat: garment,", "tree: {garment: coat, coat: garment,"), name="facts"
    )
    for attempt in (store.bring_in, lambda: store.draft(path)):
        with pytest.raises(BadPolicy) as refused:
            attempt()
        assert refused.value.reason == "cycle"
    assert store.ask(days=1).outcome == "refund"


def test_a_file_of_fifty_megabytes_is_refused_unread(store: Store) -> None:
    store.bring_in()
    path = store.folder / "corner.yml"
    with path.open("ab") as file:
        file.truncate(50 * 1024 * 1024)
    for attempt in (store.bring_in, lambda: store.draft(path)):
        with pytest.raises(BadPolicy) as refused:
            attempt()
        assert refused.value.reason == "too_big"
    assert store.ask(days=1).outcome == "refund"


def test_two_processes_that_publish_at_once_do_not_both_win(store: Store) -> None:
    from bot.policy.publishing import publish
    from bot.policy.publishing.publish import Wish
    from tests.policy_store.conftest import ZONE

    store.bring_in()
    one = store.change(WIDER)
    law = store.write(("version: 1", "version: 2"), name="statutory")
    other = store.draft(law)
    now = store.clock.now()
    with store.db.read() as session:
        ready = [
            publish.prepare(session, each.id, Wish("王", "因为"), now, ZONE)
            for each in (one, other)
        ]
    with store.db.write() as session:
        publish.finish(session, ready[0], now)
    with pytest.raises(Conflict), store.db.write() as session:
        publish.finish(session, ready[1], now)
    store.publish(other.id)


def test_what_is_published_cannot_be_edited_in_place(store: Store) -> None:
    store.bring_in()
    for table, change in ((Version, {"text": "{}"}), (Publication, {"reason": "别的"})):
        with pytest.raises(DBAPIError), store.db.write() as session:
            session.execute(update(table).values(**change))
