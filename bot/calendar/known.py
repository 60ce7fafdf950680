"""The working days this installation knows: loaded notices first, then the packaged calendar.

A year that nobody knows stops nothing. The operator is told of it once, whatever the number of
processes: whoever writes the row says it in the log as well.
"""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import date

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.calendar import repository
from bot.calendar.days import Official, usual
from bot.calendar.models import CalendarAlert
from bot.clock import Clock
from bot.db import Database

log = logging.getLogger(__name__)


class KnownDays:
    """Safe to share between threads; looks for newly loaded notices once in `every` seconds."""

    def __init__(self, db: Database, clock: Clock, every: float = 10.0) -> None:
        self._db = db
        self._clock = clock
        self._every = every
        self._official = Official()
        self._loaded: Mapping[int, str] = {}
        self._marked: Mapping[date, bool] = {}
        self._look_at = 0.0
        self._missed: set[int] = set()
        self._telling: list[threading.Thread] = []
        self._guard = threading.Lock()

    def worked(self, day: date) -> bool | None:
        """Whether a day is worked; None where the year's notice is not known."""
        self._renew()
        if day.year in self._loaded:
            return self._marked.get(day, usual(day))
        worked = self._official.worked(day)
        if worked is None:
            self._miss(day.year)
        return worked

    def wait(self) -> None:
        """Until every alert under way is written."""
        for thread in self._telling:
            thread.join()

    def _renew(self) -> None:
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + self._every
        try:
            with self._db.read() as session:
                loaded = repository.hashes(session) if repository.is_there(session) else {}
                if loaded != self._loaded:
                    # The days first: a year counts as known only once its days are here.
                    self._marked = repository.worked(session)
                    self._loaded = loaded
        except SQLAlchemyError:
            log.warning("calendar: the database does not answer; going on with what is known")

    def _miss(self, year: int) -> None:
        with self._guard:
            if year in self._missed:
                return
            self._missed.add(year)
        # In a thread of its own: the caller may hold the one write transaction that SQLite has.
        thread = threading.Thread(target=self._tell, args=(year,), name=f"calendar-{year}")
        thread.daemon = True
        self._telling.append(thread)
        thread.start()

    def _tell(self, year: int) -> None:
        try:
            with self._db.write() as session:
                if session.get(CalendarAlert, year) is not None:
                    return
                session.add(CalendarAlert(year=year, raised_at=self._clock.now(), settled_at=None))
        except IntegrityError:
            return  # another process was first
        except SQLAlchemyError:
            log.warning("calendar: the alert for %d could not be kept", year)
        log.error(
            "calendar: the holidays of %d are not known; terms reaching it are told without a "
            "date. Load the official notice: python -m bot calendar import FILE",
            year,
        )
