"""A term that stood still and goes on with the rest, and the point at which to warn of its end."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import hours
from bot.calendar.days import Days
from bot.calendar.service import Due, due, is_working_day
from bot.shops.service import Shop, Term

HOURLY = ("minute", "hour")


def resumed(
    paused: datetime,
    back: datetime,
    ends: Due,
    unit: str,
    shop: Shop,
    zone: ZoneInfo,
    days: Days | None = None,
    *,
    statutory: bool = False,
) -> Due:
    """When a term that was to end at `ends` ends after it stood still from `paused` to `back`.

    Minutes and hours go on with the open time that was left. Days go on with the days that were
    left after the one of the pause, again without the day on which they begin; on its last day
    a term has the rest of the day on which it goes on, or the next one. A term that was over
    already stays so.
    """
    if paused >= ends.at:
        return ends
    paused, back, end = (each.astimezone(zone) for each in (paused, back, ends.at))
    if unit in HOURLY:
        return Due(hours.later(back, hours.between(paused, end, shop), shop), ends.provisional)
    kind = "working_day" if unit == "working_day" else "day"
    left = sum(counted(day, kind, days) for day in _days_after(paused.date(), end.date()))
    if left == 0 and (not counted(back.date(), kind, days) or back.time() >= shop.closes):
        left = 1
    found = due(back, Term(left, kind), shop, zone, days, statutory=statutory)
    return Due(found.at, found.provisional or (ends.provisional and left > 0))


def share(
    start: datetime, end: datetime, part: float, unit: str, shop: Shop, days: Days | None = None
) -> datetime:
    """The instant at which `part` of the shop's open time between two instants has passed."""
    kind = "working_day" if unit == "working_day" else "day"

    def counts(day: date) -> bool:
        return counted(day, kind, days)

    whole = hours.between(start, end, shop, counts)
    return min(end, hours.later(start, whole * part, shop, counts))


def counted(day: date, unit: str, days: Days | None) -> bool:
    """Whether a day counts for a term in `unit`."""
    return unit != "working_day" or is_working_day(day, days)[0]


def exceptions(
    start: datetime, end: datetime, zone: ZoneInfo, days: Days | None
) -> tuple[list[date], list[date]]:
    """The weekdays off and the weekend days worked after the day of `start` until that of `end`."""
    off: list[date] = []
    worked: list[date] = []
    for day in _days_after(start.astimezone(zone).date(), end.astimezone(zone).date()):
        is_worked, _ = is_working_day(day, days)
        if is_worked != (day.weekday() < 5):
            (worked if is_worked else off).append(day)
    return off, worked


def _days_after(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
