"""Queries over loaded calendars."""

from datetime import date, datetime

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from bot.calendar.models import CalendarAlert, CalendarDay, CalendarYear


def is_there(session: Session) -> bool:
    """Whether the tables were made."""
    return inspect(session.connection()).has_table(CalendarYear.__tablename__)


def year(session: Session, number: int) -> CalendarYear | None:
    """A loaded year."""
    return session.get(CalendarYear, number)


def years(session: Session) -> list[CalendarYear]:
    """Every loaded year."""
    return list(session.scalars(select(CalendarYear).order_by(CalendarYear.year)))


def hashes(session: Session) -> dict[int, str]:
    """What each loaded year's content comes to."""
    query = select(CalendarYear.year, CalendarYear.hash)
    return {row.year: row.hash for row in session.execute(query)}


def days(session: Session, number: int | None = None) -> list[CalendarDay]:
    """The days of a loaded year, or of all, that are not what their weekdays say."""
    query = select(CalendarDay).order_by(CalendarDay.day)
    if number is not None:
        query = query.where(CalendarDay.year == number)
    return list(session.scalars(query))


def forget_days(session: Session, number: int) -> None:
    """Drop a year's days, before others take their place."""
    session.execute(delete(CalendarDay).where(CalendarDay.year == number))


def worked(session: Session) -> dict[date, bool]:
    """Every exceptional day of every loaded year."""
    query = select(CalendarDay.day, CalendarDay.worked)
    return {row.day: row.worked for row in session.execute(query)}


def alerts(session: Session) -> list[CalendarAlert]:
    """Every year that was missed."""
    return list(session.scalars(select(CalendarAlert).order_by(CalendarAlert.year)))


def settle(session: Session, number: int, now: datetime) -> None:
    """Note that a missed year is there now."""
    alert = session.get(CalendarAlert, number)
    if alert is not None and alert.settled_at is None:
        alert.settled_at = now
