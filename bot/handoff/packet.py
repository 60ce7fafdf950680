"""The hand-off packet: everything known of a conversation, for the person who takes it over.

One look at the tables, no call to anybody: at 500 open conversations it has to be there at once.
Only what was bought is asked for elsewhere, after it and for a second at most (`purchases`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.conversations import repository as transcript
from bot.conversations.models import Conversation, Message
from bot.errors import NotFound
from bot.handoff import repository
from bot.handoff.models import HandOffEvent, HandOffRecord
from bot.handoff.waiting import Place
from bot.messages import Author
from bot.orders.service import Order
from bot.tickets import repository as cases
from bot.tickets import repository_work as work
from bot.tickets.models import Ticket
from bot.tickets.models_work import Appointment

LOOKED_UP = "order_lookup"  # the effect under which the bot counts its look-ups
LOOKED_THROUGH = 100  # lines of the bot in which decisions and questions are looked for


@dataclass(frozen=True)
class KnownFact:
    """A fact and where it comes from: the line, its words, and how it was told."""

    key: str
    value: Any
    source: str
    stated_at: datetime
    message_id: str
    said: str
    earlier: Sequence[Any] = ()


@dataclass(frozen=True)
class Asked:
    """A question that the bot has asked, and whether it has its answer."""

    fact: str
    text: str
    answered: bool


@dataclass(frozen=True)
class Promise:
    """What the shopper has been told to expect: by a decision, a case or the queue."""

    source: str
    what: str
    due: str | None


@dataclass(frozen=True)
class LateAnswer:
    """What the bot would have said to a line; settled with `modes.settle_draft`."""

    message_id: str
    text: str


@dataclass(frozen=True)
class Purchases:
    """What the order system says: `by` what it was asked (order_no, member_no, phone) with which
    `value`, and the shopper's words that told it. `away`: it did not answer in time."""

    by: str
    value: str
    orders: Sequence[Order] = ()
    away: bool = False
    said: str = ""


@dataclass(frozen=True)
class Packet:
    """See the module. `decision` is the record as it was told; `drafts` are answers of the
    bot that came after somebody took over; `reply` a first line drafted from the decision;
    `purchases` come from `purchases.PurchaseLookup`, None where nothing is known to ask by."""

    conversation_id: str
    shop: str
    channel: str
    mode: str
    fence: int
    agent: str | None
    agent_name: str | None
    phone: str | None
    place: Place | None
    facts: Sequence[KnownFact]
    decision: Mapping[str, Any] | None
    asked: Sequence[Asked]
    promises: Sequence[Promise]
    order: Mapping[str, Any]
    cases: Sequence[Ticket]
    rule: str | None
    clauses: Sequence[str]
    signals: Mapping[str, Any]
    why: str
    mood: int
    queued_at: datetime | None
    note: str | None
    history: Sequence[HandOffEvent]
    earlier: Sequence[HandOffRecord]
    drafts: Sequence[LateAnswer]
    reply: str
    named_order: str | None = None  # the last number looked up, whether or not it was found
    purchases: Purchases | None = None
    visits: Sequence[tuple[str, Appointment]] = ()  # ahead, with the number of their case

    @property
    def late(self) -> list[str]:
        """The words of the late answers."""
        return [draft.text for draft in self.drafts]


def packet(session: Session, conversation_id: str, place: Place | None = None) -> Packet:
    """Everything about a conversation. `place` comes from `HandOff.waiting`. Raises NotFound."""
    conversation = transcript.get(session, conversation_id)
    if conversation is None:
        raise NotFound
    records = repository.records(session, conversation_id)
    record = records[0] if records else None
    lines = transcript.latest(session, conversation_id, Author.BOT, LOOKED_THROUGH)
    facts = _facts(session, conversation)
    decision = _decision(lines)
    mine = _cases(session, conversation)
    promises = [*_promised(decision), *map(_of_case, mine)]
    return Packet(
        conversation_id=conversation.id,
        shop=conversation.shop,
        channel=conversation.channel,
        mode=conversation.mode,
        fence=conversation.fence,
        agent=conversation.agent,
        agent_name=conversation.agent_name,
        phone=conversation.phone,
        place=place,
        facts=facts,
        decision=decision,
        asked=_asked(lines, {fact.key for fact in facts}),
        promises=promises,
        order={fact.key: fact.value for fact in facts if fact.key.startswith("order")},
        cases=mine,
        rule=record.rule if record else None,
        clauses=record.clauses if record else (),
        signals=record.signals if record else {},
        why=record.why if record else "",
        mood=int(record.signals.get("mood") or 0) if record else 0,
        queued_at=record.queued_at if record else None,
        note=record.note if record else None,
        history=repository.events(session, record.id) if record else (),
        earlier=records[1:],
        drafts=_late(session, conversation_id),
        reply=draft(decision, mine),
        named_order=_named_order(session, conversation_id),
        visits=_visits(session, mine),
    )


