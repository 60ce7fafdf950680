"""Nobody is promised a time that somebody else has."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict
from bot.shops.service import Shops, Visits
from bot.tickets import appointments
from bot.tickets import repository_work as work
from bot.tickets.appointments import SlotTaken
from bot.tickets.models_work import Appointment, VisitKind, VisitState
from bot.tickets.office import SHOPPER
from bot.tickets.states import Event
from tests.fixtures.cases import LI, Cases, at
from tests.fixtures.desk import SHOP, together

REPAIR = VisitKind.FIELD_REPAIR
TUESDAY = date(2026, 11, 24)


def _book(cases: Cases, case: str, when: str, kind: VisitKind = REPAIR) -> Appointment:
    with cases.db.write() as session:
        ticket = cases.get(session, case)
        return appointments.book(session, cases.tickets.office, ticket, kind, at(when), LI)


def _free(cases: Cases, kind: VisitKind = REPAIR, day: date = TUESDAY) -> list[str]:
    with cases.db.read() as session:
        times = appointments.free(session, cases.tickets.office, SHOP, kind, day)
    return [f"{each:%H:%M}" for each in times]


def _sized(cases: Cases, **more: object) -> None:
    shop = replace(cases.shops.get(SHOP), visits={REPAIR: Visits(120, 2)}, **more)  # type: ignore[arg-type]
    cases.shops = Shops({SHOP: shop}, SHOP)


def test_the_times_of_a_day_lie_in_the_shops_hours_and_breaks_nothing(small_cases: Cases) -> None:
    assert _free(small_cases) == ["10:00", "12:00", "14:00", "16:00", "18:00"]
    _sized(small_cases, breaks=((time(12), time(13)),), closed=frozenset({date(2026, 11, 25)}))
    assert _free(small_cases) == ["10:00", "13:00", "15:00", "17:00", "19:00"]
    assert _free(small_cases, day=date(2026, 11, 25)) == []


def test_times_that_are_past_are_not_offered(small_cases: Cases) -> None:
    small_cases.clock.put("2026-11-24 15:00")
    assert _free(small_cases) == ["16:00", "18:00"]


def test_as_many_as_there_are_places_get_a_time_and_no_more(cases: Cases) -> None:
    _sized(cases)
    case_ids = [cases.open() for _ in range(6)]

    def book(index: int) -> str:
        try:
            return str(_book(cases, case_ids[index], "2026-11-24 14:00").place)
        except SlotTaken:
            return "taken"

    assert sorted(together(book, 6)) == ["1", "2", *["taken"] * 4]
    assert "14:00" not in _free(cases)


def test_the_database_refuses_a_second_booking_of_a_place(cases: Cases) -> None:
    first, second = cases.open(), cases.open()
    made = _book(cases, first, "2026-11-24 14:00")
    with pytest.raises(IntegrityError), cases.db.write() as session:
        session.add(
            Appointment(
                ticket_id=second,
                shop=SHOP,
                kind=REPAIR,
                state=VisitState.HELD,
                starts_at=made.starts_at,
                ends_at=made.ends_at,
                place=1,
                made_by="x",
                made_at=made.made_at,
            )
        )


@pytest.mark.parametrize("when", ["2026-11-24 14:30", "2026-11-24 09:00", "2026-11-20 14:00"])
def test_a_time_that_the_shop_does_not_offer_cannot_be_had(small_cases: Cases, when: str) -> None:
    with pytest.raises(SlotTaken):
        _book(small_cases, small_cases.open(), when)


def test_a_case_has_one_appointment_ahead(small_cases: Cases) -> None:
    case = small_cases.open()
    _book(small_cases, case, "2026-11-24 14:00")
    with pytest.raises(Conflict):
        _book(small_cases, case, "2026-11-24 16:00")


def test_moving_frees_the_old_time_and_a_taken_one_leaves_everything(small_cases: Cases) -> None:
    mine, other = small_cases.open(), small_cases.open()
    _book(small_cases, mine, "2026-11-24 14:00")
    _book(small_cases, other, "2026-11-24 16:00")
    office = small_cases.tickets.office
    with small_cases.db.write() as session:
        ticket = small_cases.get(session, mine)
        with pytest.raises(SlotTaken):
            appointments.move(session, office, ticket, at("2026-11-24 16:00"), SHOPPER)
        appointments.confirm(session, office, ticket, LI)
        appointments.move(session, office, ticket, at("2026-11-25 10:00"), SHOPPER)
    assert "14:00" in _free(small_cases)
    with small_cases.db.read() as session:
        states = [each.state for each in work.appointments(session, mine)]
    assert states == ["moved", "held"]


def test_a_shopper_is_reminded_once_the_day_before(cases: Cases) -> None:
    talk = cases.talk()
    case = cases.open(talk)
    _book(cases, case, "2026-11-26 14:00")
    cases.jobs.notify()
    for when in ("2026-11-25 13:59", "2026-11-25 14:00", "2026-11-25 14:01"):
        cases.clock.put(when)
        cases.jobs.remind()
        cases.jobs.notify()

    said = cases.said(talk)
    assert len(said) == 2
    assert "11月26日（周四）14:00" in said[1]


def test_nobody_is_reminded_of_what_is_over(small_cases: Cases) -> None:
    talk = small_cases.talk()
    _book(small_cases, small_cases.open(talk), "2026-11-26 14:00")
    small_cases.jobs.notify()
    small_cases.clock.put("2026-11-27 10:00")
    small_cases.jobs.remind()
    small_cases.jobs.notify()

    assert len(small_cases.said(talk)) == 1


def test_a_settled_case_gives_its_time_back(small_cases: Cases) -> None:
    case = small_cases.open()
    _book(small_cases, case, "2026-11-24 14:00")
    small_cases.advance(case, Event.WITHDRAW, by=SHOPPER)

    assert "14:00" in _free(small_cases)
    small_cases.clock.at += timedelta(hours=23)
    assert small_cases.jobs.remind() == 0
