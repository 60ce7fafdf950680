"""Turn a term into an instant on the working-day calendar and the shop's hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from bot.shops.service import Shop, Term


@dataclass(frozen=True)
class Due:
    """When a term ends. `provisional`: the year's holidays are not published yet, so the
    instant counts Monday to Friday and must not be promised as a date."""

    at: datetime
    provisional: bool = False


def due(start: datetime, term: Term, shop: Shop, zone: ZoneInfo) -> Due:
    """The instant at which `term`, begun at `start`, ends for this shop.

    Minutes and hours run only while the shop is open; days and working days end at closing
    time of the last day, the starting day not counted.
    """
    local = start.astimezone(zone)
    if term.unit in ("minute", "hour"):
        span = timedelta(**{f"{term.unit}s": term.n})
        return Due(_open_time(local, span, shop))
    if term.unit == "day":
        return Due(_closing(local.date() + timedelta(days=term.n), shop, zone))
    last, provisional = _working_days(local.date(), term.n)
    return Due(_closing(last, shop, zone), provisional)


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether a day is worked, holidays and make-up days counted, and whether that is a guess
    because the year's holidays are not known."""
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5, True


def spoken(at: datetime, zone: ZoneInfo) -> str:
    """An instant as one says it in Chinese: 11月24日（周二）21:00."""
    local = at.astimezone(zone)
    weekday = "一二三四五六日"[local.weekday()]
    return f"{local.month}月{local.day}日（周{weekday}）{local:%H:%M}"


def _working_days(day: date, n: int) -> tuple[date, bool]:
    provisional = False
    while n > 0:
        day += timedelta(days=1)
        worked, guessed = is_working_day(day)
        provisional |= guessed
        n -= worked
    return day, provisional


def _closing(day: date, shop: Shop, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, shop.closes, zone)


def _open_time(start: datetime, span: timedelta, shop: Shop) -> datetime:
    now = start
    while True:
        opens, closes = (_at(now, shop.opens), _at(now, shop.closes))
        now = max(now, opens)
        if now < closes and now + span <= closes:
            return now + span
        span -= max(closes - now, timedelta())
        now = _at(now + timedelta(days=1), time(0))


def _at(moment: datetime, clock: time) -> datetime:
    return datetime.combine(moment.date(), clock, moment.tzinfo)
