"""Appointments at the counter or at the shopper's: free times, booking, moving, reminding."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.calendar import hours
from bot.calendar import service as calendar
from bot.errors import Conflict
from bot.shops.service import Shop, Visits
from bot.tickets import history, notices
from bot.tickets import repository_work as work
from bot.tickets.models import Ticket
from bot.tickets.models_work import Appointment, VisitKind, VisitState
from bot.tickets.office import Actor, Office
from bot.tickets.states import Who

# Where a shop's file says nothing: half an hour at the counter, two hours at somebody's home.
USUAL = {
    VisitKind.COUNTER_VISIT: Visits(30, 2),
    VisitKind.FIELD_REPAIR: Visits(120, 1),
    VisitKind.INSTALLATION: Visits(120, 1),
}
REMINDERS = (timedelta(hours=24), timedelta(hours=2))  # before it begins; the first still ahead
LEAD = timedelta(hours=1)  # after booking, in which nobody has forgotten yet


class SlotTaken(Conflict):
    """Somebody else has that time, or it is none that the shop offers."""

    code = "slot_taken"
    message = "这个时间刚被约走了，换个时间好吗？"


def free(
    session: Session, office: Office, slug: str, kind: VisitKind, day: date
) -> Sequence[datetime]:
    """The times of a day that can still be had, from now on."""
    shop = office.shops.get(slug)
    times, visits = _times(office, shop, kind, day), _visits(shop, kind)
    if not times:
        return []
    end = times[-1] + timedelta(minutes=visits.minutes)
    gone = [start for start, _ in work.taken(session, slug, kind, times[0], end)]
    return [at for at in times if at > office.now and gone.count(at) < visits.places]


def book(
    session: Session,
    office: Office,
    ticket: Ticket,
    kind: VisitKind,
    starts_at: datetime,
    by: Actor,
    address: str | None = None,
) -> Appointment:
    """Take a time for a case that has none ahead. Raises SlotTaken, Conflict."""
    if work.appointment_ahead(session, ticket.id) is not None:
        raise Conflict("这张单子已经约好时间了，要换时间请改约。", no=ticket.no)
    shop = office.shop(ticket)
    day = starts_at.astimezone(office.zone).date()
    if starts_at <= office.now or starts_at not in _times(office, shop, kind, day):
        raise SlotTaken
    made = _take(session, office, ticket, kind, starts_at, by)
    made.address = address
    when = calendar.spoken(starts_at, office.zone)
    history.note(session, office, ticket, by.name, "booked", f"{kind} {when}")
    if by.who != Who.SHOPPER:
        notices.plan(session, office, ticket, f"visit:{made.id}", "visit", {"at": when})
    return made


def confirm(session: Session, office: Office, ticket: Ticket, by: Actor) -> Appointment:
    """Note that both sides hold to the time. Raises Conflict where there is none."""
    ahead = _ahead(session, ticket)
    ahead.state = VisitState.CONFIRMED
    history.note(session, office, ticket, by.name, "visit_confirmed", _spoken(office, ahead))
    return ahead


def move(
    session: Session, office: Office, ticket: Ticket, starts_at: datetime, by: Actor
) -> Appointment:
    """Give up the time of a case for another one; the old one is kept where that is taken.

    Raises SlotTaken, Conflict.
    """
    ahead = _ahead(session, ticket)
    with session.begin_nested():
        _end(ahead, VisitState.MOVED)
        session.flush()
        return book(session, office, ticket, VisitKind(ahead.kind), starts_at, by, ahead.address)


def put_address(session: Session, office: Office, ticket: Ticket, address: str, by: Actor) -> None:
    """Keep where to come to; not repeated in the history, which more people read."""
    _ahead(session, ticket).address = address
    history.note(session, office, ticket, by.name, "visit_address", "留下了上门地址")


def over(session: Session, office: Office, ticket: Ticket, state: VisitState, by: Actor) -> None:
    """End an appointment: cancelled, kept or missed. Raises Conflict where there is none."""
    ahead = _ahead(session, ticket)
    _end(ahead, state)
    history.note(session, office, ticket, by.name, f"visit_{state}", _spoken(office, ahead))
    if state == VisitState.CANCELLED and by.who != Who.SHOPPER:
        notices.plan(session, office, ticket, f"visit_cancelled:{ahead.id}", "visit_cancelled")


def drop(session: Session, office: Office, ticket: Ticket) -> None:
    """Give a time back that a case does not need any more."""
    ahead = work.appointment_ahead(session, ticket.id)
    if ahead is not None and ahead.starts_at > office.now:
        _end(ahead, VisitState.CANCELLED)
        history.note(session, office, ticket, "system", "visit_cancelled", _spoken(office, ahead))


def remind(session: Session, office: Office, ticket: Ticket, ahead: Appointment) -> bool:
    """Remind a shopper of an appointment; once, whoever else tries."""
    if not work.claim_reminder(session, ahead) or ahead.starts_at <= office.now:
        return False  # somebody else did, or nobody worked until it was over
    when = {"at": _spoken(office, ahead)}
    notices.plan(session, office, ticket, f"visit_soon:{ahead.id}", "visit_soon", when)
    return True


def _times(office: Office, shop: Shop, kind: VisitKind, day: date) -> list[datetime]:
    """Every time of a day at which an appointment of that kind could begin."""
    length = timedelta(minutes=_visits(shop, kind).minutes)
    times = []
    for opens, closes in hours.open_spans(datetime.combine(day, shop.opens, office.zone), shop):
        at = opens
        while at + length <= closes:
            times.append(at)
            at += length
    return times


def _take(
    session: Session,
    office: Office,
    ticket: Ticket,
    kind: VisitKind,
    starts_at: datetime,
    by: Actor,
) -> Appointment:
    """The first place that nobody else has: the database decides, one savepoint for each try."""
    visits = _visits(office.shop(ticket), kind)
    for place in range(1, visits.places + 1):
        made = Appointment(
            ticket_id=ticket.id,
            shop=ticket.shop,
            kind=kind,
            state=VisitState.HELD,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=visits.minutes),
            place=place,
            reminds_at=_reminds_at(office.now, starts_at),
            made_by=by.name,
            made_at=office.now,
        )
        try:
            with session.begin_nested():
                session.add(made)
                session.flush()
        except IntegrityError:
            continue
        return made
    raise SlotTaken


def _reminds_at(now: datetime, starts_at: datetime) -> datetime | None:
    ahead = (starts_at - before for before in REMINDERS)
    return next((at for at in ahead if at > now + LEAD), None)


def _visits(shop: Shop, kind: VisitKind) -> Visits:
    return shop.visits.get(kind, USUAL[kind])


def _ahead(session: Session, ticket: Ticket) -> Appointment:
    ahead = work.appointment_ahead(session, ticket.id)
    if ahead is None:
        raise Conflict("这张单子现在没有约好的时间。", no=ticket.no)
    return ahead


def _end(appointment: Appointment, state: VisitState) -> None:
    appointment.state, appointment.reminds_at = state, None


def _spoken(office: Office, appointment: Appointment) -> str:
    return calendar.spoken(appointment.starts_at, office.zone)
