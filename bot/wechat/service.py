"""Followers: their conversation, whether and how often they may be written to.

Official rules: a line gives 5 customer-service messages within 48 hours, a menu click, a scan or
a follow 3 within a minute. A passive reply costs none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.channels.wechat.parse import Incoming, Kind
from bot.channels.wechat.wording import Choice, chosen, place_of
from bot.conversations import repository as lines
from bot.conversations import service as conversations
from bot.db import Database
from bot.wechat import repository
from bot.wechat.models import Contact, ContactState, Received

NAME = "wechat"
SENDS, WINDOW = 5, timedelta(hours=48)
TAPS, TAP_WINDOW = 3, timedelta(minutes=1)
MARGIN = timedelta(seconds=5)  # before a window ends; our clock is not the platform's
MOST_TRIES = 5  # to take in a callback that was written down in a rush
KEPT = timedelta(days=7)  # callbacks; WeChat delivers again within half a minute

_TAPS = {Kind.SUBSCRIBE, Kind.SCAN, Kind.CLICK}
_TALK = {Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.LOCATION, Kind.LINK}


class Closed(StrEnum):
    """Why nothing can be sent to a follower now."""

    LEFT = "left"
    WINDOW = "window"
    SPENT = "spent"


@dataclass(frozen=True)
class Budget:
    """Customer-service messages that a follower may still be sent, and until when."""

    left: int
    until: datetime | None
    closed: Closed | None


def follower(
    session: Session, account: str, openid: str, shop: str, now: datetime
) -> tuple[Contact, bool]:
    """The follower with a conversation of their own, locked; whether they are new.

    Two deliveries that both find them new collide on the row's uniqueness: the later one fails
    and is to be run again.
    """
    known = repository.contact(session, account, openid)
    if known is not None:
        return known, False
    opened = conversations.open_conversation(session, shop, NAME, None, now)
    made = Contact(
        id=conversations.new_id(),
        account=account,
        openid=openid,
        conversation_id=opened.conversation_id,
        state=ContactState.FOLLOWING,
        talk_left=0,
        tap_left=0,
        choices=[],
        holding=False,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made, True


def remember(
    session: Session, contact: Contact, incoming: Incoming, message_id: str | None, now: datetime
) -> Received:
    """Note a callback, so that its next delivery is known for what it is."""
    note = Received(
        account=contact.account,
        key=incoming.key,
        kind=incoming.kind,
        name=incoming.name,
        conversation_id=contact.conversation_id,
        message_id=message_id,
        raw=dict(incoming.fields) if incoming.kind == Kind.OTHER else None,
        received_at=now,
    )
    session.add(note)
    return note


def grant(contact: Contact, kind: Kind, now: datetime) -> None:
    """Count what a callback lets us send."""
    if kind == Kind.UNSUBSCRIBE:
        contact.state = ContactState.LEFT
        return
    contact.state, contact.heard_at = ContactState.FOLLOWING, now
    if kind in _TALK:
        contact.talk_left, contact.talk_until = SENDS, now + WINDOW
    elif kind in _TAPS:
        contact.tap_left, contact.tap_until = TAPS, now + TAP_WINDOW


def budget(contact: Contact, now: datetime) -> Budget:
    """What may still be sent."""
    taps = contact.tap_left if _open(contact.tap_until, now) else 0
    talks = contact.talk_left if _open(contact.talk_until, now) else 0
    until = max(filter(None, (contact.tap_until, contact.talk_until)), default=None)
    closed = None
    if contact.state == ContactState.LEFT:
        closed = Closed.LEFT
    elif not (_open(contact.tap_until, now) or _open(contact.talk_until, now)):
        closed = Closed.WINDOW
    elif taps + talks == 0:
        closed = Closed.SPENT
    return Budget(0 if closed else taps + talks, until, closed)


def spend(contact: Contact, now: datetime) -> None:
    """Count one send; those that lapse first go first."""
    if contact.tap_left and _open(contact.tap_until, now):
        contact.tap_left -= 1
    else:
        contact.talk_left = max(0, contact.talk_left - 1)


def give_back(contact: Contact, now: datetime) -> None:
    """Uncount a send that the platform refused."""
    if _open(contact.talk_until, now):
        contact.talk_left = min(SENDS, contact.talk_left + 1)


def close(contact: Contact, why: Closed, now: datetime) -> None:
    """Believe the platform where it counts otherwise than we do."""
    contact.talk_left = contact.tap_left = 0
    if why == Closed.LEFT:
        contact.state = ContactState.LEFT
    elif why == Closed.WINDOW:
        contact.talk_until = contact.tap_until = now


def meant(session: Session, contact: Contact, incoming: Incoming, text: str) -> Choice | None:
    """The button that a tapped choice, a bare number or a choice's own words stand for."""
    place = place_of(incoming.menu_id) if incoming.menu_id else None
    if place is not None:
        return _of_line(session, contact.conversation_id, *place)
    return chosen(text, contact.choices)


def await_turn(contact: Contact, client_id: str, until: datetime) -> None:
    """Hold answers back for the passive reply to a callback."""
    contact.passive_for, contact.passive_until = client_id, until


def stop_waiting(contact: Contact, client_id: str) -> None:
    """Let the answers go by the API, unless a later callback waits now."""
    if contact.passive_for == client_id:
        contact.passive_for = contact.passive_until = None


def forget(db: Database, now: datetime) -> int:
    """Remove callbacks too old to be delivered again."""
    with db.write() as session:
        gone = repository.forget_received(session, now - KEPT)
        return gone + repository.forget_arrivals(session, now - KEPT)


def _of_line(session: Session, conversation_id: str, seq: int, place: int) -> Choice | None:
    found = lines.after(session, conversation_id, seq - 1, 1)
    buttons: Sequence[Choice] = found[0].extras.get("buttons", ()) if found else ()
    if not found or found[0].seq != seq or not 1 <= place <= len(buttons):
        return None
    return buttons[place - 1]


def _open(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until - MARGIN
