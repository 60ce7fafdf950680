"""Lines that wait, put into a parcel: those said together travel together, a picture alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.channels.wechat.wording import choices, numbered, split
from bot.conversations.models import Message
from bot.conversations.transcript import new_id
from bot.messages import Author
from bot.outbox import repository
from bot.outbox.models import DeliveryState, Parcel, ParcelState

SEAM = "\n\n"


def packed(session: Session, conversation_id: str, now: datetime) -> Parcel | None:
    """Put the lines that wait into a parcel, if there are any. The follower's row is locked."""
    lines: list[Message] = []
    for delivery, message in repository.loose(session, conversation_id):
        if message.recalled_at is not None:
            delivery.state = DeliveryState.RECALLED
        elif _photos_of(message):  # travels alone, in its place
            lines = lines or [message]
            break
        elif message.text.strip():
            lines.append(message)
    if not lines:
        return None
    parcel = _parcel(conversation_id, lines, now)
    session.add(parcel)
    session.flush()
    done = repository.pack(session, [line.id for line in lines], parcel.id)
    assert done, "the follower's row is locked, so nobody else packs"
    return parcel


def _parcel(conversation_id: str, lines: Sequence[Message], now: datetime) -> Parcel:
    offered = [
        choice for line in lines for choice in choices(line.extras.get("buttons") or (), line.seq)
    ]
    head = SEAM.join(line.text.strip() for line in lines)
    return Parcel(
        id=new_id(),
        conversation_id=conversation_id,
        number=lines[0].seq,
        state=ParcelState.PENDING,
        parts=[*split(numbered(head, offered)), *_photos_of(lines[0])],
        head=head,
        choices=list(offered),
        plain=False,
        weighty=any(_weighs(line) for line in lines),
        done=0,
        doubtful=0,
        attempts=0,
        due_at=now,
        created_at=now,
    )


def _photos_of(line: Message) -> list[dict[str, str]]:
    """The parts that bring the photos of a line."""
    return [{"photo": str(each["id"])} for each in line.extras.get("attachments") or ()]


def _weighs(line: Message) -> bool:
    said_by_people = line.author in (Author.AGENT, Author.SYSTEM)
    return said_by_people or bool(line.extras.get("ticket") or line.extras.get("decision"))
