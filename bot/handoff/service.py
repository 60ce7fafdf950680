"""Handing a conversation to people: asking for one, and waiting honestly.

What others call, each in the caller's transaction (after the commit tell `conversation:<id>`
and, where the queue changed, `queue`):

- `HandOff` (here): `request` (the bot hands over), `call_back`, `fires`, `reachable`; `leave`
  (the shopper goes back to the bot) and `miss` (nobody came).
- `HandOff.waiting`: `position`, `place`, `place_line`, `told`.
- `claims.Claims`: what a person at the desk does: `claim`, `take_over`, `join`, `say`, `recall`,
  `transfer`, `transfer_to`, `requeue`, `give_back`, `end`, `note`. All raise a `Conflict` that
  names who has the conversation now.
- `people`: `come_online`, `heartbeat`, `pause`, `go_offline`, `present`.
- `lists.waiting` and `lists.open_conversations`: rows for the desk's lists.
- `packet.packet`: everything known of a conversation, for the person who takes it.
- `jobs.Sweeps`: assigning, lost and silent people, waits in vain; run by the worker.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversations import modes
from bot.conversations import repository as transcript
from bot.conversations import service as conversations
from bot.conversations.models import Conversation
from bot.handoff import repository
from bot.handoff.limits import Limits
from bot.handoff.models import HandOffRecord, HandOffState
from bot.handoff.records import Records
from bot.handoff.rules import Promises, Rule
from bot.handoff.waiting import Place, Waiting
from bot.messages import Author, Line, Mode, Spoken
from bot.tickets import repository as cases
from bot.tickets.models import ComplaintKind, Ticket, TicketKind
from bot.tickets.service import Application, Tickets


@dataclass(frozen=True)
class HandedOff:
    """What became of a wish for a person: somebody has the shopper, or they wait at a place, or
    there is a case, `opened` just now or earlier."""

    agent_name: str | None = None
    place: Place | None = None
    ticket: Ticket | None = None
    opened: bool = False


@dataclass(frozen=True)
class HandOff:
    """Sends conversations to people; `promises` gives the rules that a shop wrote for it."""

    tickets: Tickets
    clock: Clock
    promises: Promises | None = None
    spoken: Spoken = field(default_factory=Spoken.load)
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def waiting(self) -> Waiting:
        """Places in the queue."""
        return Waiting(self.clock, self.spoken, self.limits)

    @cached_property
    def records(self) -> Records:
        """The hand-offs kept."""
        return Records(self.clock)

    def fires(self, conversation: Conversation, signals: Mapping[str, Any]) -> Rule | None:
        """The shop's rule that sends a conversation with these signals to people, if one does."""
        if self.promises is None:
            return None
        policy_set = self.tickets.shop(conversation).policy_set
        return self.promises(policy_set, self.clock.today()).fired(signals)

    def fired_before(self, session: Session, conversation: Conversation, rule: Rule) -> bool:
        """Whether this rule has brought people into this talk already."""
        return any(
            (record.rule, record.episode) == (rule.id, conversation.episode)
            for record in repository.records(session, conversation.id)
        )

    def request(
        self,
        session: Session,
        conversation: Conversation,
        message_id: str,
        why: str,
        signals: Mapping[str, Any] | None = None,
        to: str | None = None,
    ) -> HandedOff:
        """Bring the shopper to a person: into the queue if somebody is there, otherwise into a
        call-back case with a promised time. The conversation is locked by the caller.

        `to` goes before the department of the rule that fired.
        """
        if conversation.mode == Mode.HUMAN:
            return HandedOff(agent_name=conversation.agent_name)
        if conversation.mode == Mode.WAITING:
            return HandedOff(place=self.waiting.place(session, conversation))
        signals = dict(signals or {})
        rule = self.fires(conversation, signals)
        to = to or (rule.to if rule else None)
        if not self.reachable(session, conversation):
            return self._called_back(session, conversation, message_id, why, signals, rule, to)
        record = self.records.make(conversation, message_id, why, signals, rule, to)
        self._queue(session, conversation, record)
        return HandedOff(place=self.waiting.place(session, conversation))

    def call_back(
        self,
        session: Session,
        conversation: Conversation,
        message_id: str,
        why: str,
        assigned_to: str | None = None,
        complaint: str | None = None,
    ) -> tuple[Ticket, bool]:
        """The conversation's open call-back case, and whether this line opened it; one about
        a complaint is a case of its kind, with what the shop promises for that."""
        waiting = cases.open_call_back(session, conversation.id)
        if waiting is not None:
            return waiting, waiting.opened_by == message_id
        application = Application(
            kind=TicketKind.COMPLAINT if complaint else TicketKind.CALL_BACK,
            opened_by=message_id,
            why=why,
            term=self.tickets.shop(conversation).call_back,
            matter_id=conversation.matter_id,
            assigned_to=assigned_to,
            complaint=ComplaintKind(complaint) if complaint else None,
        )
        return self.tickets.open(session, conversation, application), True

    def reachable(self, session: Session, conversation: Conversation) -> bool:
        """Whether somebody is at the desk for this shop, within its hours."""
        shop = self.tickets.shop(conversation)
        return self.waiting.is_open(shop) and bool(self.waiting.at_desk(session, shop.slug))

    def leave(self, session: Session, conversation: Conversation) -> None:
        """The shopper would rather go on with the bot."""
        record = self.waiting.record(session, conversation)
        if record is not None:
            self.records.finish(session, record, HandOffState.RELEASED, "left_queue")
            self.records.log(session, record, "shopper", "left", "")
            self.resume(session, conversation, record)

    def miss(self, session: Session, conversation: Conversation) -> Ticket | None:
        """Nobody came: make the wait a call-back case with a promised time. None for a shopper
        who does not wait or has never said a word."""
        record = self.waiting.record(session, conversation)
        if record is None:
            return None
        last = transcript.latest(session, conversation.id, Author.SHOPPER, 1)
        line = record.message_id or (last[0].id if last else None)
        ticket = None
        if line is not None:
            ticket, _ = self.call_back(session, conversation, line, record.why, record.department)
        state = HandOffState.CALLED_BACK if ticket else HandOffState.RELEASED
        self.records.finish(session, record, state, "call_back", ticket)
        self.records.log(session, record, "system", "called_back", ticket.no if ticket else "")
        self.resume(session, conversation, record)
        return ticket

    def resume(self, session: Session, conversation: Conversation, record: HandOffRecord) -> None:
        """Let the bot go on where it stood when it handed over."""
        modes.to_bot(conversation)
        conversation.asking = record.asking
        session.flush()

    def welcome_back(
        self, session: Session, conversation: Conversation, again: Line, free: Line
    ) -> list[Line]:
        """What the bot says when it goes on: `again` and the question at which it had stopped,
        or `free` where there was none."""
        question = conversations.last_question(session, conversation)
        return [again, question] if question else [free]

    def _called_back(
        self,
        session: Session,
        conversation: Conversation,
        message_id: str,
        why: str,
        signals: Mapping[str, Any],
        rule: Rule | None,
        to: str | None,
    ) -> HandedOff:
        complaint = signals.get("complaint")
        ticket, opened = self.call_back(session, conversation, message_id, why, to, complaint)
        if opened and not repository.by_message(session, message_id):
            record = self.records.make(conversation, message_id, why, signals, rule, to)
            record.state, record.ticket_no = HandOffState.CALLED_BACK, ticket.no
            record.ended_at, record.resolution = self.clock.now(), "call_back"
            session.add(record)
            session.flush()
            self._fired(conversation, record)
            self.records.log(session, record, "bot", "called_back", ticket.no)
        return HandedOff(ticket=ticket, opened=opened)

    def _queue(self, session: Session, conversation: Conversation, record: HandOffRecord) -> None:
        modes.wait(conversation, record.queued_at)
        record.state, record.fence = HandOffState.QUEUED, conversation.fence
        session.add(record)
        self._fired(conversation, record)
        session.flush()
        self.records.log(session, record, "bot", "queued", record.rule or "")

    def _fired(self, conversation: Conversation, record: HandOffRecord) -> None:
        conversation.fired = record.rule
        conversation.priority, conversation.department = record.priority, record.department
