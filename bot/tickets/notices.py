"""What a shopper is told unasked when something happens to their case: once, not at night, and
not when it is past."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.conversations import repository as conversations
from bot.conversations import service as lines
from bot.conversations.models import Conversation, Message
from bot.messages import Button, Line, Mode, Spoken
from bot.outbox import service as outbox
from bot.shops.service import Shop
from bot.tickets import aftercare, number, repository
from bot.tickets import repository_work as work
from bot.tickets.models import Resolution, Ticket, TicketState
from bot.tickets.models_work import Notice, NoticeState
from bot.tickets.office import Office
from bot.tickets.views import shown

SILENT = (TicketState.SUBMITTED, TicketState.REOPENED)
NAMES = (
    *(state.value for state in TicketState if state not in SILENT),
    "visit",
    "visit_soon",
    "visit_cancelled",
)


def of_state(session: Session, office: Office, ticket: Ticket, why: str) -> None:
    """Tell of the state that a case has just entered, each time that it enters it; where the
    shopper is refused or asked for something, in the words of whoever did it."""
    known = ticket.state == TicketState.CLOSED and ticket.resolution == Resolution.CONFIRMED
    if ticket.state not in SILENT and not known:
        words = {"why": why.strip().rstrip("。.!！") or "请联系同事"}
        plan(session, office, ticket, f"state:{ticket.moves}", ticket.state, words)


def plan(
    session: Session,
    office: Office,
    ticket: Ticket,
    event: str,
    name: str,
    blanks: Mapping[str, str] | None = None,
) -> None:
    """Owe the shopper the notice `name` for an event of a case; a second time changes nothing."""
    if work.notice(session, ticket.id, event) is not None:
        return
    reachable = ticket.conversation_id is not None
    notice = Notice(
        ticket_id=ticket.id,
        event=event,
        name=name,
        blanks=dict(blanks or {}),
        state=NoticeState.PENDING if reachable else NoticeState.DROPPED,
        send_at=waking(office.now, office.shop(ticket), office),
    )
    session.add(notice)
    session.flush()
    if not reachable:
        aftercare.tell_in_person(session, office, ticket, event)


def waking(now: datetime, shop: Shop, office: Office) -> datetime:
    """The next instant at which somebody may be written to unasked."""
    local = now.astimezone(office.zone)
    begins, ends = shop.quiet
    clock = local.time()
    overnight = begins > ends
    quiet = (clock >= begins or clock < ends) if overnight else begins <= clock < ends
    if not quiet:
        return now
    day = local.date() + timedelta(days=1 if overnight and clock >= begins else 0)
    return datetime.combine(day, ends, office.zone)


def send(session: Session, office: Office, spoken: Spoken, notice_id: int) -> str | None:
    """Write one notice into its conversation; gives that, or None when it was not to be sent."""
    if not work.claim_notice(session, notice_id, office.now):
        return None
    notice = session.get(Notice, notice_id, populate_existing=True)
    ticket = repository.get(session, notice.ticket_id) if notice else None
    if notice is None or ticket is None or ticket.conversation_id is None:
        return None
    if _is_past(notice, ticket):
        notice.state = NoticeState.DROPPED
        return None
    conversation = conversations.lock(session, ticket.conversation_id)
    if conversation is None:
        return None
    rated = work.rating(session, conversation.id, conversation.episode) is not None
    line = _line(office, spoken, notice, ticket, rated=rated)
    message = _say(session, office, conversation, line)
    outbox.put(session, conversation, message, office.now)
    notice.message_id = message.id
    session.flush()
    return conversation.id


def _is_past(notice: Notice, ticket: Ticket) -> bool:
    """Whether the case has moved on since: what it has come to is told instead, or is known."""
    kind, _, place = notice.event.partition(":")
    return kind == "state" and int(place) < ticket.moves


def _say(session: Session, office: Office, conversation: Conversation, line: Line) -> Message:
    if conversation.mode == Mode.BOT:
        return lines.say(session, conversation, line, office.now)
    # Where a person writes no bot does; a notice is none of either.
    message = lines.announce(session, conversation, line.text, office.now)
    message.extras = {**message.extras, "buttons": list(line.buttons), "ticket": line.ticket}
    return message


def _line(office: Office, spoken: Spoken, notice: Notice, ticket: Ticket, *, rated: bool) -> Line:
    said = spoken.line(
        f"notice_{notice.name}",
        no=number.spoken(ticket.no),
        at=notice.blanks.get("at", ""),
        why=notice.blanks.get("why", ""),
    )
    # Buttons and state are of now: what was held overnight must not offer what is past.
    return Line(said.text, _buttons(notice, ticket, rated=rated), ticket=shown(office, ticket))


def _buttons(notice: Notice, ticket: Ticket, *, rated: bool) -> tuple[Button, ...]:
    if notice.name == TicketState.CLOSED and not rated:
        return stars()
    if notice.name == TicketState.DONE and ticket.state == TicketState.DONE:
        return result(ticket)
    return ()


def stars() -> tuple[Button, ...]:
    """The five scores."""
    words = {5: "很满意", 4: "满意", 3: "一般", 2: "不太满意", 1: "不满意"}
    return tuple({"title": f"{n} {word}", "payload": f"rate:{n}"} for n, word in words.items())


def result(ticket: Ticket) -> tuple[Button, ...]:
    """Whether what was done has settled it."""
    return (
        {"title": "解决了", "payload": f"case:confirm={ticket.no}"},
        {"title": "还没解决", "payload": f"case:dispute={ticket.no}"},
    )
