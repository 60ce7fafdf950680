"""Opening cases and telling how they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.calendar import service as calendar
from bot.calendar.days import Days
from bot.clock import Clock
from bot.conversations.models import Conversation
from bot.conversations.service import new_id
from bot.shops.service import Shop, Shops, Term
from bot.tickets import number, repository
from bot.tickets.models import Ticket, TicketEvent, TicketKind, TicketState


@dataclass(frozen=True)
class Application:
    """What a case is opened with; `term` is the promise that its clock keeps, from now."""

    kind: TicketKind
    opened_by: str
    why: str
    term: Term | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    matter_id: str | None = None
    decision_id: str | None = None
    assigned_to: str | None = None


class Tickets:
    """Cases of every shop."""

    def __init__(self, clock: Clock, shops: Shops, days: Days | None = None) -> None:
        self._clock = clock
        self._shops = shops
        self._days = days

    def shop(self, conversation: Conversation) -> Shop:
        """The shop that a conversation is with."""
        return self._shops.get(conversation.shop)

    def open(
        self, session: Session, conversation: Conversation, application: Application
    ) -> Ticket:
        """Open a case, or give back the one that the same line already opened."""
        known = repository.opened_by(session, application.opened_by)
        if known is not None:
            return known
        now = self._clock.now()
        ticket = self._ticket(session, conversation, application, now)
        session.add(ticket)
        session.flush()
        self.note(session, ticket, "shopper", "opened", application.why)
        return ticket

    def note(self, session: Session, ticket: Ticket, who: str, what: str, why: str) -> None:
        """Add to the history of a case."""
        now = self._clock.now()
        session.add(TicketEvent(ticket_id=ticket.id, who=who, what=what, why=why, at=now))
        session.flush()

    def withdraw(self, session: Session, ticket: Ticket, why: str) -> bool:
        """Take a case back for its shopper; False when it was no longer open."""
        if ticket.state != TicketState.SUBMITTED:
            return False
        ticket.state = TicketState.WITHDRAWN
        self.note(session, ticket, "shopper", "withdrawn", why)
        return True

    def add_phone(self, session: Session, ticket: Ticket, phone: str) -> None:
        """Keep where the shopper can be called."""
        ticket.phone = phone
        self.note(session, ticket, "shopper", "phone", "留下了联系电话")

    def promise(self, ticket: Ticket) -> str | None:
        """The promised time as one says it, or None where no date may be named."""
        if ticket.due_at is None or ticket.due_provisional:
            return None
        return calendar.spoken(ticket.due_at, self._clock.zone)

    def shown(self, ticket: Ticket) -> dict[str, Any]:
        """A case as a message carries it."""
        due = None if ticket.due_provisional or ticket.due_at is None else ticket.due_at
        return {
            "no": ticket.no,
            "state": ticket.state,
            "due": due.astimezone(self._clock.zone).isoformat() if due else None,
        }

    def _ticket(
        self,
        session: Session,
        conversation: Conversation,
        application: Application,
        now: datetime,
    ) -> Ticket:
        shop = self.shop(conversation)
        due = (
            calendar.due(now, application.term, shop, self._clock.zone, self._days)
            if application.term
            else None
        )
        return Ticket(
            id=new_id(),
            no=self._number(session, now),
            kind=application.kind,
            state=TicketState.SUBMITTED,
            shop=shop.slug,
            origin=conversation.channel,
            conversation_id=conversation.id,
            matter_id=application.matter_id,
            opened_by=application.opened_by,
            decision_id=application.decision_id,
            assigned_to=application.assigned_to,
            facts=dict(application.facts),
            phone=conversation.phone,
            due_at=due.at if due else None,
            due_provisional=bool(due and due.provisional),
            created_at=now,
        )

    def _number(self, session: Session, now: datetime) -> str:
        day = now.astimezone(self._clock.zone).date()
        try:
            sequence = repository.next_sequence(session, day)
        except IntegrityError:
            sequence = repository.next_sequence(session, day)
        return number.make(day, sequence)
