"""Clocks keep what the shop promised: in its hours, on its days, with the shopper's time left out."""

from datetime import time
from typing import Any

import pytest

from bot.policy.promises import Deadline, Rung
from bot.shops.service import Shops, Term
from bot.tickets.models import TicketKind
from bot.tickets.models_work import ClockState
from bot.tickets.office import SHOPPER
from bot.tickets.states import Event
from tests.fixtures.cases import LI, Cases, at, replace
from tests.fixtures.desk import SHOP

FINISH = "finish"


def finish(n: int, unit: str, **more: Any) -> Deadline:
    return Deadline(FINISH, Term(n, unit), "DF-T-01", **more)


def _with_breaks(cases: Cases) -> None:
    """Let the shop close for lunch."""
    shop = replace(cases.shops.get(SHOP), breaks=((time(12), time(13, 30)),))
    cases.shops = Shops({SHOP: shop}, SHOP)


@pytest.mark.parametrize(
    ("opened", "n", "unit", "due"),
    [
        # The lunch break does not count: 11:30 to 12:00, then from 13:30.
        ("2026-11-23 11:30", 1, "hour", "2026-11-23 14:00"),
        ("2026-11-23 12:10", 2, "hour", "2026-11-23 15:30"),
        # National Day week of 2026: 1 to 7 October off, 10 October worked.
        ("2026-09-30 15:00", 3, "working_day", "2026-10-10 21:00"),
        # The make-up Saturday of 10 October counts, the Sunday after it does not.
        ("2026-10-09 15:00", 2, "working_day", "2026-10-12 21:00"),
        ("2026-10-09 15:00", 1, "working_day", "2026-10-10 21:00"),
        # The end of a month that has no 31st.
        ("2026-10-31 15:00", 1, "month", "2026-11-30 21:00"),
        ("2027-01-31 15:00", 1, "month", "2027-02-28 21:00"),
    ],
)
def test_a_clock_ends_when_the_calendar_says(
    small_cases: Cases, opened: str, n: int, unit: str, due: str
) -> None:
    _with_breaks(small_cases)
    small_cases.promise([finish(n, unit)])
    small_cases.clock.put(opened)

    assert small_cases.clocks(small_cases.open())[FINISH].due_at == at(due)


def test_a_year_without_a_published_calendar_gives_no_date_to_the_shopper(
    small_cases: Cases,
) -> None:
    small_cases.promise([finish(3, "working_day")])
    small_cases.clock.put("2026-12-30 15:00")
    case = small_cases.open()

    assert small_cases.clocks(case)[FINISH].provisional
    assert small_cases.tickets.promise(small_cases.now(case)) is None
    assert "还没公布" in _explained(small_cases, case)


def test_a_guessed_end_is_counted_anew_once_the_year_is_known(small_cases: Cases) -> None:
    class Published:
        def worked(self, day: Any) -> bool | None:
            return day.month != 1 and day.weekday() < 5 if day.year == 2027 else day.weekday() < 5

    small_cases.promise([finish(3, "working_day")])
    small_cases.clock.put("2026-12-30 15:00")
    case = small_cases.open()
    small_cases.days = Published()
    small_cases.clock.put("2027-01-08 10:00")
    small_cases.jobs.sweep()

    clock = small_cases.clocks(case)[FINISH]
    assert (clock.due_at, clock.provisional) == (at("2027-02-02 21:00"), False)
    assert small_cases.history(case) == ["opened"]


def test_handing_a_case_over_begins_no_clock_anew(small_cases: Cases) -> None:
    small_cases.promise([finish(3, "working_day"), finish(1, "working_day", state="reviewing")])
    case = small_cases.open()
    before = {name: clock.due_at for name, clock in small_cases.clocks(case).items()}
    for agent in ("wang", "zhao"):
        small_cases.clock.on(hours=5)
        with small_cases.db.write() as session:
            ticket = small_cases.get(session, case)
            small_cases.tickets.assign(session, ticket, LI, responsible=agent, department="qc")

    after = {name: clock.due_at for name, clock in small_cases.clocks(case).items()}
    assert after == before
    assert small_cases.now(case).responsible == "zhao"


