"""Appointments in chat: the next free times as buttons, taken, moved or given up."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from actions.base import ServiceAction, Services, Turn
from bot.messages import Button
from bot.tickets import number
from bot.tickets.appointments import SlotTaken
from bot.tickets.models import Ticket, TicketKind
from bot.tickets.models_work import VisitKind, VisitState
from bot.tickets.office import SHOPPER
from bot.tickets.states import SETTLED

CANCEL = re.compile(r"取消(?:预约|约好)|来不了|去不了|不去了|不用(?:来|上门)了")
_ABOUT = re.compile(
    r"(?:约|预约|定|改|换)(?:个|一?下|到)?(?:时间|日子|上门|到店)|改约|改期|改天(?:来|去|上门)"
)
OFFERED = 4
DAYS = 7
_LONGEST = 20
_FORM = "%Y%m%d%H%M"


def is_about_one(words: str) -> bool:
    """Whether a line is about a time to meet and little else."""
    return len(words) <= _LONGEST and bool(_ABOUT.search(words) or CANCEL.search(words))


def fits(words: str, ticket: Ticket) -> bool:
    """Whether a time is meant for this case: a fitter comes for no return."""
    at_home = ticket.kind in (TicketKind.INSTALLATION, TicketKind.REPAIR)
    return at_home or not re.search(r"安装|上门|量尺", words)


def case_to_visit(turn: Turn) -> Ticket | None:
    """The shopper's newest case that still has something to be done, one with a time first."""
    tickets = turn.services.tickets
    live = [t for t in tickets.mine(turn.session, turn.conversation) if t.state not in SETTLED]
    booked = (t for t in live if tickets.visit(turn.session, t) is not None)
    return next(booked, live[0] if live else None)


class OfferTimes(ServiceAction):
    """The shopper wants a time, or another one."""

    def __init__(self, services: Services, ticket: Ticket) -> None:
        super().__init__(services)
        self._ticket = ticket

    def act(self, turn: Turn) -> None:
        """Show the next times that can be had."""
        times = list(islice(_free(turn, self._ticket), OFFERED))
        no = number.spoken(self._ticket.no)
        if not times:
            turn.services.tickets.note(
                turn.session, self._ticket, "shopper", "wants_visit", turn.heard.text[:200]
            )
            turn.say("utter_visit_none", no=no)
            return
        turn.say("utter_visit_offer", buttons=[_button(turn, at) for at in times], no=no)


class TakeTime(OfferTimes):
    """The shopper pressed one of the times."""

    def act(self, turn: Turn) -> None:
        """Take it, in place of the one that the case has; offer others when it is gone."""
        kind = _kind(turn, self._ticket)
        try:
            at = _pressed(turn)
            turn.services.tickets.book(turn.session, self._ticket, kind, at, SHOPPER)
        except (SlotTaken, ValueError):
            turn.say("utter_visit_gone")
            super().act(turn)
            return
        spoken = turn.services.tickets.spoken(at)
        turn.say("utter_visit_booked", at=spoken, no=number.spoken(self._ticket.no))


class CancelVisit(OfferTimes):
    """The shopper gives a time up."""

    def act(self, turn: Turn) -> None:
        """Free it; the case goes on."""
        turn.services.tickets.end_visit(turn.session, self._ticket, VisitState.CANCELLED, SHOPPER)
        turn.say("utter_visit_cancelled", no=number.spoken(self._ticket.no))


def _free(turn: Turn, ticket: Ticket) -> Iterator[datetime]:
    today, kind = turn.services.clock.today(), _kind(turn, ticket)
    for n in range(DAYS):
        day = today + timedelta(days=n)
        yield from turn.services.tickets.free_times(turn.session, ticket, kind, day)


def _kind(turn: Turn, ticket: Ticket) -> VisitKind:
    ahead = turn.services.tickets.visit(turn.session, ticket)
    if ahead is not None:
        return VisitKind(ahead.kind)
    fitted = ticket.kind == TicketKind.INSTALLATION
    return VisitKind.INSTALLATION if fitted else VisitKind.COUNTER_VISIT


def _pressed(turn: Turn) -> datetime:
    """The time of a button. Raises ValueError for digits that are none."""
    told = str(turn.heard.given["visit"])
    return datetime.strptime(told, _FORM).replace(tzinfo=turn.services.clock.zone)


def _button(turn: Turn, at: datetime) -> Button:
    local = at.astimezone(turn.services.clock.zone)
    return {"title": f"{local.day}日 {local:%H:%M}", "payload": f"visit:{local.strftime(_FORM)}"}
