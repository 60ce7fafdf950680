"""Which version judges which day, against a reading that looks at every hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.models import PublicationKind
from bot.policy.publishing.repository import Placed
from bot.policy.publishing.shelf import Change, Shelf
from bot.policy.publishing.timeline import Timeline

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, tzinfo=ZONE)
HOURS = st.integers(0, 24 * 8)


def hour(n: int) -> datetime:
    return START + timedelta(hours=n)


@given(st.lists(HOURS, min_size=1, max_size=6), HOURS, st.integers(-2, 9))
def test_a_day_is_judged_by_what_held_at_its_end_or_holds_now(
    turns: list[int], now: int, day: int
) -> None:
    rows = sorted((hour(at).astimezone(UTC), number) for number, at in enumerate(turns))
    line = Timeline.of(rows, ZONE)
    wanted = START.date() + timedelta(days=day)
    today = hour(now).astimezone(ZONE).date()
    end = datetime.combine(wanted + timedelta(days=1), datetime.min.time(), ZONE)
    moment = end - timedelta(seconds=1) if wanted != today else hour(now)
    past = [number for at, number in rows if at <= moment and (wanted != today or at <= hour(now))]
    expected = past[-1] if past else next(n for at, n in reversed(rows) if at == rows[0][0])
    assert line.on(wanted, hour(now), today).version_id == expected


def test_of_two_texts_from_one_instant_the_later_publication_holds() -> None:
    shelf = Shelf(2, (placed(1, "a", "old", 0), placed(2, "a", "new", 0)))
    assert shelf.at(hour(0))["a"].source == "new"
    assert shelf.former("a") == placed(1, "a", "old", 0)


def test_a_text_is_not_there_before_its_first_publication() -> None:
    shelf = Shelf(1, (placed(1, "a", "x", 5),))
    assert shelf.at(hour(4)) == {}
    assert shelf.later_than(hour(4)) == [hour(5)]
    assert shelf.former("a") is None


@given(st.lists(st.tuples(st.sampled_from("ab"), HOURS), min_size=1, max_size=6), HOURS)
def test_one_more_change_is_seen_from_its_instant_until_a_later_one(
    past: list[tuple[str, int]], at: int
) -> None:
    rows = tuple(placed(n, name, f"{name}{n}", when) for n, (name, when) in enumerate(past, 1))
    after = Shelf(len(rows), rows).with_more([Change(hour(at), {"a": "more"})])
    later = min((when for name, when in past if name == "a" and when > at), default=None)
    assert after.at(hour(at))["a"].source == "more"
    if later is not None:
        assert after.at(hour(later))["a"].source != "more"


def placed(number: int, name: str, source: str, at: int) -> Placed:
    return Placed(number, PublicationKind.PUBLISH, name, source, hour(at))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_any_day_of_the_calendar_has_its_version(day: date) -> None:
    line = Timeline.of([(START, 1), (hour(30), 2)], ZONE)
    assert line.on(day, hour(1), START.date()).version_id in (1, 2)
