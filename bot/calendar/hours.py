"""The hours in which a shop is open: adding to them and counting them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from bot.shops.service import Shop

Counts = Callable[[date], bool]
_ONE_DAY = timedelta(days=1)
_LONGEST = 800  # days looked through before a shop counts as never open


def every_day(day: date) -> bool:
    """Counts each day."""
    return True


def open_spans(day: datetime, shop: Shop) -> Iterator[tuple[datetime, datetime]]:
    """From when to when the shop is open on the day of an instant, its breaks left out."""
    if day.date() in shop.closed:
        return
    start = shop.opens
    for pause, back in sorted(shop.breaks):
        if start < pause:
            yield _at(day, start), _at(day, min(pause, shop.closes))
        start = max(start, back)
    if start < shop.closes:
        yield _at(day, start), _at(day, shop.closes)


def later(start: datetime, span: timedelta, shop: Shop, counts: Counts = every_day) -> datetime:
    """When `span` of open time has passed since `start`; only days that count are taken."""
    day = start
    for _ in range(_LONGEST):
        for opens, closes in open_spans(day, shop) if counts(day.date()) else ():
            begins = max(start, opens)
            if begins < closes and begins + span <= closes:
                return begins + span
            span -= max(closes - begins, timedelta())
        day = _at(day + _ONE_DAY, time(0))
    return start + span  # never open: the wall clock is all there is


def between(start: datetime, end: datetime, shop: Shop, counts: Counts = every_day) -> timedelta:
    """How much open time lies between two instants, on days that count."""
    total, day = timedelta(), start
    while day.date() <= end.date():
        for opens, closes in open_spans(day, shop) if counts(day.date()) else ():
            total += max(min(closes, end) - max(opens, start), timedelta())
        day = _at(day + _ONE_DAY, time(0))
    return total


def _at(moment: datetime, clock: time) -> datetime:
    return datetime.combine(moment.date(), clock, moment.tzinfo)
