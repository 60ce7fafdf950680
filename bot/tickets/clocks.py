"""The clocks of a case: started by its shop's promises, stopped by what they promise, standing
still while the shopper is waited for, and never begun anew because somebody else takes over."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.calendar import pausing
from bot.calendar import service as calendar
from bot.policy.promises import Deadline
from bot.shops.service import Term
from bot.tickets import repository_work as repository
from bot.tickets.models import FAR, Ticket
from bot.tickets.models_work import ClockState, TicketClock
from bot.tickets.office import Office
from bot.tickets.repository import CALLED
from bot.tickets.states import SETTLED, TicketState


class ClockName(StrEnum):
    """What a clock promises. `promised` is the term of the decision that opened the case."""

    FIRST_RESPONSE = "first_response"
    NEXT_STEP = "next_step"
    FINISH = "finish"
    CALL_BACK = "call_back"
    PROMISED = "promised"
    APPROVAL = "approval"


# What the shopper is told of: when they have their answer.
SHOWN = (ClockName.PROMISED, ClockName.CALL_BACK, ClockName.FINISH)
# While these are the case's state nothing has been done for it yet.
UNTOUCHED = (TicketState.SUBMITTED, TicketState.REOPENED)


def start(session: Session, office: Office, ticket: Ticket, state: str | None = None) -> None:
    """Start the clocks that the shop promises for entering a state (None: for applying)."""
    open_clocks = repository.open_clocks(session, ticket.id)
    running = {(clock.clock, clock.statutory) for clock in open_clocks}  # the law's runs beside
    for deadline in office.promises(ticket).clocks(ticket.kind, state, ticket.facts):
        name = (deadline.clock, deadline.statutory)
        if name not in running or deadline.clock == ClockName.NEXT_STEP:
            _start(session, office, ticket, deadline)
    show(session, ticket)


def start_promised(session: Session, office: Office, ticket: Ticket, term: Term) -> None:
    """Start the clock of the promise that the case was opened with."""
    called = ticket.kind in CALLED
    name = ClockName.CALL_BACK if called else ClockName.PROMISED
    _start(session, office, ticket, Deadline(name, term, "", statutory=term.statutory))
    show(session, ticket)


def start_approval(
    session: Session, office: Office, ticket: Ticket, term: Term, clause: str
) -> None:
    """Start the clock of a consent that the case waits for."""
    _start(session, office, ticket, Deadline(ClockName.APPROVAL, term, clause))
    show(session, ticket)


def moved(session: Session, office: Office, ticket: Ticket, left: str) -> None:
    """Keep the clocks with a case that has just left a state for the one it is in."""
    state, now = ticket.state, office.now
    clocks = repository.open_clocks(session, ticket.id)
    if state in SETTLED:
        end(clocks, now, dropped=state == TicketState.WITHDRAWN)
    elif state == TicketState.AWAITING_CUSTOMER:
        pause(clocks, now)
    elif left == TicketState.AWAITING_CUSTOMER:
        resume(office, ticket, clocks)
    else:
        end([clock for clock in clocks if _is_kept_by_leaving(clock, left)], now)
    session.flush()
    if left != TicketState.AWAITING_CUSTOMER and state not in SETTLED:
        if state == TicketState.REOPENED:
            _start_again(session, office, ticket)
        start(session, office, ticket, state)
    show(session, ticket)


def end_named(session: Session, office: Office, ticket: Ticket, name: ClockName) -> None:
    """End the clocks of that name: what they promised has happened."""
    clocks = repository.open_clocks(session, ticket.id)
    end([clock for clock in clocks if clock.clock == name], office.now)
    session.flush()
    show(session, ticket)


def end(clocks: Iterable[TicketClock], now: datetime, *, dropped: bool = False) -> None:
    """Stop clocks for good, in time or not; one that stood still is judged as of then."""
    for clock in clocks:
        late = clock.breached_at is not None or (clock.paused_at or now) > clock.due_at
        clock.state = ClockState.MISSED if late else ClockState.MET
        if dropped and not late:
            clock.state = ClockState.DROPPED
        clock.ended_at, clock.looks_at = now, None


def pause(clocks: Iterable[TicketClock], now: datetime) -> None:
    """Let clocks stand still, but for one that stands already."""
    for clock in clocks:
        if clock.state == ClockState.RUNNING:
            clock.state, clock.paused_at, clock.looks_at = ClockState.PAUSED, now, None


def resume(office: Office, ticket: Ticket, clocks: Iterable[TicketClock]) -> None:
    """Let clocks go on with the rest of their time."""
    for clock in clocks:
        if clock.paused_at is not None and clock.state == ClockState.PAUSED:
            _resume(office, ticket, clock, clock.paused_at)


def show(session: Session, ticket: Ticket) -> None:
    """Write into a case when something has to be done, and what its shopper was promised."""
    session.flush()
    clocks = repository.open_clocks(session, ticket.id)
    running = [clock for clock in clocks if clock.state == ClockState.RUNNING]
    ticket.act_by = min((clock.due_at for clock in running), default=FAR)
    if ticket.state not in SETTLED:
        told = [clock for clock in running if clock.clock in SHOWN]
        first = min(told, key=lambda clock: clock.due_at, default=None)
        ticket.due_at = first.due_at if first else None
        ticket.due_provisional = bool(first and first.provisional)
    session.flush()


def recount(office: Office, ticket: Ticket, clock: TicketClock) -> bool:
    """Count a guessed end anew, now that the year's holidays may be known; whether it moved."""
    term, shop = Term(clock.n, clock.unit), office.shop(ticket)
    if not clock.provisional or clock.explained.get("pauses"):
        return False
    due = calendar.due(
        clock.started_at, term, shop, office.zone, office.days, statutory=clock.statutory
    )
    if (due.at, due.provisional) == (clock.due_at, clock.provisional):
        return False
    _set_due(office, ticket, clock, due, clock.started_at)
    return True


