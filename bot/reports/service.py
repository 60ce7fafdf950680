"""Figures over the stored facts, for one span of days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from bot.clock import Clock
from bot.db import Database
from bot.messages import Mode
from bot.reports import repository


@dataclass(frozen=True)
class ShopFigures:
    """One shop: conversations opened, and in how many of them a person was asked for."""

    shop: str
    opened: int
    handed_off: int

    @property
    def alone(self) -> float:
        """The share that the bot finished by itself, from 0 to 1."""
        return 1 - self.handed_off / self.opened if self.opened else 0.0


@dataclass(frozen=True)
class Figures:
    """See the repository for each; `wait` is the median in seconds, None without any."""

    days: int
    shops: list[ShopFigures]
    reasons: Mapping[str | None, int]
    ends: Mapping[str | None, int]
    cases: Mapping[str, int]
    scores: Mapping[int, int]
    wait: float | None
    open_cases: int
    overdue: int
    waiting: int
    with_people: int

    @property
    def opened(self) -> int:
        """Conversations of all shops."""
        return sum(shop.opened for shop in self.shops)

    @property
    def handed_off(self) -> int:
        """Hand-offs of all shops."""
        return sum(shop.handed_off for shop in self.shops)

    @property
    def score(self) -> float | None:
        """The mean score, None without any."""
        given = sum(self.scores.values())
        return sum(score * n for score, n in self.scores.items()) / given if given else None


@dataclass(frozen=True)
class Reports:
    """Reads only."""

    db: Database
    clock: Clock

    def figures(self, days: int) -> Figures:
        """Of the last `days` days."""
        now = self.clock.now()
        since = now - timedelta(days=days)
        with self.db.read() as session:
            opened = repository.conversations(session, since)
            handed = repository.handed_off(session, since)
            waits = repository.waits(session, since)
            return Figures(
                days=days,
                shops=[
                    ShopFigures(shop, count, handed.get(shop, 0))
                    for shop, count in sorted(opened.items(), key=lambda each: -each[1])
                ],
                reasons=repository.reasons(session, since),
                ends=repository.ends(session, since),
                cases=repository.cases(session, since),
                scores=repository.scores(session, since),
                wait=median(waits) if waits else None,
                open_cases=repository.open_cases(session),
                overdue=repository.overdue(session, now),
                waiting=repository.now_in(session, Mode.WAITING),
                with_people=repository.now_in(session, Mode.HUMAN),
            )
