"""Which lines travel together, in which parts, and who may send the next part how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.channels.wechat.account import Account
from bot.channels.wechat.wording import Choice
from bot.conversations.models import Message
from bot.messages import Author
from bot.outbox import repository
from bot.outbox.models import (
    Attempt,
    DeliveryState,
    Outcome,
    Parcel,
    ParcelState,
    Way,
)
from bot.outbox.packing import packed
from bot.wechat import repository as followers
from bot.wechat.models import Contact
from bot.wechat.service import Closed, budget, spend, stop_waiting

RESERVE = 1  # sends kept for what a shopper must not miss: an outcome, a case, a person's words
_NOTICE_TEXT = 20  # characters of one blank in a template


@dataclass(frozen=True)
class Load:
    """One part that is ours to send, written down as begun. `choices` are to be offered as a menu
    message, `photo` is a picture, `notice` fills the blanks of a template; otherwise `text` is the
    message."""

    parcel_id: str
    attempt: int
    attempt_id: int
    account: str
    openid: str
    way: Way
    text: str
    choices: Sequence[Choice] = ()
    photo: str | None = None
    notice: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Passive:
    """A passive reply, and whether there is more, which goes by the API."""

    text: str
    more: bool = False


def take_passive(
    session: Session, conversation_id: str, answers: str, now: datetime, contact: Contact
) -> Passive | None:
    """What the callback `answers` is to be answered with, or None. Afterwards the rest,
    if there is any, goes by the API. `contact` is the follower, locked."""
    parcel = _head(session, conversation_id, now)
    if parcel is None or parcel.state != ParcelState.PENDING:
        return None
    text = parcel.parts[parcel.done]
    if not isinstance(text, str):  # a photo has to be handed over first, which takes a call
        return None
    _write_attempt(session, parcel, Way.PASSIVE, Outcome.OFFERED, now, answers)
    parcel.attempts += 1
    stop_waiting(contact, answers)
    part_done(session, parcel, contact, Way.PASSIVE, now)
    return Passive(text, more=parcel.done < len(parcel.parts))


def given(session: Session, conversation_id: str, answers: str) -> Passive | None:
    """What that callback has been answered with before."""
    found = repository.answered(session, conversation_id, answers)
    return None if found is None else Passive(str(found[0].parts[found[1]]))


def take_custom(
    session: Session,
    conversation_id: str,
    accounts: Mapping[str, Account],
    zone: ZoneInfo,
    owner: str,
    now: datetime,
    lease: timedelta,
) -> Load | None:
    """The next part of a conversation to be sent by the API, if there is one and it may be."""
    contact = followers.of_conversation(session, conversation_id, lock=True)
    if contact is None or (contact.passive_until is not None and contact.passive_until > now):
        return None
    parcel = _head(session, conversation_id, now)
    if parcel is None or parcel.state != ParcelState.PENDING or parcel.due_at > now:
        return None
    account = accounts.get(contact.account)
    way = _permitted(session, parcel, contact, account, now)
    if account is None or way is None:
        return None
    if not repository.claim(session, parcel, owner, now + lease):
        return None
    if way == Way.CUSTOM:
        spend(contact, now)
    attempt = _write_attempt(session, parcel, way, Outcome.BEGUN, now)
    repository.set_lines(session, parcel.id, DeliveryState.SENDING)
    return _load(session, parcel, contact, account, attempt, way, zone)


def part_done(session: Session, parcel: Parcel, contact: Contact, way: Way, now: datetime) -> None:
    """Count a part as out, and with the last one end the parcel."""
    parcel.done += 1
    parcel.owner = parcel.lease_until = None
    if parcel.done < len(parcel.parts):
        parcel.state, parcel.due_at = ParcelState.PENDING, now
        repository.set_lines(session, parcel.id, DeliveryState.SENDING)
        session.flush()
        return
    contact.choices = list(parcel.choices)
    parcel.state, parcel.finished_at = _end(session, parcel, way), now
    repository.set_lines(session, parcel.id, DeliveryState(parcel.state))
    session.flush()


def hold(session: Session, parcel: Parcel, contact: Contact, why: str) -> None:
    """Keep a parcel until the shopper comes back."""
    contact.holding = True
    parcel.state, parcel.held_for = ParcelState.HELD, why
    parcel.owner = parcel.lease_until = None
    repository.set_lines(session, parcel.id, DeliveryState.HELD, why)
    session.flush()


def release(session: Session, contact: Contact, now: datetime) -> None:
    """The shopper is back: what was held may go, together with what is said now."""
    if not contact.holding:
        return
    contact.holding = False
    for parcel in repository.held(session, contact.conversation_id):
        parcel.held_for, parcel.due_at = None, now
        if parcel.done:
            parcel.state = ParcelState.PENDING
            repository.set_lines(session, parcel.id, DeliveryState.SENDING)
        else:
            parcel.state = ParcelState.UNPACKED
            repository.unpack(session, parcel.id, now)
    session.flush()


def _head(session: Session, conversation_id: str, now: datetime) -> Parcel | None:
    """The parcel whose turn it is; loose lines are packed when none is open."""
    return repository.head(session, conversation_id) or packed(session, conversation_id, now)


def _permitted(
    session: Session, parcel: Parcel, contact: Contact, account: Account | None, now: datetime
) -> Way | None:
    """How the parcel may travel now; otherwise it is put off or held."""
    standing = followers.standing(session, contact.account)
    if standing is not None and standing.parked_until and standing.parked_until > now:
        parcel.due_at = standing.parked_until
        return None
    barred = standing is not None and standing.barred_until and standing.barred_until > now
    left = budget(contact, now)
    may_notify = left.closed == Closed.WINDOW and account is not None and account.notice is not None
    if may_notify and not parcel.done and _news(session, parcel) is not None:
        return Way.NOTICE
    if account is None or barred or not account.custom_messages:
        hold(session, parcel, contact, "barred")
    elif left.closed is not None:
        hold(session, parcel, contact, left.closed)
    elif left.left <= RESERVE and not parcel.weighty:
        hold(session, parcel, contact, "reserve")
    else:
        return Way.CUSTOM
    return None


def _news(session: Session, parcel: Parcel) -> Message | None:
    """The last line that tells of a case: nothing else may be sent as a notice."""
    lines = repository.lines_of(session, parcel.id)
    told = [line for line in lines if line.author == Author.SYSTEM or line.extras.get("ticket")]
    return told[-1] if told else None


def _load(
    session: Session,
    parcel: Parcel,
    contact: Contact,
    account: Account,
    attempt: Attempt,
    way: Way,
    zone: ZoneInfo,
) -> Load:
    menu = way == Way.CUSTOM and account.menu_messages and not parcel.plain
    part = parcel.parts[parcel.done]
    fits = len(parcel.parts) == 1
    as_menu = bool(menu and fits and parcel.choices)
    notice = None
    news = _news(session, parcel) if way == Way.NOTICE else None
    if news is not None and account.notice is not None:
        notice = _blanks(account.notice.fields, news, contact, zone)
    return Load(
        parcel_id=parcel.id,
        attempt=parcel.attempts + 1,  # `claim` counted it past this copy
        attempt_id=attempt.id,
        account=contact.account,
        openid=contact.openid,
        way=way,
        text=parcel.head if as_menu or not isinstance(part, str) else part,
        photo=None if isinstance(part, str) or notice is not None else part["photo"],
        choices=parcel.choices if as_menu else (),
        notice=notice,
    )


def _blanks(
    fields: Mapping[str, str], line: Message, contact: Contact, zone: ZoneInfo
) -> Mapping[str, str]:
    short = line.text.strip().replace("\n", " ")
    ticket = line.extras.get("ticket") or {}
    values = {
        "text": short if len(short) <= _NOTICE_TEXT else short[: _NOTICE_TEXT - 1] + "…",
        "no": str(ticket.get("no") or "-"),
        "time": f"{line.created_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "shop": contact.account,
    }
    return {blank: values[source] for blank, source in fields.items()}


def _write_attempt(
    session: Session,
    parcel: Parcel,
    way: Way,
    outcome: Outcome,
    now: datetime,
    answers: str | None = None,
) -> Attempt:
    attempt = Attempt(
        parcel_id=parcel.id,
        part=parcel.done,
        way=way,
        outcome=outcome,
        answers=answers,
        begun_at=now,
        ended_at=None if outcome == Outcome.BEGUN else now,
    )
    session.add(attempt)
    session.flush()
    return attempt


def _end(session: Session, parcel: Parcel, way: Way) -> ParcelState:
    if parcel.doubtful:
        return ParcelState.UNCONFIRMED
    if way == Way.PASSIVE and parcel.done == 1:
        return ParcelState.OFFERED
    ways = {attempt.way for attempt in repository.attempts(session, parcel.id)}
    return ParcelState.OFFERED if ways == {Way.PASSIVE} else ParcelState.SENT
