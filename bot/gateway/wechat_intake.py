"""What becomes of one callback, in one transaction: a line with a turn, a line with an answer of
its own, or a note."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.channels.wechat.account import Account
from bot.channels.wechat.parse import Incoming, Kind
from bot.channels.wechat.wording import clean
from bot.conversations import service as conversations
from bot.errors import BadInput
from bot.gateway import privacy
from bot.gateway.web import GREETING_BUTTONS, Chat, greeting_of
from bot.gateway.wechat_places import nearest
from bot.inbox import service as inbox
from bot.messages import Line, Mode, Pressed
from bot.outbox import parcels
from bot.outbox import service as outbox
from bot.outbox.parcels import Passive
from bot.wechat import menu, repository
from bot.wechat import service as followers
from bot.wechat.models import Contact, MediaState, Received
from bot.wechat.service import NAME

LONGEST_FETCH = timedelta(minutes=10)  # that a photo, and lines behind it, wait for its file
GRACE = timedelta(seconds=0.5)  # for the last look at the end of a wait

_SHOWN = {
    Kind.TEXT: "[看不到的内容]",
    Kind.LINK: "[链接]",
    Kind.VOICE: "[语音]",
    Kind.VIDEO: "[视频]",
    Kind.IMAGE: "[图片]",
}
_SAID = {
    Kind.TEXT: "wechat_unreadable",
    Kind.LINK: "wechat_unreadable",
    Kind.VOICE: "wechat_voice",
    Kind.VIDEO: "wechat_video",
    Kind.IMAGE: "wechat_photo_lost",
}


@dataclass(frozen=True)
class Taken:
    """A callback written down. `reply` is its answer if there is one already; otherwise, with
    `waits_for`, the turn of that line will give it. `photo` is a file to be fetched."""

    conversation_id: str
    new: bool
    reply: Passive | None = None
    waits_for: str | None = None
    photo: bool = False


@dataclass(frozen=True)
class _Heard:
    """The line that a callback became, if it became one, and whether that is owed a turn."""

    message_id: str | None = None
    owed: bool = False


@dataclass(frozen=True)
class _Desk:
    """All that one callback is handled with."""

    session: Session
    chat: Chat
    account: Account
    contact: Contact
    incoming: Incoming
    now: datetime

    @property
    def conversation_id(self) -> str:
        """The follower's conversation."""
        return self.contact.conversation_id


def take_in(
    session: Session,
    chat: Chat,
    account: Account,
    incoming: Incoming,
    until: datetime | None,
    seen: MutableMapping[tuple[str, str], Received],
) -> Taken:
    """Take a callback in, once however often it comes; with `until` it waits so long for its
    answer, otherwise that is the courier's. `seen` are those that have come before; this one
    joins them. To be run again on IntegrityError.
    """
    now = chat.clock.now()
    shop = chat.shops.get(account.shop).slug
    with session.no_autoflush:  # what changes goes out together at the end
        contact, _ = followers.follower(session, account.name, incoming.openid, shop, now)
        known = seen.get((account.name, incoming.key))
        if known is not None:
            return _again(session, contact, incoming, known.message_id)
        followers.grant(contact, incoming.kind, now)
        if incoming.kind in _SPEAKS:
            parcels.release(session, contact, now)
        desk = _Desk(session, chat, account, contact, incoming, now)
        heard = _SPEAKS.get(incoming.kind, _nothing)(desk)
        if incoming.kind in _SPEAKS and (told := _privacy(desk)) is not None:
            say(desk, told)
        note = followers.remember(session, contact, incoming, heard.message_id, now)
        seen[account.name, incoming.key] = note
        taken = _answered_by(desk, heard, note, until)
        session.flush()
    return taken


def _answered_by(desk: _Desk, heard: _Heard, note: Received, until: datetime | None) -> Taken:
    """Whether a turn gives the answer, or there is one already."""
    photo = heard.owed and desk.incoming.kind == Kind.IMAGE
    if photo:
        note.media, note.media_id = MediaState.WANTED, desk.incoming.media_id
        note.media_due = desk.now
    client_id, reply = desk.incoming.client_id, None
    if heard.owed and until is not None:
        followers.await_turn(desk.contact, client_id, until + GRACE)
    elif until is not None:
        desk.session.flush()  # what has been said is among what may be given
        reply = parcels.take_passive(
            desk.session, desk.conversation_id, client_id, desk.now, desk.contact
        )
    waits_for = heard.message_id if heard.owed else None
    return Taken(desk.conversation_id, True, reply, waits_for, photo)


def again(session: Session, incoming: Incoming, known: Received) -> Taken:
    """The answer that a callback known from before may have now; changes nothing."""
    contact = repository.of_conversation(session, known.conversation_id)
    assert contact is not None
    return _again(session, contact, incoming, known.message_id)


def _again(session: Session, contact: Contact, incoming: Incoming, message_id: str | None) -> Taken:
    """The same callback once more gets the same answer, or waits for it while it may yet come."""
    reply = parcels.given(session, contact.conversation_id, incoming.client_id)
    waits = contact.passive_for == incoming.client_id and message_id is not None
    return Taken(contact.conversation_id, False, reply, message_id if waits else None)