@pytest.mark.parametrize(
    ("n", "unit", "asked", "answered", "due"),
    [
        # Opened Monday 23 November, 10:00. Two days were left when the shopper was asked.
        (3, "working_day", "2026-11-24 15:00", "2026-11-27 11:00", "2026-12-01 21:00"),
        # Asked and answered on one day: nothing moves.
        (3, "working_day", "2026-11-24 15:00", "2026-11-24 16:00", "2026-11-26 21:00"),
        # On the last day: the rest of the day of the answer, or the next working day.
        (3, "working_day", "2026-11-26 20:00", "2026-11-27 11:00", "2026-11-27 21:00"),
        (3, "working_day", "2026-11-26 20:00", "2026-11-28 11:00", "2026-11-30 21:00"),
        # Open hours: 2 of 8 had gone.
        (8, "hour", "2026-11-23 12:00", "2026-11-24 19:00", "2026-11-25 14:00"),
        # Over before anybody was asked: it stays over.
        (1, "hour", "2026-11-23 12:00", "2026-11-24 19:00", "2026-11-23 11:00"),
    ],
)
def test_a_clock_stands_still_while_the_shopper_is_waited_for_and_goes_on_with_the_rest(
    small_cases: Cases, n: int, unit: str, asked: str, answered: str, due: str
) -> None:
    small_cases.promise([finish(n, unit)])
    case = small_cases.open()
    small_cases.clock.put(asked)
    small_cases.advance(case, Event.ASK, why="请拍一下吊牌")
    paused = small_cases.clocks(case)[FINISH]
    small_cases.clock.put(answered)
    small_cases.jobs.sweep()  # nothing fires while it stands
    small_cases.advance(case, Event.ANSWER, by=SHOPPER)

    clock = small_cases.clocks(case)[FINISH]
    assert (paused.state, clock.state) == (ClockState.PAUSED, ClockState.RUNNING)
    assert clock.due_at == at(due)
    assert clock.paused_total == (at(answered) - at(asked)).total_seconds()
    assert "等顾客" in _explained(small_cases, case)
    assert not {"warned", "escalated", "breached"} & set(small_cases.history(case))


def test_why_a_case_is_due_then_can_be_said(small_cases: Cases) -> None:
    small_cases.promise([finish(3, "working_day")])
    small_cases.clock.put("2026-09-30 15:00")

    assert _explained(small_cases, small_cases.open()) == (
        "按 DF-T-01 条，办结要在 3 个工作日内，从9月30日（周三）15:00起算，当天不算，跳过周末，"
        "10月1日至7日放假不算，10月10日调休上班要算，"
        "所以最晚10月10日（周六）21:00。"
    )


def test_what_the_shop_does_first_keeps_the_first_response(small_cases: Cases) -> None:
    small_cases.promise(
        [
            Deadline("first_response", Term(24, "hour"), "DG-T-01"),
            Deadline("next_step", Term(1, "working_day"), "X-1"),
            Deadline("next_step", Term(2, "working_day"), "X-2", state="approved"),
            finish(3, "working_day"),
        ]
    )
    case = small_cases.open()
    small_cases.advance(case, Event.REVIEW)
    assert _states(small_cases, case) == {
        "first_response": "met",
        "next_step": "met",
        "finish": "running",
    }
    small_cases.advance(case, Event.APPROVE)
    assert _states(small_cases, case)["next_step"] == "running"
    small_cases.clock.on(days=9)
    small_cases.advance(case, Event.FINISH)
    assert _states(small_cases, case) == {
        "first_response": "met",
        "next_step": "missed",
        "finish": "missed",
    }


def test_clocks_run_again_for_a_case_that_is_opened_again(small_cases: Cases) -> None:
    small_cases.promise([finish(3, "working_day")])
    case = small_cases.open()
    small_cases.advance(case, Event.FINISH)
    small_cases.clock.put("2026-11-25 10:00")
    small_cases.advance(case, Event.DISPUTE, by=SHOPPER)

    assert small_cases.clocks(case)[FINISH].due_at == at("2026-11-30 21:00")
    assert small_cases.now(case).due_at == at("2026-11-30 21:00")


def test_a_case_opened_again_without_a_promise_of_its_own_gets_a_call(small_cases: Cases) -> None:
    case = small_cases.open()
    small_cases.advance(case, Event.FINISH)
    small_cases.advance(case, Event.DISPUTE, by=SHOPPER)

    assert small_cases.clocks(case)["call_back"].due_at == at("2026-11-24 21:00")


