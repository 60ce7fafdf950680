"""Appointments in chat: free times as buttons or in words, taken, moved, told or given up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from actions.base import ServiceAction, Services, Turn
from actions.visit_times import (
    AT_HOME,
    FAR,
    OFFERED,
    all_free,
    button,
    kind_for,
    local,
    meant,
    offered,
    pressed,
    record,
    spread,
)
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.conversations.models import Offer
from bot.language.coming import Coming, coming
from bot.messages import Button
from bot.tickets import number
from bot.tickets.appointments import SlotTaken
from bot.tickets.models import Ticket, TicketState
from bot.tickets.models_work import Appointment, VisitKind, VisitState
from bot.tickets.office import SHOPPER

ADDRESS = "visit_address"  # the effect under which a shopper's address is kept


def sends_somebody(turn: Turn, ticket: Ticket) -> bool:
    """Whether this shop comes to the shopper for such a case, at times of its own."""
    kind = kind_for(turn, ticket)
    return kind in AT_HOME and kind in turn.shop.visits


def offer_first(turn: Turn, ticket: Ticket, said: str = "") -> bool:
    """Offer times for a case that was just opened, where its shop sends somebody; False where
    it does not. `said` may name a time already."""
    if not sends_somebody(turn, ticket):
        return False
    times = meant(turn, ticket, coming(said, turn.services.clock.today()))
    times = times or spread(turn, ticket)
    if not times:
        return False
    turn.say("utter_visit_offer_first", buttons=_to_press(turn, times))
    if ticket.phone is None:
        turn.say("utter_visit_or_phone")
        turn.expect(offer=Offer.PHONE)
    return True


class OfferTimes(ServiceAction):
    """The shopper wants a time, or another one."""

    def __init__(self, services: Services, ticket: Ticket) -> None:
        super().__init__(services)
        self._ticket = ticket

    def act(self, turn: Turn) -> None:
        """Show the next times that can be had."""
        times = spread(turn, self._ticket)
        if not times:
            turn.services.tickets.note(
                turn.session, self._ticket, "shopper", "wants_visit", turn.heard.text[:200]
            )
            turn.say("utter_visit_none", no=number.spoken(self._ticket.no))
            return
        turn.say(
            "utter_visit_offer",
            buttons=_to_press(turn, times),
            no=number.spoken(self._ticket.no),
        )


class OfferLater(OfferTimes):
    """None of the times offered fits."""

    def __init__(self, services: Services, ticket: Ticket, last: datetime) -> None:
        super().__init__(services, ticket)
        self._last = last

    def act(self, turn: Turn) -> None:
        """Show those that come after, or say that there are none."""
        times = [at for at in all_free(turn, self._ticket, FAR) if at > self._last]
        if not times:
            super().act(turn)
            return
        turn.say("utter_visit_which", buttons=_to_press(turn, times))


class TakeTime(OfferTimes):
    """The shopper pressed one of the times."""

    def act(self, turn: Turn) -> None:
        """Take it, in place of the one that the case has; offer others when it is gone."""
        try:
            self._take(turn, pressed(turn))
        except (SlotTaken, ValueError):
            turn.say("utter_visit_gone")
            super().act(turn)

    def _take(self, turn: Turn, at: datetime) -> None:
        """Raises SlotTaken."""
        tickets, kind = turn.services.tickets, kind_for(turn, self._ticket)
        ahead = tickets.visit(turn.session, self._ticket)
        if ahead is not None and ahead.starts_at == at:
            tell_ahead(turn, self._ticket, ahead)
            return
        made = tickets.book(turn.session, self._ticket, kind, at, SHOPPER)
        record(turn, [])
        _say_booked(turn, self._ticket, made)


class NameTime(TakeTime):
    """The shopper says when, in words."""

    def __init__(self, services: Services, ticket: Ticket, named: Coming) -> None:
        super().__init__(services, ticket)
        self._named = named

    def act(self, turn: Turn) -> None:
        """Take the one time that is meant; of several ask which; for none offer the nearest."""
        ahead = turn.services.tickets.visit(turn.session, self._ticket)
        times = self._times(turn)
        if ahead is not None and self._is_at(turn, ahead.starts_at):
            tell_ahead(turn, self._ticket, ahead)
        elif not times:
            self._offer_near(turn)
        elif len(times) == 1 and self._is_meant(turn, times[0]):
            try:
                self._take(turn, times[0])
            except SlotTaken:
                self._offer_near(turn)
        else:
            turn.say("utter_visit_which", buttons=_to_press(turn, times))

    def _times(self, turn: Turn) -> list[datetime]:
        """Those that are meant; without a day, of the ones that were offered if any fits, or of
        the day that is booked."""
        named = self._named
        times = meant(turn, self._ticket, named)
        if named.first is not None:
            return times
        stands = [at for at in offered(turn) or () if self._fits(turn, at)]
        ahead = turn.services.tickets.visit(turn.session, self._ticket)
        if stands or ahead is None:
            return stands or times
        day = local(turn, ahead.starts_at).date()
        return meant(turn, self._ticket, replace(named, first=day, last=day)) or times

    def _fits(self, turn: Turn, at: datetime) -> bool:
        here = local(turn, at)
        return self._named.fits(here) and self._named.exact in (None, here.time())

    def _is_meant(self, turn: Turn, at: datetime) -> bool:
        """An hour or a day that nobody named is asked about, unless there is but one."""
        if self._named.first is None:
            ahead = turn.services.tickets.visit(turn.session, self._ticket)
            same_day = ahead and local(turn, ahead.starts_at).date() == local(turn, at).date()
            return self._fits(turn, at) and bool(same_day or at in (offered(turn) or ()))
        return self._named.exact in (None, local(turn, at).time())

    def _is_at(self, turn: Turn, at: datetime) -> bool:
        here, named = local(turn, at), self._named
        return named.first is not None and named.exact == here.time() and named.fits(here)

    def _offer_near(self, turn: Turn) -> None:
        near = [at for at in all_free(turn, self._ticket, FAR) if self._is_later(turn, at)]
        times = near[:OFFERED] or spread(turn, self._ticket)
        if not times:
            super(TakeTime, self).act(turn)
            return
        turn.say("utter_visit_nearest", buttons=_to_press(turn, times))

    def _is_later(self, turn: Turn, at: datetime) -> bool:
        return self._named.first is None or local(turn, at).date() >= self._named.first


class PickTime(TakeTime):
    """The shopper takes one of the times that were offered, by its place."""

    def __init__(self, services: Services, ticket: Ticket, at: datetime) -> None:
        super().__init__(services, ticket)
        self._at = at

    def act(self, turn: Turn) -> None:
        """Take it, or offer others when it is gone."""
        try:
            self._take(turn, self._at)
        except SlotTaken:
            turn.say("utter_visit_gone")
            OfferTimes(self.services, self._ticket).act(turn)


class TellVisit(OfferTimes):
    """The shopper asks when it was."""

    def act(self, turn: Turn) -> None:
        """Tell the time of the case, or offer some."""
        ahead = turn.services.tickets.visit(turn.session, self._ticket)
        if ahead is None:
            super().act(turn)
            return
        tell_ahead(turn, self._ticket, ahead)


class CancelVisit(OfferTimes):
    """The shopper gives a time up."""

    def act(self, turn: Turn) -> None:
        """Free it; the case goes on."""
        turn.services.tickets.end_visit(turn.session, self._ticket, VisitState.CANCELLED, SHOPPER)
        record(turn, [])
        turn.say("utter_visit_cancelled", no=number.spoken(self._ticket.no))


class GiveAddress(OfferTimes):
    """The shopper says where to come to."""

    def act(self, turn: Turn) -> None:
        """Put it with the visit, and a phone number that stands beside it with the case."""
        address = turn.heard.text.strip()[:200]
        kept = {"address": address}
        conversations.record_effect(turn.session, turn.heard.message_id, ADDRESS, kept, turn.now)
        booked = turn.services.tickets.visit(turn.session, self._ticket) is not None
        if booked:
            turn.services.tickets.visit_at(turn.session, self._ticket, address)
        else:
            turn.services.tickets.note(
                turn.session, self._ticket, "shopper", "added", "留下了上门地址"
            )
        if turn.heard.phone:
            turn.services.tickets.add_phone(turn.session, self._ticket, turn.heard.phone)
            turn.conversation.phone = turn.heard.phone
        turn.say("utter_visit_address", no=number.spoken(self._ticket.no))
        if not booked:
            super().act(turn)
        elif self._ticket.phone is None:
            turn.say("utter_ask_phone")
            turn.expect(offer=Offer.PHONE)
        else:
            turn.expect()


def tell_ahead(turn: Turn, ticket: Ticket, ahead: Appointment) -> None:
    """Say for when a case has a visit."""
    at_home = VisitKind(ahead.kind) in AT_HOME
    turn.say(
        "utter_visit_ahead_home" if at_home else "utter_visit_ahead",
        at=turn.services.tickets.spoken(ahead.starts_at),
        no=number.spoken(ticket.no),
    )


def _to_press(turn: Turn, times: Sequence[datetime]) -> list[Button]:
    """The buttons of times that are offered, kept so that words may pick one of them."""
    chosen = list(times[:OFFERED])
    record(turn, chosen)
    return [button(turn, at) for at in chosen]


def _say_booked(turn: Turn, ticket: Ticket, made: Appointment) -> None:
    at = turn.services.tickets.spoken(made.starts_at)
    name = "utter_visit_booked"
    if VisitKind(made.kind) in AT_HOME:
        promises = turn.services.tickets.office.promises(ticket)
        consent = promises.approval(ticket.kind, TicketState.APPROVED)
        name = "utter_visit_booked_home" if consent is None else "utter_visit_booked_held"
    turn.say(name, at=at, no=number.spoken(ticket.no))
    if VisitKind(made.kind) not in AT_HOME or made.address is not None:
        return
    known = repository.last_effect(turn.session, turn.conversation.id, ADDRESS)
    if known is not None and "address" in known:
        turn.services.tickets.visit_at(turn.session, ticket, known["address"])
        turn.say("utter_visit_where_known")
        return
    turn.say("utter_visit_where" if ticket.phone else "utter_visit_where_and_phone")
    turn.expect(offer=None if ticket.phone else Offer.PHONE)
