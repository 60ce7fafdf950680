"""The timed jobs of cases. Each works off what is due in transactions of its own, claims every
row by a conditional update, and so does nothing twice, whoever else runs or died half-way."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.db import Database
from bot.errors import Conflict
from bot.messages import Spoken
from bot.policy.promises import Rung
from bot.tickets import appointments, clocks, history, moves, notices, repository
from bot.tickets import repository_work as work
from bot.tickets.models import Ticket
from bot.tickets.models_work import Appointment, TicketClock
from bot.tickets.office import SYSTEM
from bot.tickets.service import Tickets
from bot.tickets.states import SETTLED, Event

log = logging.getLogger(__name__)

BATCH = 200
RAISED = "escalated"

_Id = TypeVar("_Id", int, str)


@dataclass(frozen=True)
class Jobs:
    """The jobs; `wake` is told, after the commit, which conversation has a new line."""

    db: Database
    tickets: Tickets
    spoken: Spoken
    wake: Callable[[str], None] = lambda topic: None

    def sweep(self) -> int:
        """Warn of clocks about to end, and take those that have ended a rung up."""
        return self._each(work.cases_to_look_at, self._look_at)

    def notify(self) -> int:
        """Send the notices that are due."""
        return self._each(work.notices_due, self._send)

    def remind(self) -> int:
        """Remind shoppers of their appointments."""
        return self._each(work.reminders_due, self._remind)

    def settle(self) -> int:
        """Close finished cases about which nobody came back in time."""
        closed = self._each(repository.settling, self._settle)
        if closed:
            self.wake("tickets")
        return closed

    def _each(self, due: Callable[..., Sequence[_Id]], work_off: Callable[[_Id], int]) -> int:
        """Work off all that is due, a batch read at a time, each in its own transaction."""
        count = 0
        while True:
            with self.db.read() as session:
                found = due(session, self.tickets.office.now, BATCH)
            # A case comes up once for each of its clocks, and is worked off whole.
            done = sum(_tried(work_off, each) for each in dict.fromkeys(found))
            count += done
            if len(found) < BATCH or not done:
                return count

    def _look_at(self, ticket_id: str) -> int:
        with self.db.write() as session:
            done = look_at(session, self.tickets, ticket_id)
        if done:
            self.wake("queue")
        return done

    def _send(self, notice_id: int) -> bool:
        with self.db.write() as session:
            told = notices.send(session, self.tickets.office, self.spoken, notice_id)
        if told is None:
            return False
        self.wake(f"conversation:{told}")
        self.wake("outbox")
        return True

    def _remind(self, appointment_id: int) -> bool:
        office = self.tickets.office
        with self.db.write() as session:
            ahead = session.get(Appointment, appointment_id)
            ticket = repository.get(session, ahead.ticket_id) if ahead else None
            if ahead is None or ticket is None:
                return False
            return appointments.remind(session, office, ticket, ahead)

    def _settle(self, ticket_id: str) -> bool:
        office = self.tickets.office
        with self.db.write() as session:
            ticket = repository.lock(session, ticket_id)
            if ticket is None or ticket.settles_at is None or ticket.settles_at > office.now:
                return False
            try:
                moves.advance(session, office, ticket, Event.CLOSE, SYSTEM, "到期没有再反映")
            except Conflict:
                ticket.settles_at = None  # nowhere to close it from: nothing to wait for
                return False
        return True


def _tried(work_off: Callable[[_Id], int], each: _Id) -> int:
    """Work one off; one that fails stands in nobody's way and comes up again."""
    try:
        return work_off(each)
    except Exception:  # whatever it is, the others' promises must be kept
        log.exception("cases: %s could not be worked off", each)
        return 0


def look_at(session: Session, tickets: Tickets, ticket_id: str) -> int:
    """Do what is due of the clocks of a case, in the order they came due; how many there were."""
    now = tickets.office.now
    ticket = repository.lock(session, ticket_id)
    if ticket is None or ticket.state in SETTLED:
        return 0
    due = work.clocks_due(session, ticket_id, now)
    return sum(_look_at(session, tickets, ticket, clock) for clock in due)


def _look_at(session: Session, tickets: Tickets, ticket: Ticket, clock: TicketClock) -> bool:
    """Count a clock anew, warn, or take its case a rung up."""
    office = tickets.office
    recounted = clocks.recount(office, ticket, clock)
    if recounted and clock.looks_at is not None and clock.looks_at > office.now:
        clocks.show(session, ticket)
        return True
    if clock.due_at > office.now:
        return _warn(session, tickets, ticket, clock)
    return _escalate(session, tickets, ticket, clock)


def _warn(session: Session, tickets: Tickets, ticket: Ticket, clock: TicketClock) -> bool:
    now = tickets.office.now
    if not work.claim_clock(session, clock, warned_at=now, looks_at=clock.due_at):
        return False
    history.note(session, tickets.office, ticket, "system", "warned", clock.clock)
    return True


def _escalate(session: Session, tickets: Tickets, ticket: Ticket, clock: TicketClock) -> bool:
    """Note that a time is up, and take the case a rung higher unless it came there since."""
    office = tickets.office
    rung = _next_rung(session, tickets, ticket, clock)
    place = rung.place if rung else max(ticket.rung, clock.rung)
    claimed = work.claim_clock(
        session,
        clock,
        breached_at=clock.breached_at or office.now,
        rung=place,
        looks_at=clocks.rung_ends(office, ticket, place),
    )
    if not claimed:
        return False
    if rung is None:
        history.note(session, office, ticket, "system", "breached", clock.clock)
        return True
    ticket.rung, ticket.assigned_to = rung.place, rung.who
    ticket.priority = max(0, ticket.priority - 1)
    history.note(session, office, ticket, "system", RAISED, f"{clock.clock} {rung.who}")
    return True


def _next_rung(
    session: Session, tickets: Tickets, ticket: Ticket, clock: TicketClock
) -> Rung | None:
    """The rung above whoever has the case; None at the top, or where the case came up after
    this time was over: two times that end together are one failure."""
    raised = repository.last(session, ticket.id, RAISED)
    if raised is not None and raised.at >= (clock.looks_at or clock.due_at):
        return None
    promises = tickets.office.promises(ticket)
    holders = (ticket.assigned_to, ticket.department)
    held = [rung.place for rung in promises.ladder if rung.who in holders]
    return promises.rung(max([ticket.rung, *held]) + 1)
