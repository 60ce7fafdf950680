"""Moving a case from state to state, with the consent that its shop demands for it."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.errors import Conflict, DeskError, NotFound
from bot.policy.promises import Approval
from bot.tickets import aftercare, appointments, clocks, history, notices, repository
from bot.tickets import repository_work as work
from bot.tickets.clocks import ClockName
from bot.tickets.models import Ticket
from bot.tickets.models_work import ApprovalRequest, ApprovalState
from bot.tickets.office import Actor, Office
from bot.tickets.states import SETTLED, Event, Transition, Who, ways

# What makes a consent given before count no more.
UNDONE = (Event.DISPUTE, Event.REOPEN, Event.CHANGE)
MAY_CONSENT = "approver"  # a role that may consent wherever a shop asks for it


class NotPossible(Conflict):
    """The case cannot go that way from where it stands, or not by this person."""

    code = "not_possible"
    message = "这张单子现在不能这样处理，请刷新后再看。"


class NotYourConsent(DeskError):
    """Somebody else has to consent: another role, or not the one who asked."""

    code = "not_your_consent"
    status = 403
    permanent = True
    message = "这一步要由有审批权限的另一位同事来定。"


@dataclass(frozen=True)
class Step:
    """What came of moving a case: it moved, or it waits for `approval`."""

    ticket: Ticket
    approval: ApprovalRequest | None = None

    @property
    def moved(self) -> bool:
        """Whether the case moved."""
        return self.approval is None


def advance(
    session: Session, office: Office, ticket: Ticket, event: Event, by: Actor, why: str
) -> Step:
    """Move a case, or ask for the consent that its shop demands before it may move.

    Raises NotPossible where the table of states knows no such way.
    """
    ticket = locked(session, ticket)
    way = _way(session, ticket, event, by)
    approval = office.promises(ticket).approval(ticket.kind, way.end)
    if approval is not None and not work.granted(session, ticket.id, way.end):
        return Step(ticket, _ask(session, office, ticket, way, approval, by, why))
    _move(session, office, ticket, way, by, why)
    return Step(ticket)


def approve(session: Session, office: Office, request_id: int, by: Actor, why: str) -> Step:
    """Consent, and move the case as it was asked for.

    Raises NotYourConsent, NotFound, Conflict when it was decided or the case has moved on.
    """
    request = _request(session, request_id, by)
    ticket = locked(session, repository.get(session, request.ticket_id))
    _decide(session, office, request, ApprovalState.GRANTED, by, why)
    history.note(session, office, ticket, by.name, "consented", why)
    clocks.end_named(session, office, ticket, ClockName.APPROVAL)
    consenting = Actor(by.name, Who.APPROVER, by.roles)
    way = _way(session, ticket, Event(request.event), consenting)
    _move(session, office, ticket, way, consenting, why)
    return Step(ticket)


def reject(session: Session, office: Office, request_id: int, by: Actor, why: str) -> Ticket:
    """Refuse consent: the case stays where it is, for its agent to find another way."""
    request = _request(session, request_id, by)
    ticket = locked(session, repository.get(session, request.ticket_id))
    _decide(session, office, request, ApprovalState.REFUSED, by, why)
    clocks.end_named(session, office, ticket, ClockName.APPROVAL)
    history.note(session, office, ticket, by.name, "consent_refused", why)
    return ticket


def withdraw(session: Session, office: Office, ticket: Ticket, why: str, by: Actor) -> bool:
    """Take a case back; False when it has come too far for that."""
    ticket = locked(session, ticket)
    if not ways(ticket.state, Event.WITHDRAW):
        return False
    _move(session, office, ticket, _way(session, ticket, Event.WITHDRAW, by), by, why)
    return True


def locked(session: Session, ticket: Ticket | None) -> Ticket:
    """The case as it is now, held until the transaction ends. Raises NotFound."""
    found = repository.lock(session, ticket.id) if ticket is not None else None
    if found is None:
        raise NotFound
    return found


def _way(session: Session, ticket: Ticket, event: Event, by: Actor) -> Transition:
    found = [way for way in ways(ticket.state, event) if by.who in way.who]
    if event == Event.ANSWER:
        back = repository.asked_in(session, ticket.id)
        found = [way for way in found if way.end == back]
    if not found:
        raise NotPossible(no=ticket.no, state=ticket.state, event=str(event), by=str(by.who))
    return found[0]


def _move(
    session: Session, office: Office, ticket: Ticket, way: Transition, by: Actor, why: str
) -> None:
    history.move(session, office, ticket, way, by.name, why)
    if way.event in UNDONE:
        work.lapse_approvals(session, ticket.id, ApprovalState.GRANTED, ApprovalState.PENDING)
    if way.end in SETTLED:
        work.lapse_approvals(session, ticket.id, ApprovalState.PENDING)
        appointments.drop(session, office, ticket)
    aftercare.entered(session, office, ticket, way, by)
    clocks.moved(session, office, ticket, way.start)
    if by.who != Who.SHOPPER:
        notices.of_state(session, office, ticket, why)


def _ask(
    session: Session,
    office: Office,
    ticket: Ticket,
    way: Transition,
    approval: Approval,
    by: Actor,
    why: str,
) -> ApprovalRequest:
    """Put a case before whoever has to consent; a case that waits already goes on waiting."""
    waiting = work.pending_approval(session, ticket.id)
    if waiting is not None:
        if waiting.wanted == way.end:
            return waiting
        raise NotPossible("这张单子正在等审批，先等结果出来。", no=ticket.no)
    request = ApprovalRequest(
        ticket_id=ticket.id,
        state=ApprovalState.PENDING,
        wanted=way.end,
        event=way.event,
        role=approval.by,
        clause=approval.clause,
        asked_by=by.name,
        why=why,
        asked_at=office.now,
    )
    session.add(request)
    session.flush()
    history.note(session, office, ticket, by.name, "consent_asked", why)
    if approval.term is not None:
        clocks.start_approval(session, office, ticket, approval.term, approval.clause)
    return request


def _request(session: Session, request_id: int, by: Actor) -> ApprovalRequest:
    request = session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound
    if request.asked_by == by.name or not by.roles & {request.role, MAY_CONSENT}:
        raise NotYourConsent(role=request.role)
    return request


def _decide(
    session: Session,
    office: Office,
    request: ApprovalRequest,
    state: ApprovalState,
    by: Actor,
    why: str,
) -> None:
    statement = update(ApprovalRequest).where(
        ApprovalRequest.id == request.id, ApprovalRequest.state == ApprovalState.PENDING
    )
    values = {
        "state": state,
        "decided_by": by.name,
        "decided_why": why,
        "decided_at": office.now,
    }
    if not work.claimed(session, statement.values(**values)):
        raise Conflict("这一步刚才已经有人定了，请刷新后再看。")