def _start_again(session: Session, office: Office, ticket: Ticket) -> None:
    """The clocks of a new application; whom nobody else promises an answer, or who was to be
    called, is called as soon as the shop calls anybody."""
    start(session, office, ticket)
    told = any(clock.clock in SHOWN for clock in repository.open_clocks(session, ticket.id))
    if ticket.kind in CALLED or not told:
        term = office.shop(ticket).call_back
        _start(session, office, ticket, Deadline(ClockName.CALL_BACK, term, ""))


def _start(session: Session, office: Office, ticket: Ticket, deadline: Deadline) -> None:
    now, term, shop = office.now, deadline.term, office.shop(ticket)
    statutory = deadline.statutory or term.statutory
    due = calendar.due(now, term, shop, office.zone, office.days, statutory=statutory)
    clock = TicketClock(
        ticket_id=ticket.id,
        clock=deadline.clock,
        state=ClockState.RUNNING,
        since=deadline.state,
        clause=deadline.clause,
        n=term.n,
        unit=term.unit,
        statutory=statutory,
        started_at=now,
        explained={},
        paused_total=0,
        rung=0,
    )
    _set_due(office, ticket, clock, due, now)
    session.add(clock)


def _resume(office: Office, ticket: Ticket, clock: TicketClock, paused: datetime) -> None:
    now, shop = office.now, office.shop(ticket)
    ends = calendar.Due(clock.due_at, clock.provisional)
    due = pausing.resumed(
        paused,
        now,
        ends,
        clock.unit,
        shop,
        office.zone,
        office.days,
        statutory=clock.statutory,
    )
    clock.state, clock.paused_at = ClockState.RUNNING, None
    clock.paused_total += int((now - paused).total_seconds())
    told = {"from": paused.isoformat(), "to": now.isoformat()}
    clock.explained = clock.explained | {"pauses": [*clock.explained.get("pauses", ()), told]}
    _set_due(office, ticket, clock, due, now)


def _set_due(
    office: Office, ticket: Ticket, clock: TicketClock, due: calendar.Due, since: datetime
) -> None:
    """Note an end, how it was counted, and when the sweep is to look."""
    off, worked = pausing.exceptions(clock.started_at, due.at, office.zone, office.days)
    clock.due_at, clock.provisional = due.at, due.provisional
    clock.explained = clock.explained | {
        "off": [day.isoformat() for day in off],
        "worked": [day.isoformat() for day in worked],
    }
    if clock.breached_at is not None:
        clock.looks_at = rung_ends(office, ticket, clock.rung)
    elif clock.warned_at is not None:
        clock.looks_at = due.at
    else:
        shop, zone = office.shop(ticket), office.zone
        clock.looks_at = pausing.share(
            since.astimezone(zone),
            due.at.astimezone(zone),
            office.warn_share,
            clock.unit,
            shop,
            office.days,
        )


def rung_ends(office: Office, ticket: Ticket, place: int) -> datetime | None:
    """When the time of a rung that took a case over now is up; None where it has no limit or
    stands at the top."""
    promises = office.promises(ticket)
    rung = promises.rung(place)
    if rung is None or rung.limit is None or promises.rung(place + 1) is None:
        return None
    shop = office.shop(ticket)
    return calendar.due(office.now, rung.limit, shop, office.zone, office.days).at


def _is_kept_by_leaving(clock: TicketClock, left: str) -> bool:
    """Whether the shop has done what a clock waits for by moving a case out of a state."""
    if clock.clock == ClockName.FIRST_RESPONSE:
        return left in UNTOUCHED
    if clock.clock == ClockName.NEXT_STEP:
        return left == clock.since or (clock.since is None and left in UNTOUCHED)
    return False
