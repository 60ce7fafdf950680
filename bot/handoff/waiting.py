"""Waiting honestly: a shopper's place in the queue and how long it is likely to take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import median

from sqlalchemy.orm import Session

from bot.calendar.hours import open_spans
from bot.clock import Clock
from bot.conversations.models import Conversation
from bot.handoff import people, repository
from bot.handoff.limits import Limits
from bot.handoff.models import AgentOnline, HandOffRecord
from bot.messages import Mode, Spoken
from bot.shops.service import Shop

_ROUND = 5  # minutes to which a longer wait is rounded up


@dataclass(frozen=True)
class Place:
    """Where a shopper stands in the queue, from 1, and about how long it takes; None: unknown."""

    position: int
    minutes: int | None


@dataclass(frozen=True)
class Waiting:
    """Tells who waits where; counts only people who are there."""

    clock: Clock
    spoken: Spoken
    limits: Limits

    def is_open(self, shop: Shop) -> bool:
        """Whether people of the shop are at work by its hours."""
        now = self.clock.now().astimezone(self.clock.zone)
        return any(opens <= now < closes for opens, closes in open_spans(now, shop))

    def at_desk(self, session: Session, shop: str) -> list[AgentOnline]:
        """Who is there for a shop now."""
        return people.present(session, self.clock.now() - self.limits.lost, shop)

    def position(self, session: Session, conversation: Conversation) -> int | None:
        """The shopper's place in the queue from 1, or None for who does not wait."""
        record = self.record(session, conversation)
        return repository.ahead(session, record) + 1 if record else None

    def place(self, session: Session, conversation: Conversation) -> Place | None:
        """Place and expected wait: the median time that the last conversations took, times the
        rounds until somebody is free."""
        record = self.record(session, conversation)
        if record is None:
            return None
        position = repository.ahead(session, record) + 1
        return Place(position, self._minutes(session, record.shop, position))

    def place_line(self, place: Place) -> str:
        """A place as the bot says it."""
        ahead = place.position - 1
        name = "queue_next" if ahead == 0 else "queue_ahead"
        said = self.spoken.line(name, ahead=str(ahead)).text
        if place.minutes is None:
            return said
        wait = "queue_soon" if place.minutes <= 1 else "queue_minutes"
        return said + self.spoken.line(wait, minutes=str(place.minutes)).text

    def figures(self, session: Session) -> Mapping[str, float]:
        """How many wait, how many seconds the first of them has, and how many people are there."""
        queue, now = repository.queued(session), self.clock.now()
        waits = [(now - record.queued_at).total_seconds() for record in queue]
        present = repository.present(session, now - self.limits.lost)
        return {
            "desk_queue_waiting": len(queue),
            "desk_queue_oldest_seconds": max(waits, default=0.0),
            "desk_agents_online": len(present),
        }

    def record(self, session: Session, conversation: Conversation) -> HandOffRecord | None:
        """The hand-off of who waits now."""
        if conversation.mode != Mode.WAITING:
            return None
        return repository.open_record(session, conversation.id)

    def queued_by(self, session: Session, conversation: Conversation, message_id: str) -> bool:
        """Whether this very line put the shopper in the queue and nothing has changed since."""
        record = self.record(session, conversation)
        return (
            record is not None
            and record.message_id == message_id
            and record.fence == conversation.fence
        )

    def told(self, session: Session, conversation: Conversation) -> None:
        """Note that the shopper has heard their place as it is now."""
        record = self.record(session, conversation)
        if record is not None:
            record.told_at = self.clock.now()
            record.told_place = repository.ahead(session, record) + 1
            session.flush()

    def news(self, session: Session, conversation: Conversation) -> Place | None:
        """The place of who waits, if it is another than they were told."""
        record = self.record(session, conversation)
        place = self.place(session, conversation)
        changed = record and place and record.told_place != place.position
        return place if changed else None

    def _minutes(self, session: Session, shop: str, position: int) -> int | None:
        """Whole minutes; None while too little is known to say anything."""
        agents = self.at_desk(session, shop)
        loads = repository.loads(session)
        seats = sum(agent.capacity for agent in agents)
        free = sum(max(0, agent.capacity - loads.get(agent.user_id, 0)) for agent in agents)
        if position <= free:
            return 1
        took = repository.service_times(session, shop, self.limits.served)
        if not took or not seats:
            return None
        return _rounded(timedelta(seconds=median(took) * (position - free) / seats))


def _rounded(wait: timedelta) -> int:
    minutes = max(1, ceil(wait / timedelta(minutes=1)))
    return minutes if minutes <= _ROUND else ceil(minutes / _ROUND) * _ROUND
