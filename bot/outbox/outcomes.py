"""What becomes of a parcel when an attempt has ended, or never will."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.channels.wechat.codes import Fate
from bot.channels.wechat.wording import LEAST, split
from bot.outbox import repository
from bot.outbox.models import Attempt, DeliveryState, Outcome, Parcel, ParcelState, Way
from bot.outbox.parcels import Load, hold, part_done
from bot.wechat import repository as followers
from bot.wechat.models import Contact
from bot.wechat.service import Closed, close, give_back

# Seconds until the next try after each failure that may pass; then the last one again and again.
BACK_OFF = (1, 2, 5, 10, 30, 60, 120, 300, 600)
MOST_TRIES = 24  # about three hours
JITTER = 0.25
NOTICED = "noticed"  # held, but the shopper has been told by a notice
BARRED_FOR = timedelta(hours=24)
_BEIJING = ZoneInfo("Asia/Shanghai")  # the platform's daily counts begin anew at its midnight


@dataclass(frozen=True)
class Ended:
    """How an attempt ended: what the platform said and what that means."""

    fate: Fate
    code: int | None = None
    error: str | None = None


def settle(session: Session, load: Load, ended: Ended, owner: str, now: datetime) -> bool:
    """Write down an outcome and what follows from it; False when the parcel was given up for
    cut off meanwhile, which leaves it unconfirmed."""
    attempt = session.get(Attempt, load.attempt_id)
    assert attempt is not None
    contact = _contact(session, load)
    parcel = repository.parcel_held_by(session, load.parcel_id, owner, load.attempt)
    if parcel is None:
        return False
    attempt.outcome, attempt.ended_at = _OUTCOMES.get(ended.fate, Outcome.REFUSED), now
    attempt.code, attempt.error = ended.code, ended.error
    _follow(session, parcel, contact, load, ended, now)
    return True


def recover(session: Session, now: datetime) -> int:
    """Give up waiting for attempts whose process died: they may have arrived, so they count as
    out and are never made again. Gives the number of parcels concerned."""
    lost = 0
    for conversation_id, parcel_id in repository.cut_off(session, now):
        # The follower's row first, as everywhere: two orders would lock each other out.
        contact = followers.of_conversation(session, conversation_id, lock=True)
        parcel = repository.still_cut_off(session, parcel_id, now)
        if parcel is None or contact is None:
            continue
        lost += 1
        way = Way.CUSTOM
        for attempt in repository.begun(session, parcel.id):
            attempt.outcome, attempt.ended_at = Outcome.UNCONFIRMED, now
            attempt.error = "进程中断，不知道是否送到"
            way = Way(attempt.way)
        parcel.error = "不知道是否送到"
        if way == Way.NOTICE:
            parcel.owner = parcel.lease_until = None
            hold(session, parcel, contact, NOTICED)
        else:
            parcel.doubtful += 1
            part_done(session, parcel, contact, way, now)
    return lost


_OUTCOMES = {Fate.SENT: Outcome.SENT, Fate.UNKNOWN: Outcome.UNCONFIRMED}
_CLOSED = {Fate.SPENT: Closed.SPENT, Fate.CLOSED: Closed.WINDOW}
_PASSING = {Fate.RETRY, Fate.TOKEN, Fate.FAULT}


def _follow(
    session: Session, parcel: Parcel, contact: Contact, load: Load, ended: Ended, now: datetime
) -> None:
    if ended.fate in (Fate.SENT, Fate.UNKNOWN):
        _out(session, parcel, contact, load, ended, now)
        return
    if load.way == Way.CUSTOM:
        give_back(contact, now)
    parcel.error, parcel.owner, parcel.lease_until = ended.error, None, None
    if ended.fate in _PASSING:
        if ended.fate != Fate.RETRY:
            _alert(session, load.account, f"{ended.code} {ended.error}", now)
        _try_later(session, parcel, ended, now)
    elif load.way == Way.NOTICE:
        # Neither way is open then: it stays until the shopper comes back.
        hold(session, parcel, contact, Closed.WINDOW)
    elif ended.fate in _CLOSED:
        close(contact, _CLOSED[ended.fate], now)
        hold(session, parcel, contact, _CLOSED[ended.fate])
    else:
        _act(session, parcel, contact, load, ended, now)


def _out(
    session: Session, parcel: Parcel, contact: Contact, load: Load, ended: Ended, now: datetime
) -> None:
    if ended.fate == Fate.UNKNOWN:
        parcel.doubtful += 1
        parcel.error = ended.error
    else:
        _all_clear(session, load.account)
    if load.way == Way.NOTICE:
        hold(session, parcel, contact, NOTICED)  # the words themselves wait
    else:
        part_done(session, parcel, contact, load.way, now)


def _all_clear(session: Session, account: str) -> None:
    standing = followers.standing(session, account)
    if standing is not None and standing.alert:
        standing.alert = standing.alert_at = None


def _act(
    session: Session, parcel: Parcel, contact: Contact, load: Load, ended: Ended, now: datetime
) -> None:
    followers.ensure_standing(session, load.account)
    standing = followers.standing(session, load.account, lock=True)
    assert standing is not None
    if ended.fate == Fate.SPLIT and _split_smaller(parcel):
        _again(session, parcel, now)
    elif ended.fate == Fate.REFUSED and load.choices:
        parcel.plain = True  # an old client or account without menu messages: numbers do
        _again(session, parcel, now)
    elif ended.fate == Fate.PARK:
        standing.parked_until = _midnight(now)
        standing.alert, standing.alert_at = "今天的发送次数已用完，明天零点后继续。", now
        _again(session, parcel, standing.parked_until)
    elif ended.fate == Fate.BARRED:
        standing.barred_until = now + BARRED_FOR
        standing.alert, standing.alert_at = "这个公众号没有客服消息权限，只能被动回复。", now
        hold(session, parcel, contact, "barred")
    else:
        if ended.fate == Fate.UNREACHABLE:
            close(contact, Closed.LEFT, now)
        fail(session, parcel, ended.error, now)


def _alert(session: Session, account: str, text: str, now: datetime) -> None:
    followers.ensure_standing(session, account)
    standing = followers.standing(session, account, lock=True)
    assert standing is not None
    standing.alert, standing.alert_at = text, now


def fail(session: Session, parcel: Parcel, error: str | None, now: datetime) -> None:
    """End a parcel that will never pass; a person sees it at the desk."""
    parcel.state, parcel.finished_at, parcel.error = ParcelState.FAILED, now, error
    repository.set_lines(session, parcel.id, DeliveryState.FAILED, error)
    session.flush()


def _try_later(session: Session, parcel: Parcel, ended: Ended, now: datetime) -> None:
    if parcel.attempts >= MOST_TRIES:
        fail(session, parcel, ended.error, now)
        return
    pause = BACK_OFF[min(parcel.attempts, len(BACK_OFF)) - 1]
    jitter = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # spreads tries, guards nothing
    _again(session, parcel, now + timedelta(seconds=pause * jitter))


def _again(session: Session, parcel: Parcel, due_at: datetime) -> None:
    parcel.state, parcel.due_at = ParcelState.PENDING, due_at
    repository.set_lines(session, parcel.id, DeliveryState.SENDING, parcel.error)
    session.flush()


def _split_smaller(parcel: Parcel) -> bool:
    part = parcel.parts[parcel.done]
    if not isinstance(part, str) or (size := len(part.encode())) <= LEAST:
        return False
    smaller = split(part, size // 2 + 3)
    parcel.parts = [*parcel.parts[: parcel.done], *smaller, *parcel.parts[parcel.done + 1 :]]
    parcel.plain = True
    return len(smaller) > 1


def _midnight(now: datetime) -> datetime:
    tomorrow = now.astimezone(_BEIJING).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0, 1), _BEIJING)


def _contact(session: Session, load: Load) -> Contact:
    contact = followers.contact(session, load.account, load.openid)
    assert contact is not None
    return contact
