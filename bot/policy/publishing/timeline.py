"""Which version judges a case: the one in force on the day that the case is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Stretch:
    """From an instant on, which falls on `day` in the shop, a version holds."""

    at: datetime
    day: date
    version_id: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stretches of one set, oldest first; of several from one instant only the last."""

    stretches: tuple[Stretch, ...]

    @classmethod
    def of(cls, turns: Sequence[tuple[datetime, int]], zone: ZoneInfo) -> "Timeline":
        """From instants and versions in the order in which they hold."""
        last = dict(turns)
        return cls(
            tuple(
                Stretch(at, at.astimezone(zone).date(), version)
                for at, version in sorted(last.items())
            )
        )

    def on(self, day: date, now: datetime, today: date) -> Stretch:
        """What holds at the end of a day, or now if the day is today: of a purchase only its
        day is known. A day before the first stretch takes the first."""
        for stretch in reversed(self.stretches):
            if stretch.day < day or (stretch.day == day and (stretch.at <= now or day > today)):
                return stretch
        return self.stretches[0]

    def now(self, now: datetime) -> Stretch:
        """What holds at this instant."""
        for stretch in reversed(self.stretches):
            if stretch.at <= now:
                return stretch
        return self.stretches[0]
