"""The one place that knows what time it is; tests may start it at another instant."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """A running clock in the shop's time zone, started at `start` if one is given.

    A naive `start` is read as shop time.
    """

    def __init__(self, zone: ZoneInfo, start: datetime | None = None) -> None:
        self.zone = zone
        if start is not None and start.tzinfo is None:
            start = start.replace(tzinfo=zone)
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The instant, in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return (self._start + timedelta(seconds=time.monotonic() - self._began)).astimezone(UTC)

    def today(self) -> date:
        """The date on the shop's wall."""
        return self.now().astimezone(self.zone).date()
