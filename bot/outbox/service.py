"""Put lines on their way and say how they fared. A page fetches its lines itself; other channels
are pushed to. For the desk: `meter` of a conversation, `dead_letters`, `send_again`, `recall`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.conversations.models import Conversation, Message
from bot.errors import Conflict, NotFound
from bot.outbox import repository
from bot.outbox.models import Delivery, DeliveryState, Parcel, ParcelState
from bot.wechat import repository as followers
from bot.wechat.service import Closed, budget

FETCHED = {"web"}  # channels whose shopper comes for the lines
TOPIC = "outbox"  # told, after the commit, when a pushed line was put

_WHY = {
    Closed.LEFT: "顾客已取消关注，发不到了，请电话联系。",
    Closed.WINDOW: "顾客超过 48 小时没有说话，现在发的会留着，等他下次来时送到。",
    Closed.SPENT: "这一轮能发的条数用完了，现在发的会留着，等他下次说话时送到。",
}
_PAGE = 50


class NotHere(NotFound):
    """There is no such parcel."""

    code = "no_parcel"
    message = "没有找到这条发送记录。"


class CannotSendAgain(Conflict):
    """Only what failed may be sent again; what may have arrived is never."""

    code = "cannot_send_again"
    message = "这条不能重发：它没有失败，或者可能已经送到。"


@dataclass(frozen=True)
class Meter:
    """What an agent may still send in a conversation. `left` is None where nothing is counted;
    `note` is a sentence for the agent, or empty."""

    channel: str
    left: int | None
    until: datetime | None
    reachable: bool
    open: bool
    held: int
    unconfirmed: int
    failed: int
    note: str


@dataclass(frozen=True)
class DeadLetter:
    """A parcel that will not go out by itself, or of which nobody knows whether it did."""

    parcel_id: str
    conversation_id: str
    state: str
    text: str
    error: str | None
    attempts: int
    created_at: datetime


def put(session: Session, conversation: Conversation, message: Message, now: datetime) -> Delivery:
    """Add a line to the outbox of its conversation's channel."""
    fetched = conversation.channel in FETCHED
    delivery = Delivery(
        message_id=message.id,
        conversation_id=conversation.id,
        channel=conversation.channel,
        state=DeliveryState.OFFERED if fetched else DeliveryState.PENDING,
        due_at=now,
    )
    session.add(delivery)
    return delivery


def recall(session: Session, message_id: str) -> bool:
    """Take back a line; False when it is on its way or out already."""
    return repository.recall(session, message_id)


def fetched(session: Session, message_ids: Collection[str]) -> int:
    """Note that a page has these lines now: none of them can be taken back any more."""
    return repository.fetched(session, message_ids)


def state_of(session: Session, message_id: str) -> DeliveryState | None:
    """How far a line has come; None if it was never put."""
    found = repository.delivery(session, message_id)
    return None if found is None else DeliveryState(found.state)


def meter(session: Session, conversation: Conversation, now: datetime) -> Meter:
    """What may still be sent in a conversation, and what did not get through."""
    counts = repository.counts(session, conversation.id)
    held, unconfirmed, failed = (
        counts.get(state, 0)
        for state in (DeliveryState.HELD, DeliveryState.UNCONFIRMED, DeliveryState.FAILED)
    )
    follower = followers.of_conversation(session, conversation.id)
    if follower is None:
        return Meter(
            conversation.channel, None, None, True, True, held, unconfirmed, failed, note=""
        )
    left = budget(follower, now)
    return Meter(
        channel=conversation.channel,
        left=left.left,
        until=left.until,
        reachable=left.closed != Closed.LEFT,
        open=left.closed is None,
        held=held,
        unconfirmed=unconfirmed,
        failed=failed,
        note=_note(left.closed, left.left),
    )


def figures(session: Session) -> Mapping[str, int]:
    """How many lines of all channels are in each state."""
    counts = repository.counts(session)
    return {state.value: counts.get(state, 0) for state in DeliveryState}


def gauges(session: Session, now: datetime) -> Mapping[str, float]:
    """For /metrics: lines by state, and the seconds that the oldest unsent one has waited."""
    counts, oldest = figures(session), repository.oldest_pending(session)
    told = {
        f"desk_outbox_{state}": float(counts[state])
        for state in (
            DeliveryState.PENDING,
            DeliveryState.HELD,
            DeliveryState.UNCONFIRMED,
            DeliveryState.FAILED,
        )
    }
    waited = (now - oldest).total_seconds() if oldest else 0.0
    return {**told, "desk_outbox_oldest_seconds": max(0.0, waited)}


def oldest_pending(session: Session) -> datetime | None:
    """Since when the oldest line waits that could be sent now."""
    return repository.oldest_pending(session)


def dead_letters(session: Session, page: int = 0) -> Sequence[DeadLetter]:
    """What failed for good and what may or may not have arrived, newest first, 50 to a page."""
    states = (ParcelState.FAILED, ParcelState.UNCONFIRMED)
    found = repository.in_states(session, states, _PAGE, page * _PAGE)
    return [_dead(parcel) for parcel in found]


def send_again(session: Session, parcel_id: str, now: datetime) -> None:
    """Give the lines of a failed parcel another chance. Raises NotHere or CannotSendAgain."""
    parcel = session.get(Parcel, parcel_id, with_for_update=True)
    if parcel is None:
        raise NotHere
    if parcel.state != ParcelState.FAILED or parcel.done:
        raise CannotSendAgain
    parcel.state = ParcelState.UNPACKED
    repository.unpack(session, parcel_id, now)


def _note(closed: Closed | None, left: int) -> str:
    if closed is not None:
        return _WHY[closed]
    return "在顾客再次说话之前只能再发 1 条，留给结果用。" if left == 1 else ""


def _dead(parcel: Parcel) -> DeadLetter:
    texts: Sequence[Any] = parcel.parts
    return DeadLetter(
        parcel_id=parcel.id,
        conversation_id=parcel.conversation_id,
        state=parcel.state,
        text="".join(each if isinstance(each, str) else "[图片]" for each in texts),
        error=parcel.error,
        attempts=parcel.attempts,
        created_at=parcel.created_at,
    )
