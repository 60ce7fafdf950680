"""What every service of cases works with, and who may act on a case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.calendar.days import Days
from bot.clock import Clock
from bot.policy.promises import Promises
from bot.shops.service import Shop, Shops
from bot.tickets.models import Ticket
from bot.tickets.states import Who

Promising = Callable[[str, date], Promises]


@dataclass(frozen=True)
class Actor:
    """Somebody who acts on a case: their name in its history, and what they may do."""

    name: str
    who: Who
    roles: frozenset[str] = frozenset()

    @classmethod
    def agent(cls, name: str, *roles: str) -> "Actor":
        """A person of the desk."""
        return cls(name, Who.AGENT, frozenset(roles))


SHOPPER = Actor("shopper", Who.SHOPPER)
SYSTEM = Actor("system", Who.SYSTEM)


def nothing_promised(policy_set: str, on: date) -> Promises:
    """The promises of a shop that has none."""
    return Promises(policy_set, on)


@dataclass(frozen=True)
class Office:
    """The clock, the shops and what they promise; `warn_share` is the part of a promised time
    after which somebody is warned."""

    clock: Clock
    shops: Shops
    days: Days | None = None
    promising: Promising = nothing_promised
    warn_share: float = 0.8

    @property
    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.clock.now()

    @property
    def zone(self) -> ZoneInfo:
        """The shops' time zone."""
        return self.clock.zone

    def shop(self, ticket: Ticket) -> Shop:
        """The shop that a case is with."""
        return self.shops.get(ticket.shop)

    def promises(self, ticket: Ticket) -> Promises:
        """What its shop promised on the day of the application, whatever it promises since."""
        day = ticket.created_at.astimezone(self.zone).date()
        return self.promising(self.shop(ticket).policy_set, day)
