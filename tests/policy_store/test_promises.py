"""What a shop promises around its cases is data: read, refused, versioned and run like its rules."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from bot.policy import promises_file
from bot.policy.errors import BadPolicy
from bot.policy.models import PromiseRow
from bot.policy.promises import Promises
from bot.policy.publishing import codec, differences, drafts
from bot.policy.service import FOLDER, PolicyService
from bot.shops.service import Term
from bot.tickets.models import ComplaintKind, TicketKind
from bot.tickets.states import TicketState
from tests.policy_store.conftest import CORNER, RULES, Store, later

TODAY = date(2026, 11, 23)
FIRST = "{clock: first_response, term: {n: 2, unit: hour}, clause: CO-1}"
MORE = f"""deadlines:
  - {FIRST}
  - {{clock: finish, kinds: [return], term: {{n: 3, unit: working_day}}, clause: CO-1}}
ladder:
  - {{place: 1, who: counter_staff, clause: CO-2}}
  - {{place: 2, who: manager, limit: {{n: 1, unit: day}}, clause: CO-2}}
approvals:
  - {{kinds: [return], state: approved, by: "@top", clause: CO-1}}
hand_off:
  - {{id: asks, when: {{asks: yes}}, to: "@insist", clauses: [CO-2]}}
  - {{id: by-decision, when: {{decision_status: escalate}}, to: "@decision", clauses: [CO-2]}}
departments:
  - {{for: "*", to: after_sales, clause: CO-2}}
"""
WHOLE = CORNER + MORE


def promised(folder: Path, *changes: tuple[str, str], on: date = TODAY) -> Promises:
    """The promises of the small shop's file with texts replaced."""
    for path in (*RULES.glob("*.yml"), FOLDER / "phrases.yml"):
        shutil.copy(path, folder / path.name)
    text = WHOLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "corner.yml").write_text(text, "utf-8")
    return PolicyService.load(folder).promises("corner", on)


def test_every_sort_of_promise_is_read(tmp_path: Path) -> None:
    told = promised(tmp_path)
    assert [each.clock for each in told.clocks("return")] == ["first_response", "finish"]
    assert [each.clock for each in told.clocks("repair")] == ["first_response"]
    assert [rung.who for rung in told.ladder] == ["counter_staff", "manager"]
    assert told.ladder[1].limit == Term(1, "day")
    approval = told.approval("return", "approved")
    assert approval is not None
    assert approval.by == "manager"
    assert told.department("repair") == "after_sales"
    fired = told.fired({"asks": True})
    assert fired is not None
    assert (fired.to, fired.clauses) == ("manager", ("CO-2",))


