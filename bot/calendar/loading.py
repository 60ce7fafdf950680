"""Puts a year's notice into the database, over what was there for it before."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.calendar import repository
from bot.calendar.days import Official, usual
from bot.calendar.models import CalendarDay, CalendarYear
from bot.calendar.notice import Notice

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Loading:
    """What loading a notice means; `differs` lists the days it tells otherwise than before."""

    notice: Notice
    status: str
    differs: tuple[date, ...]


def look(session: Session, notice: Notice) -> Loading:
    """Compare a notice with what is known of its year."""
    kept = repository.year(session, notice.year)
    if kept is not None and kept.hash == _hash(notice):
        return Loading(notice, SAME, ())
    before = {each.day: each.worked for each in repository.days(session, notice.year)}
    if kept is None:
        before = _packaged(notice.year)
    marked = _marked(notice)
    days = sorted(
        day
        for day in before.keys() | marked.keys()
        if before.get(day, usual(day)) != marked.get(day, usual(day))
    )
    return Loading(notice, NEW if kept is None else CHANGED, tuple(days))


def load(session: Session, loading: Loading, by: str, now: datetime) -> None:
    """Load it; a second time changes nothing."""
    notice = loading.notice
    if loading.status == SAME:
        return
    row = repository.year(session, notice.year) or CalendarYear(year=notice.year)
    row.notice, row.hash = notice.title, _hash(notice)
    row.imported_by, row.imported_at = by, now
    session.add(row)
    session.flush()
    repository.forget_days(session, notice.year)
    for day, name in notice.holidays.items():
        session.add(CalendarDay(day=day, year=notice.year, worked=False, name=name))
    for day, name in notice.workdays.items():
        session.add(CalendarDay(day=day, year=notice.year, worked=True, name=name))
    repository.settle(session, notice.year, now)
    session.flush()


def _marked(notice: Notice) -> dict[date, bool]:
    return dict.fromkeys(notice.holidays, False) | dict.fromkeys(notice.workdays, True)


def _packaged(year: int) -> dict[date, bool]:
    official, first = Official(), date(year, 1, 1).toordinal()
    days = map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1))
    known = {day: official.worked(day) for day in days}
    return {day: worked for day, worked in known.items() if worked is not None}


def _hash(notice: Notice) -> str:
    told = [
        notice.title,
        *sorted((day.isoformat(), "off", name) for day, name in notice.holidays.items()),
        *sorted((day.isoformat(), "on", name) for day, name in notice.workdays.items()),
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
