"""One turn of one line: its context, its one transaction and the replies it collects."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions.lookup import Search, Seeker
from actions.words import Words
from bot.clock import Clock
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.conversations.models import Conversation, Matter
from bot.db import Database
from bot.errors import NotFound
from bot.handoff.service import HandOff
from bot.knowledge.service import Knowledge
from bot.language.mood import mood_with
from bot.language.service import Reader
from bot.messages import Button
from bot.orders.service import Orders
from bot.policy.service import PolicyService
from bot.shops.service import Shop, Shops
from bot.tickets.service import Tickets

REPLY = "reply"  # the effect under which a finished turn is kept

BOUGHT = "days_since_purchase"
_PUT_RIGHT = re.compile(r"不对|不是|错了|应该是|其实|看错|记错")
_NUMBER = re.compile(r"[\s\d.一二三四五六七八九十两半天个]*")


@dataclass(frozen=True)
class Services:
    """What actions work with; one per action server."""

    db: Database
    policy: PolicyService
    tickets: Tickets
    handoff: HandOff
    shops: Shops
    reader: Reader
    clock: Clock
    words: Words = field(default_factory=Words.load)
    knowledge: Knowledge | None = None  # None: nothing can be looked up
    orders: Orders | None = None  # None: no order can be looked up


@dataclass(frozen=True)
class Heard:
    """A line as it reached the action: what Rasa and the reader made of it."""

    message_id: str
    conversation_id: str
    text: str
    intent: str
    asking: str | None
    facts: Mapping[str, Any]
    given: Mapping[str, Any]
    mood: int
    edit: str | None = None
    photo: bool = False
    ranking: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)  # phone, phone_unclear, case_no, …
    search: Search | None = None  # what the order system said of it

    def about(self, reader: Reader, text: str, today: date) -> "Heard":
        """The same line as if only `text` had been said in it."""
        found = {one.key: plain(one.value) for one in reader.read(text, today=today).facts}
        return replace(self, text=text, facts=found, given={}, intent="", asking=None, search=None)

    @property
    def phone(self) -> str | None:
        """A phone number in the line, digits only."""
        return self.details.get("phone")

    @property
    def trigger(self) -> str | None:
        """What must not wait, if the line speaks of it: 12315, media, injury, …"""
        return self.details.get("trigger")


@dataclass
class Turn:
    """A line under way inside its transaction; `replies` are said in order when it commits."""

    session: Session
    services: Services
    heard: Heard
    conversation: Conversation
    shop: Shop
    matter: Matter | None
    now: datetime
    replies: list[dict[str, Any]] = field(default_factory=list)
    learned: bool = False  # whether the line told anything of its matter that was not known

    def say(
        self,
        response: str,
        buttons: Sequence[Button] = (),
        ask: str | None = None,
        decision: Mapping[str, Any] | None = None,
        ticket: Mapping[str, Any] | None = None,
        facts: Sequence[Mapping[str, Any]] | None = None,
        card: Mapping[str, Any] | None = None,
        **values: str,
    ) -> None:
        """Say a response of the domain with its blanks filled in."""
        custom = {"ask": ask, "decision": decision, "ticket": ticket, "facts": facts, "card": card}
        self.replies.append(
            {
                "response": response,
                "values": values,
                "buttons": list(buttons),
                "custom": {key: value for key, value in custom.items() if value is not None},
            }
        )

    def expect(self, asking: str | None = None, offer: str | None = None) -> None:
        """Remember what the next bare answer would be an answer to."""
        self.conversation.asking = asking
        self.conversation.offer = offer


class Ear(Protocol):
    """Hears words that mean one thing in their place."""

    def action(self, turn: Turn) -> "ServiceAction | None":
        """The action that the words themselves ask for, or None."""


class ServiceAction(Action):
    """An action with services. `act` runs in one write transaction, once per line."""

    action_name = ""
    # The line may also be the answer to the question that stands; then that comes first.
    yields_to_answer = True
    # Whether the line made sense: lines that make none are counted while they come in a row.
    understood = True

    def __init__(self, services: Services, answering: "ServiceAction | None" = None) -> None:
        self.services = services
        self._answering = answering
        self.ear: Ear | None = None
        self.watch: Callable[[Turn], None] | None = None  # looks at every turn when it is done
        self.preface: Callable[[Turn], None] | None = None  # speaks ahead of every answer

    def name(self) -> str:
        """The name that rules use."""
        return self.action_name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Do the turn, or repeat what it said when it was done before."""
        for reply in await asyncio.to_thread(self._turn, dict(tracker.latest_message)):
            dispatcher.utter_message(
                response=reply["response"],
                buttons=reply["buttons"],
                json_message=reply["custom"],
                **reply["values"],
            )
        return []

    def act(self, turn: Turn) -> None:
        """The work of the turn."""
        raise NotImplementedError

    def afterwards(self, turn: Turn) -> None:
        """What is still to be done when the line itself has been answered."""

    def instead(self, turn: Turn) -> "ServiceAction | None":
        """Another action that this line belongs to in its context, or None."""
        heard = turn.heard
        answers = heard.asking in heard.facts and self.yields_to_answer
        return self._answering if answers or heard.edit or heard.photo else None

    def _turn(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        heard = self._looked_up(self._heard(message))
        with self.services.db.write() as session:
            # Under the lock: the same line run twice at once is told by the second what was done.
            turn = self._load(session, heard)
            done = conversations.effect(session, heard.message_id, REPLY)
            if done is None:
                self._act(turn)
                done = {"replies": turn.replies}
                conversations.record_effect(session, heard.message_id, REPLY, done, turn.now)
        replies: list[dict[str, Any]] = done["replies"]
        return replies

    def _act(self, turn: Turn) -> None:
        action = (self.ear and self.ear.action(turn)) or self.instead(turn) or self
        if action.understood and turn.conversation.asking is None:
            turn.conversation.misses = 0
        if self.preface is not None:
            self.preface(turn)
        action.act(turn)
        (self._answering or self).afterwards(turn)
        if self.watch is not None:
            self.watch(turn)

    def _looked_up(self, heard: Heard) -> Heard:
        """The line with what the order system says of it; no transaction is open meanwhile."""
        if self.services.orders is None or not heard.text:
            return heard
        seeker = Seeker(self.services.db, self.services.orders, self.services.clock)
        search = seeker.search(heard.message_id, heard.conversation_id, heard.text, heard.details)
        return replace(heard, search=search)

    def _heard(self, message: Mapping[str, Any]) -> Heard:
        metadata = message.get("metadata") or {}
        asking = metadata.get("asking")
        given = metadata.get("given") or {}
        text = metadata.get("text", "")
        facts, mood, details = self._read(text, asking)
        return Heard(
            message_id=metadata["message_id"],
            conversation_id=metadata["conversation_id"],
            text=text,
            intent=(message.get("intent") or {}).get("name") or "",
            asking=asking,
            facts=facts | given,
            given=given,
            mood=mood_with(mood, (message.get("intent") or {}).get("name")),
            edit=metadata.get("edit"),
            photo=bool(metadata.get("photo")),
            details=details,
            ranking=[
                one["name"]
                for one in message.get("intent_ranking") or []
                if one["name"] != "nlu_fallback"
            ],
        )

    def _read(self, text: str, asking: str | None) -> tuple[dict[str, Any], int, dict[str, Any]]:
        """The facts of a line, its mood and details. A bare day is when it was bought, whatever
        else was asked, and after a decision if the shopper says that something was wrong."""
        reader, today = self.services.reader, self.services.clock.today()
        reading = reader.read(text, today=today, asking=asking)
        facts = {found.key: plain(found.value) for found in reading.facts}
        if not facts and (asking or _PUT_RIGHT.search(text)) and not _NUMBER.fullmatch(text):
            day = reader.read(text, today=today, asking=BOUGHT)
            facts = {one.key: one.value for one in day.facts if one.value != "unknown"}
        details = {one.key: one.value for one in reading.details}
        return facts, reading.mood, details | {"trigger": reading.trigger}

    def _load(self, session: Session, heard: Heard) -> Turn:
        conversation = conversations.locked(session, heard.conversation_id)
        if repository.message(session, heard.message_id) is None:
            raise NotFound
        return Turn(
            session=session,
            services=self.services,
            heard=heard,
            conversation=conversation,
            shop=self.services.shops.get(conversation.shop),
            matter=repository.matter(session, conversation.matter_id),
            now=self.services.clock.now(),
        )


def plain(value: Any) -> Any:
    """A fact's value as JSON holds it: money as a decimal string."""
    return format(value, "f") if isinstance(value, Decimal) else value
