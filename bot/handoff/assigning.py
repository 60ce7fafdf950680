"""Automatic assignment (自动接入): the longest waiting first, to whoever fits and has a seat."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.conversations.models import Conversation
from bot.errors import Conflict
from bot.handoff import people, repository
from bot.handoff.claims import Claims
from bot.handoff.models import AgentOnline, HandOffRecord

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seat:
    """A person who takes conversations by themselves, and how many they have."""

    agent: AgentOnline
    load: int


def assign(claims: Claims, session: Session) -> list[str]:
    """Give the head of the queue to somebody; the conversation assigned, at most one, so that
    each assignment is a transaction of its own."""
    handoff = claims.handoff
    for record in repository.assignable(session, handoff.clock.now() - handoff.limits.settle):
        for seat in candidates(claims, session, record):
            try:
                claims.claim(session, record.conversation_id, seat.agent.user_id)
            except Conflict:  # gone, or full, since we looked: the next one
                continue
            return [record.conversation_id]
    return []


def at_once(claims: Claims, session: Session, conversation: Conversation) -> bool:
    """Give a shopper who has just been told of the queue to somebody free who fits, unless one
    whom they could take as well has waited longer. The caller holds the conversation.

    Whoever is just being given another shopper is passed over and left to the sweep: waiting for
    them here while they wait for this conversation would never end.
    """
    record = claims.handoff.waiting.record(session, conversation)
    if record is None:
        return False
    seats = candidates(claims, session, record)
    before = repository.before(session, record) if seats else ()
    for seat in seats:
        if any(people.belongs(seat.agent, one) for one in before):
            continue
        if not repository.hold_if_free(session, seat.agent.user_id):
            continue
        try:
            claims.claim(session, conversation.id, seat.agent.user_id)
        except Conflict:  # full, or gone, since we looked: the next one
            continue
        return True
    return False


def candidates(claims: Claims, session: Session, record: HandOffRecord) -> list[Seat]:
    """Who could take a hand-off, the best first: who had this shopper before, then the least
    busy for their size, then who has waited longest for work."""
    handoff = claims.handoff
    loads = repository.loads(session)
    seats = [
        Seat(agent, loads.get(agent.user_id, 0))
        for agent in handoff.waiting.at_desk(session, record.shop)
        if agent.auto
    ]
    free = [seat for seat in seats if seat.load < seat.agent.capacity]
    fitting = [seat for seat in free if people.belongs(seat.agent, record)]
    if not fitting and _open_to_all(claims, record, seats):
        fitting = free
    # Who let this very wait fall gets it again only when there is nobody else.
    fresh = [seat for seat in fitting if not _dropped(seat, record)] or fitting
    before = _last_agent(session, record)
    return sorted(fresh, key=lambda seat: _rank(seat, before))


def _open_to_all(claims: Claims, record: HandOffRecord, seats: list[Seat]) -> bool:
    """Whether others than its department may take it: nobody of that is there, or too long."""
    if not any(people.belongs(seat.agent, record) for seat in seats):
        return True
    waited = claims.clock.now() - record.queued_at
    return waited >= claims.handoff.limits.department


def _rank(seat: Seat, before: str | None) -> tuple[bool, float, datetime, str]:
    agent = seat.agent
    idle_since = agent.assigned_at or _LONG_AGO
    return (agent.user_id != before, seat.load / agent.capacity, idle_since, agent.user_id)


def _dropped(seat: Seat, record: HandOffRecord) -> bool:
    return record.returns > 0 and seat.agent.user_id == record.last_agent


def _last_agent(session: Session, record: HandOffRecord) -> str | None:
    """Who had this shopper last, in an earlier hand-off."""
    earlier = (
        each.claimed_by
        for each in repository.records(session, record.conversation_id)
        if each.id != record.id
    )
    return next((who for who in earlier if who), None)
