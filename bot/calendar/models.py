"""The tables of official calendars: years loaded from a notice, and years somebody must load."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base


class CalendarYear(Base):
    """A year whose official notice was loaded; `hash` is of its content."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    imported_by: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]


class CalendarDay(Base):
    """A day of such a year that is not what its weekday says: a holiday or a make-up day."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("calendar_years.year"), index=True)
    worked: Mapped[bool]
    name: Mapped[str] = mapped_column(String(64))


class CalendarAlert(Base):
    """A year that a term reached before its notice was loaded; told to the operator once."""

    __tablename__ = "calendar_alerts"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
