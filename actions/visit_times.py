"""Which times a case can have, and those that its shopper was offered or means."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

from actions.base import Turn
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.language.coming import Coming
from bot.messages import Author, Button
from bot.tickets.models import Ticket, TicketKind
from bot.tickets.models_work import VisitKind
from bot.tickets.states import SETTLED

VISIT = "visit"  # the effect of a line that was answered with times, or about one
OFFERED = 6
DAYS = 7  # that are offered from; a day named outright may be further off
FAR = 30
SET_OUT = timedelta(hours=3)  # from now, before anybody can be at the shopper's door
RECENT = 4  # lines of the shopper, this one among them, for which an offer of times stands
_FORM = "%Y%m%d%H%M"
_NEAR = ("今天", "明天", "后天")
AT_HOME = (VisitKind.INSTALLATION, VisitKind.FIELD_REPAIR)
# Goods that nobody carries to a counter.
HEAVY = ("appliance", "electronics", "furniture", "equipment", "instrument", "network")
REPAIRED = (TicketKind.REPAIR, TicketKind.INSPECTION)


def case_to_visit(turn: Turn) -> Ticket | None:
    """The shopper's newest case that still has something to be done, one with a time first."""
    tickets = turn.services.tickets
    live = [t for t in tickets.mine(turn.session, turn.conversation) if t.state not in SETTLED]
    booked = (t for t in live if tickets.visit(turn.session, t) is not None)
    return next(booked, live[0] if live else None)


def kind_for(turn: Turn, ticket: Ticket) -> VisitKind:
    """Who goes to whom: what the case has already, else what its goods and its shop make likely."""
    ahead = turn.services.tickets.visit(turn.session, ticket)
    if ahead is not None:
        return VisitKind(ahead.kind)
    if ticket.kind == TicketKind.INSTALLATION:
        return VisitKind.INSTALLATION
    goods, visits = ticket.facts.get("category"), turn.shop.visits
    carried = goods not in HEAVY if goods else VisitKind.COUNTER_VISIT in visits
    at_home = ticket.kind in REPAIRED and VisitKind.FIELD_REPAIR in visits and not carried
    return VisitKind.FIELD_REPAIR if at_home else VisitKind.COUNTER_VISIT


def offered(turn: Turn) -> list[datetime] | None:
    """The times that one of the shopper's last lines was answered with; None for no such talk."""
    last = repository.latest(turn.session, turn.conversation.id, Author.SHOPPER, RECENT)
    for line in last[1:]:
        kept = conversations.effect(turn.session, line.id, VISIT)
        if kept is not None:
            return [read(turn, told) for told in kept.get("times", ())]
    return None


def record(turn: Turn, times: Sequence[datetime]) -> None:
    """Keep the times that a line is answered with; none when it settled one."""
    kept = {"times": [local(turn, at).strftime(_FORM) for at in times]}
    conversations.record_effect(turn.session, turn.heard.message_id, VISIT, kept, turn.now)


def meant(turn: Turn, ticket: Ticket, named: Coming | None) -> list[datetime]:
    """The free times that a line means; those of one hour only, where that hour can be had."""
    if named is None:
        return []
    days = DAYS if named.first is None else FAR
    times = [at for at in all_free(turn, ticket, days) if named.fits(local(turn, at))]
    if named.exact is None:
        return times
    exact = [at for at in times if local(turn, at).time() == named.exact]
    return exact or times


def all_free(turn: Turn, ticket: Ticket, days: int) -> list[datetime]:
    """Every time of the next days that can be had."""
    return list(chain.from_iterable(_by_day(turn, ticket, days)))


def spread(turn: Turn, ticket: Ticket) -> list[datetime]:
    """Times of several days, the first of each morning and the first after it: one day must not
    fill the choice."""
    found: list[datetime] = []
    for times in _by_day(turn, ticket, DAYS):
        late = [at for at in times[1:] if local(turn, at).hour >= 12]
        found += [times[0], *late[:1]]
    return found[:OFFERED]


def _by_day(turn: Turn, ticket: Ticket, days: int) -> Iterator[Sequence[datetime]]:
    today, kind = turn.services.clock.today(), kind_for(turn, ticket)
    soonest = turn.now + SET_OUT if kind in AT_HOME else turn.now
    for n in range(days):
        day = today + timedelta(days=n)
        free = turn.services.tickets.free_times(turn.session, ticket, kind, day)
        times = [at for at in free if at >= soonest]
        if times:
            yield times


def pressed(turn: Turn) -> datetime:
    """The time of a button. Raises ValueError for digits that are none."""
    return read(turn, str(turn.heard.given["visit"]))


def read(turn: Turn, told: str) -> datetime:
    """A time as it is kept. Raises ValueError."""
    return datetime.strptime(told, _FORM).replace(tzinfo=turn.services.clock.zone)


def local(turn: Turn, at: datetime) -> datetime:
    """A time by the shops' clocks."""
    return at.astimezone(turn.services.clock.zone)


def button(turn: Turn, at: datetime) -> Button:
    """A time to press."""
    here = local(turn, at)
    ahead = (here.date() - turn.services.clock.today()).days
    weekday = "一二三四五六日"[here.weekday()]
    day = _NEAR[ahead] if ahead < len(_NEAR) else f"{here.month}月{here.day}日 周{weekday}"
    return {"title": f"{day} {here:%H:%M}", "payload": f"visit:{here.strftime(_FORM)}"}