def test_a_withdrawn_case_has_nothing_to_be_late_for(small_cases: Cases) -> None:
    small_cases.promise([finish(3, "working_day")])
    case = small_cases.open()
    small_cases.advance(case, Event.WITHDRAW, by=SHOPPER)
    small_cases.clock.on(days=30)
    small_cases.jobs.sweep()

    assert _states(small_cases, case) == {FINISH: "dropped"}
    assert small_cases.history(case) == ["opened", "withdrawn"]


LADDER = (
    Rung(1, "counter_manager", "MG-L-01", Term(1, "working_day")),
    Rung(2, "floor_supervisor", "MG-L-01", Term(1, "working_day")),
    Rung(3, "complaint_station", "MG-L-01"),
)


def test_a_clock_warns_once_then_takes_the_case_up_rung_by_rung(cases: Cases) -> None:
    cases.promise([finish(3, "working_day")], LADDER)
    case = cases.open(kind=TicketKind.COMPLAINT)
    for when, what, who in (
        ("2026-11-26 12:00", "opened", None),
        ("2026-11-26 12:12", "warned", None),  # 80 % of 44 open hours since Monday, 10:00
        ("2026-11-26 20:59", "warned", None),
        ("2026-11-26 21:00", "escalated", "counter_manager"),
        ("2026-11-27 20:59", "escalated", "counter_manager"),
        ("2026-11-27 21:00", "escalated", "floor_supervisor"),
        ("2026-11-30 20:59", "escalated", "floor_supervisor"),
        ("2026-11-30 21:00", "escalated", "complaint_station"),
        ("2026-12-30 21:00", "escalated", "complaint_station"),
    ):
        cases.clock.put(when)
        for _ in range(2):  # a second sweep finds nothing more
            cases.jobs.sweep()
        assert (cases.history(case)[-1], cases.now(case).assigned_to) == (what, who), when

    assert cases.history(case) == ["opened", "warned", "escalated", "escalated", "escalated"]
    assert cases.now(case).priority == 2


def test_two_times_that_end_together_take_a_case_up_once(small_cases: Cases) -> None:
    small_cases.promise(
        [finish(1, "working_day"), Deadline("first_response", Term(1, "working_day"), "X")],
        LADDER,
    )
    case = small_cases.open()
    small_cases.clock.put("2026-11-25 09:00")
    small_cases.jobs.sweep()

    assert sorted(small_cases.history(case)) == ["breached", "escalated", "opened"]
    assert small_cases.now(case).rung == 1


def test_a_case_of_a_shop_that_is_gone_stands_in_nobodys_way(
    small_cases: Cases, caplog: pytest.LogCaptureFixture
) -> None:
    small_cases.promise([finish(1, "hour")])
    gone, case = small_cases.open(), small_cases.open()
    with small_cases.db.write() as session:
        small_cases.get(session, gone).shop = "closed_down"
    small_cases.clock.on(hours=2)

    assert small_cases.jobs.sweep() == 1
    assert small_cases.history(case) == ["opened", "breached"]
    assert "could not be worked off" in caplog.text


def test_who_stands_on_the_ladder_already_is_passed_over(small_cases: Cases) -> None:
    small_cases.promise([finish(1, "hour")], LADDER, departments={"*": "counter_manager"})
    case = small_cases.open()
    small_cases.clock.on(hours=2)
    small_cases.jobs.sweep()

    assert small_cases.now(case).assigned_to == "floor_supervisor"


def test_a_shop_without_a_ladder_has_the_lateness_on_record(small_cases: Cases) -> None:
    small_cases.promise([finish(1, "hour")])
    case = small_cases.open()
    small_cases.clock.on(hours=2)
    for _ in range(3):
        small_cases.jobs.sweep()

    assert small_cases.history(case) == ["opened", "breached"]


def _states(cases: Cases, case: str) -> dict[str, str]:
    return {name: clock.state for name, clock in cases.clocks(case).items()}


def _explained(cases: Cases, case: str) -> str:
    with cases.db.read() as session:
        ticket = cases.get(session, case)
        return cases.tickets.clocks(session, ticket)[0].explained
