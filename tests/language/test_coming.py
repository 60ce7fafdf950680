"""When somebody may come, in the shopper's own words."""

from datetime import UTC, date, datetime, time

import pytest

from bot.language.coming import Coming, coming

MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)


def _heard(words: str) -> Coming:
    found = coming(words, MONDAY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("明天下午", TUESDAY, TUESDAY),
        ("明早", TUESDAY, TUESDAY),
        ("改到后天上午", WEDNESDAY, WEDNESDAY),
        ("大后天吧", THURSDAY, THURSDAY),
        ("周三", WEDNESDAY, WEDNESDAY),
        ("这周四可以吗", THURSDAY, THURSDAY),
        ("下周一", date(2026, 11, 30), date(2026, 11, 30)),
        ("星期天", date(2026, 11, 29), date(2026, 11, 29)),
        ("周末吧", date(2026, 11, 28), date(2026, 11, 29)),
        ("下周都行", date(2026, 11, 30), date(2026, 12, 6)),
        ("26号", THURSDAY, THURSDAY),
        ("二十六号上午", THURSDAY, THURSDAY),
        ("12月3号", date(2026, 12, 3), date(2026, 12, 3)),
        ("3号", date(2026, 12, 3), date(2026, 12, 3)),
        ("两天后", WEDNESDAY, WEDNESDAY),
        ("这个月30号", date(2026, 11, 30), date(2026, 11, 30)),
        ("下个月25号", date(2026, 12, 25), date(2026, 12, 25)),
        ("明天没空，后天吧", WEDNESDAY, WEDNESDAY),
        ("明天下午有事后天上午行", WEDNESDAY, WEDNESDAY),
    ],
)
def test_the_days_meant_are_heard(words: str, first: date, last: date) -> None:
    found = _heard(words)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ("明天下午三点", time(15)),
        ("明天3点", time(15)),
        ("后天上午十点半", time(10, 30)),
        ("周三早上8点", time(8)),
        ("14:30", time(14, 30)),
        ("晚上七点", time(19)),
        ("中午12点", time(12)),
        ("明天10点左右", time(10)),
        ("十一点一刻", time(11, 15)),
    ],
)
def test_an_hour_is_heard_as_one_means_it_by_day(words: str, exact: time) -> None:
    assert _heard(words).exact == exact


def test_a_part_of_the_day_bounds_the_hours() -> None:
    found = _heard("明天下午")
    assert found.fits(datetime(2026, 11, 24, 14, tzinfo=UTC))
    assert not found.fits(datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert not found.fits(datetime(2026, 11, 25, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    "words", ["明天下午吧", "那就后天上午10点", "周六行吗？", "26号能来吗", "下午"]
)
def test_a_line_that_names_only_a_time_is_known_as_one(words: str) -> None:
    assert _heard(words).bare


@pytest.mark.parametrize(
    "words", ["明天我带小票去退货", "周三买的裙子开线了", "26号的订单还没发货"]
)
def test_a_line_that_says_more_is_no_bare_time(words: str) -> None:
    assert not _heard(words).bare


@pytest.mark.parametrize(
    "words", ["你好", "快点", "99号", "一点都不好", "明天没空", "26号楼", "昨天买的", "十三月五号"]
)
def test_what_names_no_time_ahead_is_none(words: str) -> None:
    found = coming(words, MONDAY)
    assert found is None or not found.bare
