"""A loopback twin of the Shopper API: scripted answers, faults on demand, nothing kept after it stops."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

from tests.page.routes import handler
from tests.page.script import GREETING, answer

Message = dict[str, Any]


@dataclass
class Conversation:
    """One transcript and what the page has been told of it."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    messages: list[Message] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    mode: str = "bot"
    position: int | None = None
    wait_minutes: int | None = None
    agent_name: str | None = None
    episode: int = 1
    typing: bool = False  # told once
    changes: int = 0
    told: int = 0  # of the changes
    ratings: dict[int, dict[str, Any]] = field(default_factory=dict)

    def state(self) -> dict[str, Any]:
        """What every answer to a poll tells beside the lines."""
        names = ("mode", "position", "wait_minutes", "agent_name", "episode", "typing")
        told = {name: getattr(self, name) for name in names}
        self.typing = False
        return told


@dataclass
class Fault:
    """What happens to the next `times` calls of one kind (`begin`, `post`, `poll`,
    `upload`)."""

    kind: str
    does: str  # "500", "429", "422", "drop" before or "drop_after" the work is done, "slow"
    times: int = 1
    seconds: float = 1.0


class Twin:
    """The server, its conversations and the faults still to come."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.faults: list[Fault] = []
        self.begun: list[dict[str, Any]] = []
        self.posts: list[dict[str, Any]] = []
        self.consents: list[tuple[str, str]] = []  # conversation and version
        self.uploads: list[tuple[str, bytes]] = []
        self.typed: list[str] = []  # conversations in which the shopper was told to be typing
        self.dated = False  # Retry-After is a date
        self.rate: tuple[int, float] | None = None  # lines taken in that many seconds
        self._taken: list[float] = []
        self.changed = threading.Condition()
        self.answer_after = 0.15
        self.stopping = False
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        """Where the page is served."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/"

    @contextmanager
    def running(self) -> Iterator[Twin]:
        """Serve until the block ends."""
        thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self.stopping = True
            with self.changed:
                self.changed.notify_all()
            self._http.shutdown()
            self._http.server_close()

    @property
    def only(self) -> Conversation:
        """The one conversation that there should be."""
        (conversation,) = self.conversations.values()
        return conversation

    def said(self) -> list[str]:
        """Every line accepted from the shopper, in order, over all conversations."""
        everything = [m for c in self.conversations.values() for m in c.messages]
        return [m["text"] for m in everything if m["author"] == "shopper"]

    def begin(self) -> Conversation:
        """A new conversation with its greeting."""
        conversation = Conversation()
        with self.changed:
            self.conversations[conversation.id] = conversation
        self.add(conversation, author="bot", **GREETING)
        return conversation

    def add(self, conversation: Conversation, **fields: Any) -> Message:
        """Append one message and wake the polls."""
        with self.changed:
            message: Message = {
                "seq": len(conversation.messages) + 1,
                "id": uuid.uuid4().hex,
                "client_message_id": None,
                "author": "bot",
                "author_name": None,
                "text": None,
                "attachments": [],
                "buttons": [],
                "ask": None,
                "decision": None,
                "ticket": None,
                "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            } | fields
            conversation.messages.append(message)
            self.changed.notify_all()
        return message

    def change(self, conversation: Conversation, **state: Any) -> None:
        """Another mode, place or person, told to the polls at once."""
        with self.changed:
            for name, value in state.items():
                setattr(conversation, name, value)
            conversation.changes += 1
            self.changed.notify_all()

    def accept(self, conversation: Conversation, body: dict[str, Any]) -> tuple[int, Message]:
        """Take a line once; the same id again changes nothing."""
        with self.changed:
            for message in conversation.messages:
                if message["client_message_id"] == body["client_message_id"]:
                    return 200, message
            if conversation.mode == "closed":
                self.change(conversation, mode="bot", episode=conversation.episode + 1)
            message = self.add(
                conversation,
                author="shopper",
                text=body["text"],
                attachments=body.get("attachments", []),
                client_message_id=body["client_message_id"],
            )
        threading.Timer(self.answer_after, self._reply, (conversation, body)).start()
        return 202, message

    def patience(self) -> int:
        """Seconds to wait before the next line is taken; 0 for now."""
        if self.rate is None:
            return 0
        most, seconds = self.rate
        with self.changed:
            now = time.monotonic()
            self._taken = [at for at in self._taken if at > now - seconds]
            if len(self._taken) >= most:
                return int(self._taken[0] + seconds - now) + 1
            self._taken.append(now)
            return 0

    def _reply(self, conversation: Conversation, body: dict[str, Any]) -> None:
        for fields in answer(body):
            if state := fields.pop("state", None):
                self.change(conversation, **state)
            self.add(conversation, **fields)

    def wait(self, conversation: Conversation, after: int, seconds: float) -> list[Message]:
        """Messages past `after`, as soon as there are any."""
        with self.changed:
            self.changed.wait_for(
                lambda: (
                    self.stopping
                    or len(conversation.messages) > after
                    or conversation.changes > conversation.told
                ),
                seconds,
            )
            conversation.told = conversation.changes
            return list(conversation.messages[after:])

    def fault(self, kind: str) -> Fault | None:
        """The fault due now, used up by one."""
        with self.changed:
            for fault in self.faults:
                if fault.kind == kind and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None
