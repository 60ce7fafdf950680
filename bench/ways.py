"""Three ways to a bot's answer: our durable turn, our Rasa's webhook, stock Rasa's webhook."""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bench.http import BadAnswer, Connection
from bot.clock import Clock
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.db import Database
from bot.messages import Line

SHOP = "dept_fashion"
WAIT = 25  # seconds that a long-poll may take


class Talk(Protocol):
    """One shopper's conversation; `length` counts its lines, the bot's included."""

    length: int

    def turn(self) -> float:
        """Say the next line; the seconds until its answer was there. Raises BadAnswer."""

    def end(self) -> None:
        """Let go of the connection."""


class Way(Protocol):
    """A way to talk to a bot."""

    @property
    def name(self) -> str:
        """What the tables call it."""

    def begin(self, texts: Sequence[str]) -> Talk:
        """A fresh conversation in which these lines will be said; not timed."""


@dataclass(frozen=True)
class Durable:
    """The shopper API: the line is stored, its turn run, the answer stored and fetched."""

    url: str
    outage: str  # the line said for the bot when it cannot answer
    name: str = "our durable turn"

    def begin(self, texts: Sequence[str]) -> Talk:
        """A conversation opened through the API."""
        door = Connection(self.url)
        opened = door.post("/api/chat/conversations", {"shop": SHOP})
        door.close()
        return _DurableTalk(self, opened, texts)


class _DurableTalk:
    def __init__(self, way: Durable, opened: Mapping[str, str], texts: Sequence[str]) -> None:
        token = {"Authorization": f"Bearer {opened['visitor_token']}"}
        self._path = f"/api/chat/conversations/{opened['conversation_id']}/messages"
        self._connection = Connection(way.url, token)
        self._way = way
        self._texts = iter(texts)
        self.length = 1  # the greeting

    def turn(self) -> float:
        body = {"client_message_id": uuid.uuid4().hex, "text": next(self._texts)}
        began = time.perf_counter()
        said = self._connection.post(self._path, body)
        while not (answers := self._new(said["seq"])):
            if time.perf_counter() - began > WAIT:
                raise BadAnswer(f"{self._way.name}: no answer to {body['text']!r} within {WAIT} s")
        took = time.perf_counter() - began
        texts = [answer["text"] for answer in answers if answer["text"] != self._way.outage]
        _check(self._way, texts, body["text"])
        self.length = answers[-1]["seq"]
        return took

    def end(self) -> None:
        self._connection.close()

    def _new(self, seq: int) -> list[dict[str, Any]]:
        found = self._connection.get(f"{self._path}?after={seq}&wait={WAIT}")
        return [message for message in found["messages"] if message["author"] == "bot"]


@dataclass(frozen=True)
class Webhook:
    """Rasa asked directly. What our actions need is in the database before the turn is timed;
    nothing of the answer is stored."""

    name: str
    url: str
    path: str
    database: Database
    clock: Clock
    headers: Mapping[str, str]
    sender_per_message: bool

    def begin(self, texts: Sequence[str]) -> Talk:
        """A conversation written straight into the database."""
        now = self.clock.now()
        with self.database.write() as session:
            opened = conversations.open_conversation(session, SHOP, "web", Line("…"), now)
            heard = [
                conversations.hear(session, opened.conversation_id, uuid.uuid4().hex, t, None, now)
                for t in texts
            ]
            said = [(message.id, message.text) for message, _ in heard]
        return _WebhookTalk(self, opened.conversation_id, said)

    def context(self, conversation_id: str) -> Mapping[str, Any]:
        """What the bot's last line asked and offered, as our router would tell Rasa."""
        with self.database.read() as session:
            conversation = repository.get(session, conversation_id)
            assert conversation is not None
            return {"asking": conversation.asking, "offer": conversation.offer}


class _WebhookTalk:
    def __init__(self, way: Webhook, conversation_id: str, said: list[tuple[str, str]]) -> None:
        self._way = way
        self._conversation_id = conversation_id
        self._said = iter(said)
        self._connection = Connection(way.url, way.headers)
        self.length = 1

    def turn(self) -> float:
        message_id, text = next(self._said)
        body = self._body(message_id, text)
        began = time.perf_counter()
        answer = self._connection.post(self._way.path, body)
        took = time.perf_counter() - began
        # Our channel answers {"lines": […]}, Rasa's REST channel the bare list.
        said = answer["lines"] if isinstance(answer, dict) else answer
        texts = [line["text"] for line in said if line.get("text")]
        _check(self._way, texts, text)
        self.length += 1 + len(texts)
        return took

    def end(self) -> None:
        self._connection.close()

    def _body(self, message_id: str, text: str) -> dict[str, Any]:
        return {
            "sender": message_id if self._way.sender_per_message else self._conversation_id,
            "message": text,
            "metadata": {
                "message_id": message_id,
                "conversation_id": self._conversation_id,
                "shop": SHOP,
                "text": text,
                "given": {},
                **self._way.context(self._conversation_id),
            },
        }


def _check(way: Way, texts: Sequence[str], said: str) -> None:
    if not any(text.strip() for text in texts):
        raise BadAnswer(f"{way.name}: nothing was answered to {said!r}")
