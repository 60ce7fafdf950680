"""Cases: opening, moving, finding and telling how they stand. The desk and the actions call this
room through `Tickets`; what each call does lies in the module that it names."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.calendar import service as calendar
from bot.calendar.days import Days
from bot.clock import Clock
from bot.conversations.models import Conversation
from bot.shops.service import Shop, Shops
from bot.tickets import (
    access,
    aftercare,
    appointments,
    changing,
    explaining,
    history,
    moves,
    opening,
    repository,
    views,
)
from bot.tickets import repository_work as work
from bot.tickets.access import Found
from bot.tickets.models import Ticket
from bot.tickets.models_work import (
    Appointment,
    ApprovalRequest,
    Rating,
    Task,
    VisitKind,
    VisitState,
)
from bot.tickets.moves import Step
from bot.tickets.office import SHOPPER, Actor, Office, Promising, nothing_promised
from bot.tickets.opening import Application as Application
from bot.tickets.opening import Caller as Caller
from bot.tickets.states import Event, Who, possible
from bot.tickets.views import ClockView, Entry, Page, QueueFilter, QueuePage


class Tickets:
    """Cases of every shop; `promising` gives what a shop promises around them."""

    def __init__(
        self,
        clock: Clock,
        shops: Shops,
        days: Days | None = None,
        promising: Promising = nothing_promised,
        warn_share: float = 0.8,
    ) -> None:
        self.office = Office(clock, shops, days, promising, warn_share)

    def shop(self, conversation: Conversation) -> Shop:
        """The shop that a conversation is with."""
        return self.office.shops.get(conversation.shop)

    def open(
        self, session: Session, conversation: Conversation, application: Application
    ) -> Ticket:
        """Open a case, or give back the one that the same line already opened."""
        return opening.open_by_line(session, self.office, conversation, application)

    def open_for(
        self, session: Session, caller: Caller, application: Application, by: Actor
    ) -> Ticket:
        """Open a case for a caller or a walk-in. Raises BadInput, UnknownShop."""
        return opening.open_for(session, self.office, caller, application, by)

    def note(self, session: Session, ticket: Ticket, who: str, what: str, why: str) -> None:
        """Add to the history of a case."""
        history.note(session, self.office, ticket, who, what, why)

    def advance(self, session: Session, ticket: Ticket, event: Event, by: Actor, why: str) -> Step:
        """Move a case, or ask for the consent it needs first. Raises NotPossible."""
        return moves.advance(session, self.office, ticket, event, by, why)

    def possible(self, ticket: Ticket, who: Who = Who.AGENT) -> list[Event]:
        """What somebody may do to a case as it stands."""
        return possible(ticket.state, who)

    def approve(self, session: Session, request_id: int, by: Actor, why: str) -> Step:
        """Consent to what a case waits for, and move it. Raises NotYourConsent, Conflict."""
        return moves.approve(session, self.office, request_id, by, why)

    def reject(self, session: Session, request_id: int, by: Actor, why: str) -> Ticket:
        """Refuse consent. Raises NotYourConsent, Conflict."""
        return moves.reject(session, self.office, request_id, by, why)

    def approvals(
        self, session: Session, roles: Sequence[str] = (), limit: int = 50
    ) -> Sequence[ApprovalRequest]:
        """What waits for the consent of these roles, longest waiting first."""
        return work.approval_queue(session, roles, limit)

    def withdraw(self, session: Session, ticket: Ticket, why: str, by: Actor = SHOPPER) -> bool:
        """Take a case back; False when it was no longer open, or has come too far."""
        return moves.withdraw(session, self.office, ticket, why, by)

    def assign(
        self,
        session: Session,
        ticket: Ticket,
        by: Actor,
        *,
        responsible: str | None = None,
        department: str | None = None,
        why: str = "",
    ) -> None:
        """Give a case to somebody, or to another department; no clock begins anew."""
        changing.assign(session, self.office, ticket, by, responsible, department, why)

    def change(self, session: Session, ticket: Ticket, application: Application, by: Actor) -> Step:
        """Put other facts, another decision or another kind into a case."""
        return changing.change(session, self.office, ticket, application, by)

    def add_line(self, session: Session, ticket: Ticket, message_id: str, what: str) -> None:
        """Add a line of the shopper to a case; a case that waited for them goes on."""
        changing.add_line(session, self.office, ticket, message_id, what)

    def add_phone(self, session: Session, ticket: Ticket, phone: str) -> None:
        """Keep where the shopper can be called."""
        ticket.phone = phone
        self.note(session, ticket, "shopper", "phone", "留下了联系电话")

    def urge(self, session: Session, ticket: Ticket, words: str) -> None:
        """Note that the shopper presses for speed, and put the case further up."""
        changing.urge(session, self.office, ticket, words)

    def visit(self, session: Session, ticket: Ticket) -> Appointment | None:
        """The appointment that a case has ahead."""
        return work.appointment_ahead(session, ticket.id)

    def free_times(
        self, session: Session, ticket: Ticket, kind: VisitKind, day: date
    ) -> Sequence[datetime]:
        """The times of a day that can still be had for a case."""
        return appointments.free(session, self.office, ticket.shop, kind, day)

    def book(
        self, session: Session, ticket: Ticket, kind: VisitKind, at: datetime, by: Actor
    ) -> Appointment:
        """Take a time for a case, or move the one that it has. Raises SlotTaken."""
        if work.appointment_ahead(session, ticket.id) is not None:
            return appointments.move(session, self.office, ticket, at, by)
        return appointments.book(session, self.office, ticket, kind, at, by)

    def confirm_visit(self, session: Session, ticket: Ticket, by: Actor) -> Appointment:
        """Note that both sides hold to the time. Raises Conflict."""
        return appointments.confirm(session, self.office, ticket, by)

    def visit_at(self, session: Session, ticket: Ticket, address: str, by: Actor = SHOPPER) -> None:
        """Keep where an appointment is to be. Raises Conflict where there is none."""
        appointments.put_address(session, self.office, ticket, address, by)

    def end_visit(self, session: Session, ticket: Ticket, state: VisitState, by: Actor) -> None:
        """End an appointment: cancelled, kept or missed. Raises Conflict."""
        appointments.over(session, self.office, ticket, state, by)

    def added(self, session: Session, ticket: Ticket) -> Sequence[str]:
        """The lines that its shopper added to a case, in order."""
        return work.lines(session, ticket.id)

    def rate(
        self, session: Session, conversation: Conversation, score: int, comment: str = ""
    ) -> Rating:
        """Keep what a shopper thinks of this episode. Raises BadInput, RatedAlready."""
        return aftercare.rate(session, self.office, conversation, score, comment)

    def tasks(self, session: Session, limit: int = 50) -> Sequence[Task]:
        """What is left to be done by people, soonest first."""
        return work.open_tasks(session, limit)

    def finish_task(self, session: Session, task_id: int, by: Actor, result: str) -> None:
        """Close a task with what came of it. Raises Conflict."""
        aftercare.done(session, self.office, task_id, by, result)

    def mine(self, session: Session, conversation: Conversation) -> list[Ticket]:
        """The cases that a conversation may see, newest first."""
        return access.mine(session, self.office, conversation)

    def find(
        self, session: Session, conversation: Conversation, no: str, proof: str | None
    ) -> Found:
        """What to answer to whoever names a case number."""
        return access.by_number(session, self.office, conversation, no, proof)

    def prove(self, session: Session, conversation: Conversation, proof: str) -> Found | None:
        """What to answer to four digits; None where no number waits for them."""
        return access.proved(session, self.office, conversation, proof)

    def waits_for_proof(self, session: Session, conversation: Conversation) -> bool:
        """Whether four digits would be the answer to something asked a moment ago."""
        return access.asked(session, self.office, conversation) is not None

    def rated(self, session: Session, conversation: Conversation) -> bool:
        """Whether this episode has been rated."""
        return work.rating(session, conversation.id, conversation.episode) is not None

    def queue(self, session: Session, chosen: QueueFilter, page: Page) -> QueuePage:
        """A page of the cases with something left to be done, most urgent first."""
        found = repository.live_page(session, after=page.after, limit=page.size + 1, **vars(chosen))
        rows = [views.row(ticket, self.office.now) for ticket in found[: page.size]]
        if len(found) <= page.size:
            return QueuePage(rows, None)
        last = found[page.size - 1]
        return QueuePage(rows, Page((last.priority, last.act_by, last.id), page.size))

    def history(self, session: Session, ticket: Ticket) -> list[Entry]:
        """What happened to a case, in order."""
        return [views.entry(event) for event in repository.history(session, ticket.id)]

    def clocks(self, session: Session, ticket: Ticket) -> list[ClockView]:
        """The clocks of a case, each with the sentence that says why it ends when it does."""
        now = self.office.now
        return [
            views.clock_view(clock, explaining.explain(self.office, clock), now)
            for clock in work.clocks(session, ticket.id)
        ]

    def promise(self, ticket: Ticket) -> str | None:
        """The promised time as one says it, or None where no date may be named."""
        return views.promise(self.office, ticket)

    def spoken(self, at: datetime) -> str:
        """An instant as one says it in Chinese."""
        return calendar.spoken(at, self.office.zone)

    def shown(self, ticket: Ticket) -> dict[str, Any]:
        """A case as a message carries it."""
        return dict(views.shown(self.office, ticket))
