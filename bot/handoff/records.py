"""Keeping hand-offs: making one, adding to its history, ending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversations.models import Conversation
from bot.conversations.service import new_id
from bot.handoff import repository
from bot.handoff.models import HandOffEvent, HandOffRecord, HandOffState
from bot.handoff.rules import Rule
from bot.tickets.models import Ticket

DEFAULT_PRIORITY = 5


@dataclass(frozen=True)
class Records:
    """Writes hand-offs and their history."""

    clock: Clock

    def make(
        self,
        conversation: Conversation,
        message_id: str | None,
        why: str,
        signals: Mapping[str, Any],
        rule: Rule | None,
        to: str | None,
    ) -> HandOffRecord:
        """A hand-off that is not yet in any state."""
        return HandOffRecord(
            id=new_id(),
            conversation_id=conversation.id,
            shop=conversation.shop,
            episode=conversation.episode,
            message_id=message_id,
            rule=rule.id if rule else None,
            clauses=list(rule.clauses) if rule else [],
            signals=dict(signals),
            why=why,
            department=to,
            skill=signals.get("complaint"),
            priority=rule.priority if rule else DEFAULT_PRIORITY,
            fence=conversation.fence,
            asking=conversation.asking,
            queued_at=self.clock.now(),
            joined=[],
            returns=0,
        )

    def finish(
        self,
        session: Session,
        record: HandOffRecord,
        state: HandOffState,
        resolution: str,
        ticket: Ticket | None = None,
    ) -> None:
        """End a hand-off."""
        record.state, record.resolution, record.ended_at = state, resolution, self.clock.now()
        record.ticket_no = ticket.no if ticket else record.ticket_no
        session.flush()

    def log(self, session: Session, record: HandOffRecord, who: str, what: str, note: str) -> None:
        """Add to the history of a hand-off."""
        now = self.clock.now()
        session.add(HandOffEvent(hand_off_id=record.id, who=who, what=what, note=note, at=now))
        session.flush()

    def opened(self, session: Session, conversation: Conversation, why: str) -> HandOffRecord:
        """The open hand-off of a conversation, or a new one that nobody asked for: a person
        took the shopper over."""
        record = repository.open_record(session, conversation.id)
        if record is None:
            record = self.make(conversation, None, why, {}, None, None)
            record.state, record.told_at = HandOffState.QUEUED, self.clock.now()
            session.add(record)
            session.flush()
        return record
