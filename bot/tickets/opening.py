"""Opening a case: by a line of its shopper, or by an agent for a caller or a walk-in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.conversations import repository as conversations
from bot.conversations.models import Conversation
from bot.conversations.service import new_id
from bot.errors import BadInput
from bot.shops.service import Term
from bot.tickets import aftercare, clocks, history, number, repository
from bot.tickets.models import ComplaintKind, Origin, Ticket, TicketKind, TicketState
from bot.tickets.office import Actor, Office

TAKEN_DOWN = (Origin.PHONE, Origin.COUNTER)


@dataclass(frozen=True)
class Application:
    """What a case is opened with; `term` is the promise that its clock keeps, from now.
    `opened_by` is the shopper's line, None for a case that an agent takes down."""

    kind: TicketKind
    opened_by: str | None
    why: str
    term: Term | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    matter_id: str | None = None
    decision_id: str | None = None
    assigned_to: str | None = None
    complaint: ComplaintKind | None = None
    department: str | None = None
    priority: int = 5


@dataclass(frozen=True)
class Caller:
    """Whom an agent opens a case for, and how they came: by phone or to the counter."""

    shop: str
    origin: Origin
    phone: str | None = None
    name: str | None = None


def open_by_line(
    session: Session, office: Office, conversation: Conversation, application: Application
) -> Ticket:
    """Open a case, or give back the one that the same line already opened."""
    if application.opened_by is not None:
        known = repository.opened_by(session, application.opened_by)
        if known is not None:
            return known
    ticket = _ticket(session, office, application, conversation.shop, conversation.channel)
    ticket.conversation_id, ticket.phone = conversation.id, conversation.phone
    ticket.sources = _sources(session, application)
    return _opened(session, office, ticket, application, "shopper")


def open_for(
    session: Session, office: Office, caller: Caller, application: Application, by: Actor
) -> Ticket:
    """Open a case for somebody who called or came. Raises BadInput, UnknownShop."""
    if caller.origin not in TAKEN_DOWN:
        raise BadInput("来源只能是电话或柜台。", origin=str(caller.origin))
    shop = office.shops.get(caller.shop)
    ticket = _ticket(session, office, application, shop.slug, caller.origin)
    ticket.phone, ticket.name, ticket.opened_by_agent = caller.phone, caller.name, by.name
    told = {"source": caller.origin.value, "by": by.name, "at": office.now.isoformat()}
    ticket.sources = dict.fromkeys(application.facts, told)
    return _opened(session, office, ticket, application, by.name)


def _opened(
    session: Session, office: Office, ticket: Ticket, application: Application, who: str
) -> Ticket:
    session.add(ticket)
    session.flush()
    history.opened(session, office, ticket, who, application.why)
    if application.term is not None:
        clocks.start_promised(session, office, ticket, application.term)
    clocks.start(session, office, ticket)
    aftercare.link(session, office, ticket)
    return ticket


def _ticket(
    session: Session, office: Office, application: Application, shop: str, origin: str
) -> Ticket:
    now = office.now
    ticket = Ticket(
        id=new_id(),
        no=_number(session, office, now),
        kind=application.kind,
        complaint=application.complaint,
        state=TicketState.SUBMITTED,
        moves=0,
        shop=shop,
        origin=origin,
        matter_id=application.matter_id,
        opened_by=application.opened_by,
        decision_id=application.decision_id,
        assigned_to=application.assigned_to,
        priority=application.priority,
        rung=0,
        reopened=0,
        facts=dict(application.facts),
        created_at=now,
    )
    ticket.department = application.department or _department(office, ticket)
    return ticket


def _department(office: Office, ticket: Ticket) -> str | None:
    """Who handles it by the shop's rules; where these are silent, whom the decision names."""
    found = office.promises(ticket).department(ticket.kind, ticket.complaint)
    return found or ticket.assigned_to


def _sources(session: Session, application: Application) -> dict[str, Any]:
    """Where each fact of a case came from: how it was told, in which line, when."""
    if application.matter_id is None:
        return {}
    told = conversations.facts(session, application.matter_id)
    return {
        fact.key: {
            "source": fact.source,
            "message_id": fact.message_id,
            "at": fact.stated_at.isoformat(),
        }
        for fact in told
        if fact.key in application.facts
    }


def _number(session: Session, office: Office, now: datetime) -> str:
    day = now.astimezone(office.zone).date()
    try:
        sequence = repository.next_sequence(session, day)
    except IntegrityError:
        sequence = repository.next_sequence(session, day)
    return number.make(day, sequence)
