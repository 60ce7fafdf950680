"""Turn a term into an instant on the working-day calendar and the shop's hours."""

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import hours
from bot.calendar.days import Days, Official, usual
from bot.shops.service import Shop, Term


@dataclass(frozen=True)
class Due:
    """When a term ends. `provisional`: the year's holidays are not published yet, so the
    instant counts Monday to Friday and must not be promised as a date."""

    at: datetime
    provisional: bool = False


def due(
    start: datetime,
    term: Term,
    shop: Shop,
    zone: ZoneInfo,
    days: Days | None = None,
    *,
    statutory: bool = False,
) -> Due:
    """The instant at which `term`, begun at `start`, ends for this shop.

    Minutes and hours run only while the shop is open, its breaks left out. Days, working days
    and months end at closing time of the last day, the starting day not counted; a day on which
    the shop is closed counts all the same, for the promise was given in the calendar's days.

    A term that the law sets and whose last day is a day of rest ends on the next working day
    (Civil Code, art. 203); a clause's own term ends on the day it says.
    """
    days = days or Official()
    local = start.astimezone(zone)
    if term.unit in ("minute", "hour"):
        span = timedelta(**{f"{term.unit}s": term.n})
        return Due(hours.later(local, span, shop))
    last, guessed = local.date(), False
    if term.unit == "working_day":
        last, guessed = _working_days(last, term.n, days)
    elif term.unit == "month":
        last = _months_later(last, term.n)
    else:
        last += timedelta(days=term.n)
    if statutory or term.statutory:
        last, more = _past_rest(last, days)
        guessed |= more
    return Due(_closing(last, shop, zone), guessed)


def is_working_day(day: date, days: Days | None = None) -> tuple[bool, bool]:
    """Whether a day is worked, holidays and make-up days counted, and whether that is a guess
    because the year's holidays are not known."""
    worked = (days or Official()).worked(day)
    return (usual(day), True) if worked is None else (worked, False)


def spoken(at: datetime, zone: ZoneInfo) -> str:
    """An instant as one says it in Chinese: 11月24日（周二）21:00."""
    local = at.astimezone(zone)
    weekday = "一二三四五六日"[local.weekday()]
    return f"{local.month}月{local.day}日（周{weekday}）{local:%H:%M}"


def _working_days(day: date, n: int, days: Days) -> tuple[date, bool]:
    provisional = False
    while n > 0:
        day += timedelta(days=1)
        worked, guessed = is_working_day(day, days)
        provisional |= guessed
        n -= worked
    return day, provisional


def _past_rest(day: date, days: Days) -> tuple[date, bool]:
    worked, provisional = is_working_day(day, days)
    while not worked:
        day += timedelta(days=1)
        worked, guessed = is_working_day(day, days)
        provisional |= guessed
    return day, provisional


def _months_later(day: date, n: int) -> date:
    """The same day of the month, or the month's last (Civil Code, art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _closing(day: date, shop: Shop, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, shop.closes, zone)