def offer(chat: Chat, taken: Taken, client_id: str, *, last: bool) -> tuple[bool, Passive | None]:
    """Whether the turn that a callback waits for is over, and the answer if it can have it now.
    After the `last` look the answer is the courier's to send."""
    assert taken.waits_for is not None
    now = chat.clock.now()
    with chat.db.write() as session:
        over = inbox.is_over(session, taken.waits_for)
        if not over and not last:
            return False, None
        contact = repository.of_conversation(session, taken.conversation_id, lock=True)
        assert contact is not None
        if contact.passive_for != client_id:  # given to another delivery, or to a later line
            return over, parcels.given(session, taken.conversation_id, client_id)
        reply = parcels.take_passive(session, taken.conversation_id, client_id, now, contact)
        followers.stop_waiting(contact, client_id)
    return over, reply


def say(desk: _Desk, line: Line, reply_to: str | None = None) -> None:
    """Say something without a turn, if it is the bot that answers here now."""
    conversation = conversations.locked(desk.session, desk.conversation_id)
    if conversation.mode != Mode.BOT:
        return
    place = None if reply_to is None else "0"
    said = conversations.say(desk.session, conversation, line, desk.now, reply_to, place)
    outbox.put(desk.session, conversation, said, desk.now)


def _privacy(desk: _Desk) -> Line | None:
    """Where a follower reads what is kept of them, if they have not been told."""
    if not desk.chat.public_url:
        return None
    conversation = conversations.locked(desk.session, desk.conversation_id)
    return privacy.once(desk.chat, desk.session, conversation, desk.now)


def _nothing(_desk: _Desk) -> _Heard:
    return _Heard()


def _text(desk: _Desk) -> _Heard:
    text = clean(desk.incoming.text)
    if not text:
        return _unheard(desk)
    choice = followers.meant(desk.session, desk.contact, desk.incoming, text)
    if choice is not None and _pressed(choice["payload"]):
        return _owe(desk, choice["title"], choice["payload"])
    return _owe(desk, text)


def _voice(desk: _Desk) -> _Heard:
    text = clean(desk.incoming.text)
    return _owe(desk, text) if text else _unheard(desk)


def _unheard(desk: _Desk) -> _Heard:
    kind = desk.incoming.kind
    return _answered(desk, _SHOWN[kind], desk.chat.spoken.line(_SAID[kind]))


def _image(desk: _Desk) -> _Heard:
    if not desk.incoming.media_id:
        return _unheard(desk)
    return _owe(desk, "", "photo", desk.now + LONGEST_FETCH)


def _link(desk: _Desk) -> _Heard:
    text = clean(desk.incoming.text)
    return _owe(desk, f"[链接] {text}") if text else _unheard(desk)


def _location(desk: _Desk) -> _Heard:
    shown = " ".join(filter(None, ("[位置]", clean(desk.incoming.text))))
    shop = desk.chat.shops.get(desk.account.shop)
    found = nearest(shop, desk.incoming.place)
    if found is None:  # the bot answers as to any question where to go
        return _owe(desk, shown, "intent:store_inquiry")
    line = desk.chat.spoken.line("wechat_nearest", store=found.name, far=found.far, rest=found.rest)
    return _answered(desk, shown, line)


def _click(desk: _Desk) -> _Heard:
    press = desk.incoming.press
    if not _pressed(press):
        return _greet(desk)
    return _owe(desk, menu.title_of(desk.account, press), press)


def _greet(desk: _Desk) -> _Heard:
    """A follow, a scan, or a menu of former days: who we are and what we do."""
    press = desk.incoming.press
    if desk.incoming.kind != Kind.CLICK and _pressed(press):
        return _owe(desk, menu.title_of(desk.account, press), press)
    shop = desk.chat.shops.get(desk.account.shop)
    told = _privacy(desk)
    words = (greeting_of(shop, desk.chat.spoken), told.text if told is not None else "")
    say(desk, Line("\n\n".join(filter(None, words)), GREETING_BUTTONS))
    return _Heard()


def _owe(desk: _Desk, text: str, payload: str | None = None, due: datetime | None = None) -> _Heard:
    """A line that is owed a turn."""
    accepted = inbox.accept(
        desk.session,
        NAME,
        desk.conversation_id,
        desk.incoming.client_id,
        text,
        payload,
        desk.now,
        due,
    )
    return _Heard(accepted.message_id, owed=True)


def _answered(desk: _Desk, shown: str, line: Line) -> _Heard:
    """A line that needs no turn: what can be said to it is known."""
    message, _ = conversations.hear(
        desk.session, desk.conversation_id, desk.incoming.client_id, shown, None, desk.now
    )
    say(desk, line, message.id)
    return _Heard(message.id)


def _pressed(payload: str) -> bool:
    try:
        return not Pressed.by(payload).photo
    except BadInput:
        return False


_SPEAKS: Mapping[Kind, Callable[[_Desk], _Heard]] = {
    Kind.TEXT: _text,
    Kind.VOICE: _voice,
    Kind.IMAGE: _image,
    Kind.VIDEO: _unheard,
    Kind.LOCATION: _location,
    Kind.LINK: _link,
    Kind.SUBSCRIBE: _greet,
    Kind.SCAN: _greet,
    Kind.CLICK: _click,
}
