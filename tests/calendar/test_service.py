"""Terms end on working days and in shop hours, holidays and make-up days counted."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import service as calendar
from bot.shops.service import Shop, Term

ZONE = ZoneInfo("Asia/Shanghai")
SHOP = Shop("s", "店", "dept_fashion", {}, time(10), time(21), Term(1, "working_day"), "台")


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "n", "unit", "end"),
    [
        # While the shop is open, through the lunch hour as well: nothing closes for it.
        ("2026-11-23 10:00", 10, "minute", "2026-11-23 10:10"),
        ("2026-11-23 11:50", 60, "minute", "2026-11-23 12:50"),
        ("2026-11-23 20:50", 10, "minute", "2026-11-23 21:00"),
        # Over closing time: the rest runs from the next opening.
        ("2026-11-23 20:55", 10, "minute", "2026-11-24 10:05"),
        ("2026-11-23 21:00", 10, "minute", "2026-11-24 10:10"),
        ("2026-11-23 23:30", 10, "minute", "2026-11-24 10:10"),
        ("2026-11-23 03:00", 10, "minute", "2026-11-23 10:10"),
        ("2026-11-23 12:00", 24, "hour", "2026-11-25 14:00"),
        # The shop is open on holidays too.
        ("2026-10-01 20:55", 10, "minute", "2026-10-02 10:05"),
        # Days: closing time of the last, the first not counted.
        ("2026-11-23 10:00", 3, "day", "2026-11-26 21:00"),
        ("2026-11-23 23:59", 1, "day", "2026-11-24 21:00"),
        ("2026-09-30 10:00", 3, "day", "2026-10-03 21:00"),
        # Working days: a weekend, the National Day week of 2026, its make-up days.
        ("2026-11-27 10:00", 1, "working_day", "2026-11-30 21:00"),
        ("2026-11-28 10:00", 1, "working_day", "2026-11-30 21:00"),
        ("2026-09-30 10:00", 1, "working_day", "2026-10-08 21:00"),
        ("2026-10-03 10:00", 1, "working_day", "2026-10-08 21:00"),
        ("2026-09-30 10:00", 3, "working_day", "2026-10-10 21:00"),
        ("2026-09-18 10:00", 1, "working_day", "2026-09-20 21:00"),
        ("2026-09-30 10:00", 7, "working_day", "2026-10-15 21:00"),
    ],
)
def test_a_term_ends_when_the_shop_would_say(start: str, n: int, unit: str, end: str) -> None:
    due = calendar.due(_at(start), Term(n, unit), SHOP, ZONE)

    assert (due.at, due.provisional) == (_at(end), False)


def test_the_same_instant_told_in_another_zone_ends_at_the_same_time() -> None:
    start = _at("2026-11-23 23:30").astimezone(ZoneInfo("America/New_York"))

    assert calendar.due(start, Term(1, "day"), SHOP, ZONE).at == _at("2026-11-24 21:00")


@pytest.mark.parametrize(
    ("start", "n"), [("2026-12-31 10:00", 1), ("2026-12-28 10:00", 7), ("2031-03-03 10:00", 1)]
)
def test_a_term_that_reaches_an_unpublished_year_is_provisional(start: str, n: int) -> None:
    due = calendar.due(_at(start), Term(n, "working_day"), SHOP, ZONE)

    assert due.provisional
    assert due.at > _at(start)


def test_a_term_in_plain_days_needs_no_calendar_of_holidays() -> None:
    assert not calendar.due(_at("2031-03-03 10:00"), Term(3, "day"), SHOP, ZONE).provisional


@pytest.mark.parametrize(
    ("day", "worked", "guessed"),
    [
        (date(2026, 10, 1), False, False),
        (date(2026, 10, 10), True, False),
        (date(2026, 9, 20), True, False),
        (date(2026, 11, 22), False, False),
        (date(2030, 1, 7), True, True),
        (date(2030, 1, 6), False, True),
    ],
)
def test_a_working_day_is_known_or_said_to_be_a_guess(
    day: date, worked: bool, guessed: bool
) -> None:
    assert calendar.is_working_day(day) == (worked, guessed)


@pytest.mark.parametrize(
    ("start", "n", "unit", "by_law", "by_clause"),
    [
        # A Sunday; a Saturday that is worked; the National Day week; a month without a 31st.
        ("2026-11-15 10:00", 7, "day", "2026-11-23 21:00", "2026-11-22 21:00"),
        ("2026-10-03 10:00", 7, "day", "2026-10-10 21:00", "2026-10-10 21:00"),
        ("2026-09-25 10:00", 7, "day", "2026-10-08 21:00", "2026-10-02 21:00"),
        ("2026-08-31 10:00", 1, "month", "2026-09-30 21:00", "2026-09-30 21:00"),
        ("2025-11-30 10:00", 3, "month", "2026-02-28 21:00", "2026-02-28 21:00"),
        ("2026-02-22 10:00", 3, "month", "2026-05-22 21:00", "2026-05-22 21:00"),
    ],
)
def test_a_term_of_the_law_that_ends_on_a_day_of_rest_ends_on_the_next_working_day(
    start: str, n: int, unit: str, by_law: str, by_clause: str
) -> None:
    law = calendar.due(_at(start), Term(n, unit), SHOP, ZONE, statutory=True)
    clause = calendar.due(_at(start), Term(n, unit), SHOP, ZONE)

    assert (law.at, law.provisional) == (_at(by_law), False)
    assert clause.at == _at(by_clause)


def test_a_term_of_the_law_into_an_unpublished_year_is_provisional() -> None:
    assert calendar.due(
        _at("2026-12-27 10:00"), Term(7, "day"), SHOP, ZONE, statutory=True
    ).provisional


@pytest.mark.parametrize(
    ("start", "n", "unit", "end"),
    [
        ("2026-11-23 20:55", 10, "minute", "2026-11-26 10:05"),
        ("2026-11-24 12:00", 10, "minute", "2026-11-26 10:10"),
        ("2026-11-23 10:00", 10, "minute", "2026-11-23 10:10"),
        ("2026-11-23 12:00", 12, "hour", "2026-11-26 13:00"),
        # What was promised in days stays promised.
        ("2026-11-23 10:00", 2, "day", "2026-11-25 21:00"),
        ("2026-11-23 10:00", 2, "working_day", "2026-11-25 21:00"),
    ],
)
def test_on_days_that_the_shop_is_closed_only_its_hours_stand_still(
    start: str, n: int, unit: str, end: str
) -> None:
    closed = replace(SHOP, closed=frozenset({date(2026, 11, 24), date(2026, 11, 25)}))

    assert calendar.due(_at(start), Term(n, unit), closed, ZONE).at == _at(end)


@given(
    st.integers(0, 690 * 24 * 60),
    st.integers(0, 40),
    st.sampled_from(["minute", "hour", "day", "working_day", "month"]),
    st.booleans(),
)
def test_a_longer_term_never_ends_earlier_and_none_ends_before_it_begins(
    minutes: int, n: int, unit: str, statutory: bool
) -> None:
    began = _at("2025-01-01 00:00") + timedelta(minutes=minutes)
    ends = [
        calendar.due(began, Term(length, unit), SHOP, ZONE, statutory=statutory).at
        for length in (n, n + 1)
    ]

    assert ends[0] <= ends[1]
    assert n == 0 or ends[0] > began


def test_an_instant_is_said_as_people_say_it() -> None:
    assert calendar.spoken(_at("2026-11-24 21:00"), ZONE) == "11月24日（周二）21:00"
    assert calendar.spoken(_at("2026-01-04 09:05"), ZONE) == "1月4日（周日）09:05"