def draft(decision: Mapping[str, Any] | None, mine: Sequence[Ticket]) -> str:
    """A first line for the person, made of what was decided: nothing in it is new, and with no
    decision it promises nothing."""
    parts = ["您好，前面说的我都看到了。"]
    if decision is not None:
        parts += [
            decision["reason"],
            *(f"{step.rstrip('。')}。" for step in decision["next_steps"][:2]),
        ]
    elif mine:
        parts.append(f"您的编号 {mine[0].no} 我在看，马上给您说进展。")
    else:
        parts.append("您稍等，我把情况看一下就回您。")
    return "".join(parts)


def _facts(session: Session, conversation: Conversation) -> list[KnownFact]:
    """The newest of each key; values it had before stay visible."""
    if conversation.matter_id is None:
        return []
    given = transcript.facts_with_lines(session, conversation.matter_id)
    known: dict[str, KnownFact] = {}
    for fact, said in given:
        before = known.get(fact.key)
        known[fact.key] = KnownFact(
            key=fact.key,
            value=fact.value,
            source=fact.source,
            stated_at=fact.stated_at,
            message_id=fact.message_id,
            said=said,
            earlier=(*before.earlier, before.value) if before else (),
        )
    return list(known.values())


def _named_order(session: Session, conversation_id: str) -> str | None:
    told = transcript.last_effect(session, conversation_id, LOOKED_UP)
    return told.get("order_no") if told else None


def _decision(lines: Sequence[Message]) -> Mapping[str, Any] | None:
    """The last decision that the shopper was told."""
    told = (line.extras.get("decision") for line in lines)
    return next((record for record in told if record), None)


def _asked(lines: Sequence[Message], known: set[str]) -> list[Asked]:
    """Every question once, oldest first."""
    found = {
        fact: Asked(fact, line.text, fact in known)
        for line in lines
        if (fact := line.extras.get("ask")) is not None
    }
    return list(reversed(found.values()))


def _cases(session: Session, conversation: Conversation) -> list[Ticket]:
    """The cases of this conversation and of the same phone at the same shop, newest first."""
    mine = {case.no: case for case in cases.of_conversation(session, conversation.id)}
    if conversation.phone:
        for case in cases.of_phone(session, conversation.shop, conversation.phone):
            mine.setdefault(case.no, case)
    return sorted(mine.values(), key=lambda case: case.created_at, reverse=True)


def _visits(session: Session, mine: Sequence[Ticket]) -> list[tuple[str, Appointment]]:
    numbers = {case.id: case.no for case in mine}
    ahead = work.appointments_ahead(session, list(numbers)) if numbers else ()
    return [(numbers[each.ticket_id], each) for each in ahead]


def _promised(decision: Mapping[str, Any] | None) -> list[Promise]:
    if decision is None:
        return []
    return [
        Promise("decision", str(remedy["type"]), remedy.get("due"))
        for remedy in decision["remedies"]
    ]


def _of_case(case: Ticket) -> Promise:
    dated = case.due_at is not None and not case.due_provisional
    return Promise("case", case.no, case.due_at.isoformat() if case.due_at and dated else None)


def _late(session: Session, conversation_id: str) -> list[LateAnswer]:
    return [
        LateAnswer(kept.message_id, "\n".join(line["text"] for line in kept.lines))
        for kept in transcript.drafts(session, conversation_id)
    ]
