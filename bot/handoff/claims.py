"""What people at the desk do with a conversation: take it, write in it, pass it on, end it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversations import modes
from bot.conversations import repository as transcript
from bot.conversations import service as conversations
from bot.conversations.models import Conversation, Message
from bot.errors import BadInput
from bot.handoff import people, repository
from bot.handoff.models import AgentOnline, HandOffRecord, HandOffState, Resolution
from bot.handoff.refusals import AlreadySent, AtCapacity, NobodyWaits, refusal
from bot.handoff.service import HandOff
from bot.messages import Line, Mode
from bot.outbox import service as outbox

LONGEST = 2000  # characters of one line


@dataclass(frozen=True)
class Lease:
    """The right to write in a conversation: valid while its fence is the conversation's."""

    conversation_id: str
    fence: int
    hand_off_id: str


@dataclass(frozen=True)
class Claims:
    """Every act of a person; each in the caller's transaction, and each refused with a Conflict
    that names who has the conversation now."""

    handoff: HandOff

    @property
    def clock(self) -> Clock:
        """The desk's clock."""
        return self.handoff.clock

    def claim(self, session: Session, conversation_id: str, agent_id: str) -> Lease:
        """Take a shopper out of the queue; a second tab of the same person gets the same lease.

        Raises AlreadyTaken, NobodyWaits, AtCapacity, NotAtDesk.
        """
        agent = self._at_desk(session, agent_id)
        held = self._lease_of(session, conversation_id, agent_id)
        if held is not None:
            return held
        self._check_capacity(session, agent)
        now = self.clock.now()
        if not transcript.take(session, conversation_id, agent_id, agent.name, [Mode.WAITING], now):
            raise refusal(session, conversation_id)
        return self._begin(session, conversation_id, agent, "claimed", "")

    def take_over(self, session: Session, conversation_id: str, agent_id: str, why: str) -> Lease:
        """Take a conversation from the bot, the queue or another person: for supervisors, and
        for agents who see the bot go wrong."""
        agent = self._at_desk(session, agent_id)
        held = self._lease_of(session, conversation_id, agent_id)
        if held is not None:
            return held
        conversation = conversations.locked(session, conversation_id)
        if conversation.mode == Mode.CLOSED:
            raise NobodyWaits
        self.handoff.records.opened(session, conversation, why)
        modes.hold(conversation, agent_id, agent.name)
        session.flush()
        return self._begin(session, conversation_id, agent, "taken_over", why)

    def join(self, session: Session, conversation_id: str, agent_id: str) -> Lease:
        """Write beside the person who has the conversation and goes on having it."""
        agent = self._at_desk(session, agent_id)
        conversation = conversations.locked(session, conversation_id)
        record = repository.open_record(session, conversation_id)
        if conversation.mode != Mode.HUMAN or record is None:
            raise NobodyWaits("现在没有同事在接待这位顾客，可以直接接手。")
        if agent_id not in record.joined and agent_id != conversation.agent:
            record.joined = [*record.joined, agent_id]
            self._log(session, record, agent.user_id, "joined", "")
        return Lease(conversation_id, conversation.fence, record.id)

    def say(
        self,
        session: Session,
        conversation_id: str,
        fence: int,
        agent_id: str,
        text: str,
        client_id: str,
        *,
        wordless: bool = False,
    ) -> Message:
        """Say a line, `wordless` beside a picture; the same `client_id` again changes nothing.

        Raises NotYours, BadInput.
        """
        if (not text.strip() and not wordless) or len(text) > LONGEST:
            raise BadInput(f"一条消息要有内容，最多 {LONGEST} 个字。", limit=LONGEST)
        conversation = conversations.locked(session, conversation_id)
        record = repository.open_record(session, conversation_id)
        agent = repository.agent(session, agent_id)
        # Whoever joined writes under the holder's lease, with a name of their own.
        joined = record is not None and agent_id in record.joined
        said, new = conversations.say_as_agent(
            session,
            conversation_id,
            fence,
            agent_id,
            text.strip(),
            client_id,
            agent.name if agent else conversation.agent_name or "",
            self.clock.now(),
            holder=conversation.agent or agent_id if joined else agent_id,
        )
        if new:
            outbox.put(session, conversation, said, self.clock.now())
            if record is not None:
                record.last_agent_line_at = self.clock.now()
        session.flush()
        return said

    def recall(self, session: Session, message_id: str, agent_id: str) -> None:
        """Take back a line of one's own that has not been delivered. Raises AlreadySent."""
        said = conversations.recall(session, message_id, agent_id, self.clock.now())
        if not outbox.recall(session, said.id):
            raise AlreadySent

    def transfer(
        self,
        session: Session,
        conversation_id: str,
        fence: int,
        agent_id: str,
        to_agent: str,
        note: str,
    ) -> Lease:
        """Pass a shopper to another person who is there. Raises NotYours, NotAtDesk, AtCapacity."""
        to = self._at_desk(session, to_agent)
        self._check_capacity(session, to)
        conversation, record = self._held(session, conversation_id, fence, agent_id)
        self._hand_note(session, record, agent_id, "transferred", note, to.name)
        modes.hold(conversation, to_agent, to.name)
        record.state = HandOffState.QUEUED
        session.flush()
        return self._begin(session, conversation_id, to, "claimed", note)

    def transfer_to(
        self,
        session: Session,
        conversation_id: str,
        fence: int,
        agent_id: str,
        department: str,
        note: str,
    ) -> None:
        """Pass a shopper to a department: back into the queue, where their wait still counts."""
        conversation, record = self._held(session, conversation_id, fence, agent_id)
        self._hand_note(session, record, agent_id, "transferred", note, department)
        record.department = conversation.department = department
        record.skill = None
        self._back_to_queue(
            session, conversation, record, self.handoff.spoken.line("queue_transferred")
        )

    def requeue(self, session: Session, conversation_id: str, why: str) -> bool:
        """Put a shopper whose person is lost or silent back where their wait puts them."""
        conversation = conversations.locked(session, conversation_id)
        if conversation.mode != Mode.HUMAN:
            return False
        record = self.handoff.records.opened(session, conversation, why)
        self._log(session, record, conversation.agent or "", "returned", why)
        record.returns += 1
        self._back_to_queue(
            session, conversation, record, self.handoff.spoken.line("queue_returned")
        )
        return True

    def give_back(
        self,
        session: Session,
        conversation_id: str,
        fence: int,
        agent_id: str,
        note: str,
        *,
        settled: bool,
    ) -> None:
        """Let the bot go on. Not `settled`: with the question at which it had stopped; the bot
        says a line either way, so that nobody is left in silence."""
        conversation, record = self._held(session, conversation_id, fence, agent_id)
        self._hand_note(session, record, agent_id, "given_back", note, "")
        self.handoff.records.finish(session, record, HandOffState.RELEASED, "given_back")
        if settled:
            record.asking = None
        self.handoff.resume(session, conversation, record)
        spoken = self.handoff.spoken
        again, free = spoken.line("back_from_person"), spoken.line("back_from_person_free")
        for line in self.handoff.welcome_back(session, conversation, again, free):
            self._send(session, conversation, line)

    def end(
        self,
        session: Session,
        conversation_id: str,
        fence: int,
        agent_id: str,
        resolution: Resolution,
        note: str = "",
    ) -> None:
        """Close the conversation; a later line of the shopper begins a new episode."""
        conversation, record = self._held(session, conversation_id, fence, agent_id)
        self._hand_note(session, record, agent_id, "ended", note, resolution.value)
        self.handoff.records.finish(session, record, HandOffState.ENDED, resolution)
        modes.close(conversation)
        session.flush()
        self._announce(session, conversation, self.handoff.spoken.line("closed_by_person"))

    def note(self, session: Session, conversation_id: str, agent_id: str, text: str) -> None:
        """Leave a note that only people at the desk see."""
        conversation = conversations.locked(session, conversation_id)
        newest = repository.open_record(session, conversation_id) or next(
            iter(repository.records(session, conversation_id)), None
        )
        record = newest or self.handoff.records.opened(session, conversation, "note")
        self._log(session, record, agent_id, "note", text)

    def _begin(
        self, session: Session, conversation_id: str, agent: AgentOnline, what: str, note: str
    ) -> Lease:
        """What follows once the conversation itself is this person's."""
        conversation = conversations.locked(session, conversation_id)
        record = self.handoff.records.opened(session, conversation, what)
        now = self.clock.now()
        record.state, record.claimed_by = HandOffState.CLAIMED, agent.user_id
        record.claimed_at = now
        record.first_claimed_at = record.first_claimed_at or now
        record.last_agent_line_at, record.joined = None, []
        record.fence = conversation.fence
        agent.assigned_at = now
        session.flush()
        self._log(session, record, agent.user_id, what, note)
        self._announce(
            session, conversation, self.handoff.spoken.line("person_here", who=agent.name)
        )
        return Lease(conversation_id, conversation.fence, record.id)

    def _back_to_queue(
        self, session: Session, conversation: Conversation, record: HandOffRecord, line: Line
    ) -> None:
        record.last_agent, record.claimed_by = record.claimed_by, None
        record.claimed_at, record.joined = None, []
        modes.wait(conversation, record.queued_at)
        record.state, record.fence = HandOffState.QUEUED, conversation.fence
        record.told_at = self.clock.now()
        session.flush()
        self._announce(session, conversation, line)

    def _held(
        self, session: Session, conversation_id: str, fence: int, agent_id: str
    ) -> tuple[Conversation, HandOffRecord]:
        conversation = conversations.locked(session, conversation_id)
        modes.check_holder(conversation, agent_id, fence)
        return conversation, self.handoff.records.opened(session, conversation, "")

    def _lease_of(self, session: Session, conversation_id: str, agent_id: str) -> Lease | None:
        conversation = conversations.locked(session, conversation_id)
        if conversation.mode != Mode.HUMAN or conversation.agent != agent_id:
            return None
        record = self.handoff.records.opened(session, conversation, "")
        return Lease(conversation_id, conversation.fence, record.id)

    def _at_desk(self, session: Session, agent_id: str) -> AgentOnline:
        return people.at_desk(session, agent_id, self.clock.now() - self.handoff.limits.lost)

    def _check_capacity(self, session: Session, agent: AgentOnline) -> None:
        has = len(transcript.held_by(session, agent.user_id))
        if has >= agent.capacity:
            raise AtCapacity(f"{agent.name}手上已有 {has} 位顾客，先办完一位再接。", has=has)

    def _hand_note(
        self, session: Session, record: HandOffRecord, who: str, what: str, note: str, to: str
    ) -> None:
        record.note = note or record.note
        self._log(session, record, who, what, "：".join(part for part in (to, note) if part))

    def _log(self, session: Session, record: HandOffRecord, who: str, what: str, note: str) -> None:
        self.handoff.records.log(session, record, who, what, note)

    def _announce(self, session: Session, conversation: Conversation, line: Line) -> None:
        now = self.clock.now()
        said = conversations.announce(session, conversation, line.text, now)
        outbox.put(session, conversation, said, now)

    def _send(self, session: Session, conversation: Conversation, line: Line) -> None:
        now = self.clock.now()
        outbox.put(session, conversation, conversations.say(session, conversation, line, now), now)
