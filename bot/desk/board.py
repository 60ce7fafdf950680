"""What the pages show of conversations, as plain values: rows of lists, lines, the packet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.clock import Clock
from bot.conversations import repository as transcript
from bot.conversations.models import Conversation, Message
from bot.db import Database
from bot.desk import repository, words
from bot.desk.presence import Presence
from bot.desk.recent import Recent
from bot.desk.sheet import Sheet
from bot.desk.talk import Talk, state_of
from bot.desk.words import Words
from bot.errors import NotFound
from bot.handoff import lists
from bot.handoff import repository as hand_offs
from bot.handoff.lists import OpenRow, WaitingRow
from bot.handoff.models import AgentStatus
from bot.handoff.packet import Packet, packet
from bot.handoff.purchases import PurchaseLookup
from bot.messages import Author, Mode
from bot.outbox import service as outbox
from bot.shops.service import Shops

LINES = 200  # of a transcript, shown at first
OTHERS = 100  # conversations of colleagues that a supervisor is shown
LONGEST = 120  # characters of a line in a list

Row = dict[str, Any]


@dataclass(frozen=True)
class Queue:
    """What the first page shows; `rung` is whether somebody waits too long."""

    waiting: list[Row]
    mine: list[Row]
    others: list[Row]
    status: str
    load: int
    capacity: int
    auto: bool
    rung: bool


@dataclass(frozen=True)
class Shown:
    """A conversation as its page shows it; `fence` is what one writes under, if one may."""

    id: str
    shop: str
    channel: str
    mode: str
    title: str
    fence: int
    mine: bool
    writable: bool
    agent_name: str | None
    lines: list[Row]
    sections: list[Row]
    reply: str
    late: Sequence[tuple[str, str]]
    decision: Mapping[str, Any] | None
    case: str | None
    meter: str
    meter_tone: str
    mood: int
    fired: str


@dataclass(frozen=True)
class Board:
    """Reads for the pages; each call one short transaction, to be made on a thread."""

    db: Database
    clock: Clock
    shops: Shops
    words: Words
    talk: Talk
    presence: Presence
    recent: Recent
    lookup: PurchaseLookup | None = None  # None: no order can be looked up

    def queue(self, who: Identity) -> Queue:
        """Who waits, and what people have."""
        now = self.clock.now()
        with self.db.read() as session:
            every, opened = self.recent.lists(session)
            agent = self.presence.here(session, who)
        waiting = [row for row in every if who.serves(row.shop)]
        mine = [row for row in opened if row.agent == who.user_id]
        others = []
        if who.may(May.SUPERVISE):  # who waits longest for an answer stands first
            theirs = (row for row in opened if row.agent != who.user_id and who.serves(row.shop))
            others = list(islice(theirs, OTHERS))
        return Queue(
            waiting=[self._waiting(row, place, now) for place, row in enumerate(waiting, 1)],
            mine=[self._open(row, now) for row in mine],
            others=[self._open(row, now) for row in others],
            status=agent.status if agent else AgentStatus.OFFLINE,
            load=len(mine),
            capacity=agent.capacity if agent else 0,
            auto=agent is not None and agent.auto,
            rung=any(row.alerted for row in waiting),
        )

    def mine(self, who: Identity) -> list[Row]:
        """One's own conversations, for the side of a conversation's page."""
        now = self.clock.now()
        with self.db.read() as session:
            found = lists.open_conversations(session, who.user_id)
        return [self._open(row, now) for row in found]

    def conversation(self, who: Identity, conversation_id: str) -> Shown:
        """Everything of a conversation. Raises NotFound."""
        with self.db.read() as session:
            conversation = self._get(session, who, conversation_id)
            place = self.talk.claims.handoff.waiting.place(session, conversation)
            found = packet(session, conversation_id, place)
            after = max(0, conversation.last_seq - LINES)
            lines = transcript.after(session, conversation_id, after, LINES)
            shown = [self._line(session, line, who) for line in lines]
            meter = outbox.meter(session, conversation, self.clock.now())
            joined = self._joined(session, conversation, who)
            staff = {each.user_id: each.name for each in hand_offs.agents(session)}
        if self.lookup is not None:  # no transaction is open meanwhile
            found = self.lookup.added(found)
        mine = conversation.mode == Mode.HUMAN and conversation.agent == who.user_id
        fired = str(found.rule or found.why or "")
        return Shown(
            id=conversation_id,
            shop=self.shops.get(conversation.shop).name,
            channel=words.CHANNELS.get(conversation.channel, conversation.channel),
            mode=conversation.mode,
            title=self._title(conversation, found),
            fence=conversation.fence,
            mine=mine,
            writable=mine or joined,
            agent_name=conversation.agent_name,
            lines=shown,
            sections=Sheet(self.clock, self.words, staff).of(
                found, self.shops.get(conversation.shop).desk
            ),
            reply=found.reply,
            late=[(each.message_id, each.text) for each in found.drafts],
            decision=found.decision,
            case=found.cases[0].no if found.cases else None,
            meter=_meter(meter),
            meter_tone="alert" if not meter.open or meter.left == 1 else "",
            mood=found.mood,
            fired=fired,
        )

    def lines(self, who: Identity, conversation_id: str, after: int) -> tuple[list[Row], Row]:
        """Lines above a number, and how the conversation stands: small, for each new line."""
        with self.db.read() as session:
            conversation = self._get(session, who, conversation_id)
            found = transcript.after(session, conversation_id, after, LINES)
            stands = {"fence": conversation.fence, "mode": conversation.mode}
            return [self._line(session, line, who) for line in found], stands

    def overrides(self, days: int) -> dict[str, tuple[int, int]]:
        """What was promised outside the rules of late: how often and how much, by label."""
        with self.db.read() as session:
            return repository.by_gap(session, self.clock.now() - timedelta(days=days))

    def colleagues(self, who: Identity, shop: str) -> dict[str, str]:
        """Who else is there for a shop: names by id."""
        with self.db.read() as session:
            present = self.talk.claims.handoff.waiting.at_desk(session, shop)
            loads = hand_offs.loads(session)
        return {
            each.user_id: f"{each.name}（{loads.get(each.user_id, 0)}/{each.capacity}）"
            for each in present
            if each.user_id != who.user_id
        }

    def _get(self, session: Session, who: Identity, conversation_id: str) -> Conversation:
        found = transcript.get(session, conversation_id) if len(conversation_id) == 36 else None
        if found is None or not who.serves(found.shop):
            raise NotFound("没有找到这个会话。")
        return found

    def _joined(self, session: Session, conversation: Conversation, who: Identity) -> bool:
        record = hand_offs.open_record(session, conversation.id)
        return (
            record is not None and conversation.mode == Mode.HUMAN and who.user_id in record.joined
        )

    def _title(self, conversation: Conversation, found: Packet) -> str:
        who = f"尾号 {conversation.phone[-4:]}" if conversation.phone else "顾客"
        return f"{who} · {self.shops.get(conversation.shop).name}"

    def _waiting(self, row: WaitingRow, place: int, now: datetime) -> Row:
        return {
            "id": row.conversation_id,
            "place": place,
            "waited": words.waited(row.queued_at, now),
            "seconds": int((now - row.queued_at).total_seconds()),
            "mood": words.MOODS.get(row.mood, ""),
            "mood_level": row.mood,
            "priority": words.PRIORITIES.get(row.priority, "普通"),
            "level": row.priority,
            "department": words.role(row.department),
            "shop": self.shops.get(row.shop).name,
            "channel": words.CHANNELS.get(row.channel, row.channel),
            "last": f"{row.before}｜{row.last}"[:LONGEST] if row.before else row.last[:LONGEST],
            "why": row.note or words.RULES.get(row.rule or "", row.why),
            "late": row.alerted,
            "back": row.returns,
        }

    def _open(self, row: OpenRow, now: datetime) -> Row:
        return {
            "id": row.conversation_id,
            "shop": self.shops.get(row.shop).name,
            "channel": words.CHANNELS.get(row.channel, row.channel),
            "agent": row.agent_name,
            "last": row.last[:LONGEST] or "［图片］",
            "waited": words.waited(row.last_at, now),
            "seconds": int((now - row.last_at).total_seconds()),
            "answer": row.shopper_waits,
        }

    def _line(self, session: Session, line: Message, who: Identity) -> Row:
        extras = line.extras or {}
        decision, ticket = extras.get("decision"), extras.get("ticket")
        return {
            "id": line.id,
            "seq": line.seq,
            "author": line.author,
            "name": line.author_name or "",
            "text": line.text,
            "at": words.when(line.created_at, self.clock.zone, self.clock.now()),
            "mine": line.agent == who.user_id,
            "recalled": line.recalled_at is not None,
            "state": state_of(session, line.id) if line.author == Author.AGENT else "",
            "photos": [each["id"] for each in extras.get("attachments", ())],
            "clauses": [each["id"] for each in decision["clauses"]] if decision else [],
            "case": ticket["no"] if ticket else "",
            "buttons": [button["title"] for button in extras.get("buttons") or ()],
        }


def _meter(meter: outbox.Meter) -> str:
    if meter.left is None:
        return meter.note
    parts = [f"微信还能发 {meter.left} 条"]
    if meter.note:
        parts.append(meter.note)
    if meter.held:
        parts.append(f"{meter.held} 条等顾客回来再送")
    if meter.failed or meter.unconfirmed:
        parts.append(f"{meter.failed + meter.unconfirmed} 条没有送到")
    return "，".join(part.rstrip("。") for part in parts)
