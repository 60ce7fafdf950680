"""Which days are worked: weekdays, but for holidays and the make-up days that pay for them."""

from datetime import date
from typing import Protocol

import chinese_calendar


class Days(Protocol):
    """Somebody who knows the working days."""

    def worked(self, day: date) -> bool | None:
        """Whether a day is worked; None where the year's notice is not known."""


class Official:
    """The years that the packaged calendar knows."""

    def worked(self, day: date) -> bool | None:
        """Whether a day is worked; None beyond the packaged years."""
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return None


def usual(day: date) -> bool:
    """What a day is where nothing was announced for it."""
    return day.weekday() < 5
