"""After a case is finished: whether its result holds, the call some days later, what the shopper
thought of it, and the case that somebody opens who comes back too soon."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.calendar import service as calendar
from bot.conversations.models import Conversation
from bot.errors import BadInput, Conflict
from bot.shops.service import Term
from bot.tickets import history, repository
from bot.tickets import repository_work as work
from bot.tickets.models import Resolution, Ticket, TicketKind, TicketState
from bot.tickets.models_work import Rating, Task, TaskKind, TaskState
from bot.tickets.office import Actor, Office
from bot.tickets.states import Event, Transition, Who

SETTLING = timedelta(hours=72)  # in which coming back means that it was not settled
FOLLOW_UP = Term(3, "working_day")  # after the end of a case, until its shopper is called
# Whoever complained, had something repaired or was paid is asked whether all is well.
FOLLOWED = (TicketKind.COMPLAINT, TicketKind.REPAIR, TicketKind.COMPENSATION)
POOR = 2  # a score up to which a person calls
_LONGEST = 1000


class RatedAlready(Conflict):
    """One rating for one episode."""

    code = "rated_already"
    message = "这次服务您已经评过分了，谢谢。"


def entered(session: Session, office: Office, ticket: Ticket, way: Transition, by: Actor) -> None:
    """Keep what follows from the state that a case has just entered."""
    now = office.now
    if way.end in (TicketState.DONE, TicketState.REJECTED):
        ticket.finished_at, ticket.settles_at = now, now + SETTLING
        ticket.resolution = Resolution.ASSUMED
    elif way.end == TicketState.CONFIRMED:
        ticket.resolution, ticket.settles_at = Resolution.CONFIRMED, now
    elif way.event in (Event.DISPUTE, Event.REOPEN):
        _reopened(ticket)
    elif way.end == TicketState.CLOSED:
        _closed(session, office, ticket, by)
    elif way.event == Event.WITHDRAW:
        ticket.settles_at = None


def link(session: Session, office: Office, ticket: Ticket) -> None:
    """Note the finished case that somebody comes back about within 72 hours of its end."""
    since = office.now - SETTLING
    for before in repository.finished_since(session, ticket, since):
        if _is_about_the_same(ticket, before):
            ticket.previous_no = before.no
            if before.resolution != Resolution.CONFIRMED:
                before.resolution = Resolution.REFUTED
            history.note(session, office, before, "system", "came_back", ticket.no)
            session.flush()
            return


def rate(
    session: Session, office: Office, conversation: Conversation, score: int, comment: str
) -> Rating:
    """Keep what a shopper thinks of this episode. Raises BadInput, RatedAlready."""
    if score not in range(1, 6):
        raise BadInput("请打 1 到 5 分。", score=score)
    if work.rating(session, conversation.id, conversation.episode) is not None:
        raise RatedAlready
    cases = repository.of_conversation(session, conversation.id)
    ticket = cases[0] if cases else None
    rating = Rating(
        conversation_id=conversation.id,
        episode=conversation.episode,
        ticket_id=ticket.id if ticket else None,
        score=score,
        comment=comment.strip()[:_LONGEST],
        created_at=office.now,
    )
    session.add(rating)
    session.flush()
    if ticket is not None:
        history.note(session, office, ticket, "shopper", "rated", f"{score} 分 {comment}".strip())
        if score <= POOR:
            _task(session, office, ticket, TaskKind.FOLLOW_UP, "rated", f"顾客打了 {score} 分")
    return rating


def tell_in_person(session: Session, office: Office, ticket: Ticket, event: str) -> None:
    """Have a person tell somebody who has no conversation with us."""
    _task(session, office, ticket, TaskKind.TELL, event, "把进展告诉顾客", Term(1, "working_day"))


def done(session: Session, office: Office, task_id: int, by: Actor, result: str) -> None:
    """Close a task with what came of it. Raises Conflict when it was closed already."""
    values = {
        "state": TaskState.DONE,
        "done_by": by.name,
        "result": result,
        "done_at": office.now,
    }
    if not work.finish_task(session, task_id, **values):
        raise Conflict("这件事刚才已经有人办了，请刷新后再看。")


def _reopened(ticket: Ticket) -> None:
    ticket.reopened += 1
    ticket.resolution = Resolution.REFUTED
    ticket.finished_at = ticket.settles_at = None
    ticket.priority = max(0, ticket.priority - 1)


def _closed(session: Session, office: Office, ticket: Ticket, by: Actor) -> None:
    ticket.settles_at = None
    if ticket.finished_at is None:
        ticket.finished_at = office.now
    elif by.who == Who.SYSTEM and ticket.resolution == Resolution.ASSUMED:
        ticket.resolution = Resolution.QUIET
    if ticket.kind in FOLLOWED or ticket.reopened or ticket.rung:
        _task(session, office, ticket, TaskKind.FOLLOW_UP, f"closed:{ticket.moves}", "回访顾客")


def _task(
    session: Session,
    office: Office,
    ticket: Ticket,
    kind: TaskKind,
    event: str,
    note: str,
    term: Term = FOLLOW_UP,
) -> None:
    if work.task(session, ticket.id, kind, event) is not None:
        return
    session.add(
        Task(
            ticket_id=ticket.id,
            kind=kind,
            event=event,
            state=TaskState.OPEN,
            note=note,
            assigned_to=ticket.responsible or ticket.department,
            due_at=_by(office, ticket, term),
        )
    )
    session.flush()


def _by(office: Office, ticket: Ticket, term: Term) -> datetime:
    return calendar.due(office.now, term, office.shop(ticket), office.zone, office.days).at


def _is_about_the_same(ticket: Ticket, before: Ticket) -> bool:
    """Whether nothing told of the two says that they are about different goods."""
    goods = (ticket.facts.get("category"), before.facts.get("category"))
    return None in goods or goods[0] == goods[1]