def test_where_it_goes_by_the_decision_it_goes_to_whom_the_decision_names(tmp_path: Path) -> None:
    told = promised(tmp_path)
    fired = told.fired({"decision_status": "escalate", "escalate_to": "qc"})
    assert fired is not None
    assert fired.to == "qc"
    unnamed = told.fired({"decision_status": "escalate", "escalate_to": None})
    assert unnamed is not None
    assert unnamed.to == "manager"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("clock: finish", "clock: lunch", "unknown_value"),
        ("kinds: [return], term", "kinds: [picnic], term", "unknown_value"),
        ("state: approved", "state: asleep", "unknown_value"),
        ("unit: hour", "unit: fortnight", "unknown_value"),
        ("n: 2,", "n: -2,", "number_expected"),
        ("clause: CO-1}", "clause: CO-9}", "unknown_clause"),
        ("to: after_sales", "to: grandmother", "unknown_target"),
        ('to: "@insist"', 'to: "@nobody"', "unknown_target"),
        ("asks: yes", "sings: yes", "unknown_signal"),
        ("asks: yes", "asks: maybe", "unknown_value"),
        ("asks: yes", "mood: {above: 2}", "unknown_key"),
        ("when: {asks: yes}", "when: {}", "no_signal"),
        ("clauses: [CO-2]}\n  - {id: by", "clauses: []}\n  - {id: by", "no_clause"),
        ('to: "@insist",', 'to: "@insist", priority: 12,', "bad_priority"),
        ('for: "*"', "for: []", "no_value"),
        ("place: 2", "place: 3", "missing_rung"),
        ("place: 2", "place: 1", "overlap"),
        ("clock: first_response,", "clock: first_response, facts: {colour: red},", "unknown_fact"),
        ("clock: first_response,", "clock: first_response, since: 2026,", "unknown_key"),
        (FIRST, f"{FIRST}\n  - {FIRST}", "overlap"),
        ("clause: CO-1}\n  - {clock: finish", "effective_from: 2026-02-30, clause: CO-1}\n  - {clock: finish", "bad_date"),
    ],
)  # fmt: skip
def test_a_promise_that_cannot_be_kept_is_refused_with_file_line_and_remedy(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    with pytest.raises(BadPolicy) as caught:
        promised(tmp_path, (old, new))
    first = WHOLE[: WHOLE.index(old)].count("\n") + 1
    assert caught.value.reason == reason
    assert caught.value.details["file"].endswith("corner.yml")
    assert first <= caught.value.line <= first + new.count("\n")
    assert caught.value.details["remedy"]


def test_promises_have_days_of_their_own(tmp_path: Path) -> None:
    sooner = FIRST.replace("n: 2", "n: 1").replace("CO-1}", "CO-1, effective_from: 2026-12-01}")
    until = FIRST.replace("CO-1}", "CO-1, effective_to: 2026-11-30}")
    for day, hours in ((TODAY, 2), (date(2026, 12, 1), 1)):
        told = promised(tmp_path, (FIRST, f"{until}\n  - {sooner}"), on=day)
        assert [each.term.n for each in told.clocks("repair")] == [hours]


def test_a_published_promise_runs_in_every_process_and_can_be_taken_back(store: Store) -> None:
    path = store.folder / "corner.yml"
    store.bring_in()
    path.write_text(WHOLE, "utf-8")
    first = store.draft(path)
    assert any("counter_staff" in line for line in first.diffs["corner"])
    process = store.process()
    assert not process.promises("corner", TODAY).ladder
    store.publish(first.id)
    assert process.promises("corner", TODAY).ladder[0].who == "counter_staff"
    # What was promised on a day before stays what it was.
    store.clock.at = later(days=3)
    assert not process.promises("corner", date(2026, 11, 20)).ladder

    path.write_text(WHOLE.replace("n: 2, unit: hour", "n: 1, unit: hour"), "utf-8")
    store.publish(store.draft(path).id)
    assert process.promises("corner", store.clock.today()).clocks("repair")[0].term.n == 1
    with store.db.write() as session:
        back = drafts.former(session, "corner", "李", store.clock.now())
    store.publish(back.id)
    assert process.promises("corner", store.clock.today()).clocks("repair")[0].term.n == 2


def test_what_a_version_promises_is_kept_in_rows_that_nobody_changes(store: Store) -> None:
    (store.folder / "corner.yml").write_text(WHOLE, "utf-8")
    store.bring_in()
    with store.db.read() as session:
        rows = list(session.scalars(select(PromiseRow).order_by(PromiseRow.place)))
    assert [(row.sort, row.name) for row in rows][:2] == [
        ("Deadline", "first_response *"),
        ("Deadline", "finish return"),
    ]
    assert rows[0].clauses == ["CO-1"]
    for change in (update(PromiseRow).values(name="x"), delete(PromiseRow)):
        with pytest.raises(DBAPIError), store.db.write() as session:
            session.execute(change)


def test_versions_are_told_apart_by_what_they_promise(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    sources = []
    for folder, more in ((one, ()), (other, (("n: 2", "n: 1"),))):
        folder.mkdir()
        promised(folder, *more)
        sources.append(PolicyService.load(folder).policy("corner").source)
    assert differences.of_promises(*sources).changed == ("Deadline:first_response *",)
    assert sources[0].version != sources[1].version


def test_a_set_comes_back_whole_from_its_text(tmp_path: Path) -> None:
    promised(tmp_path)
    source = PolicyService.load(tmp_path).policy("corner").source
    assert source.promises
    assert codec.as_source(codec.as_text(source)) == source


def test_cases_and_promises_speak_of_the_same_kinds_and_states() -> None:
    assert set(promises_file.KINDS) == set(TicketKind)
    assert set(promises_file.STATES) == set(TicketState)
    assert set(promises_file.COMPLAINTS) == set(ComplaintKind)
