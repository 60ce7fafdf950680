"""Pages waiting for a new line, woken the moment one is committed."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.wake import AGENT_TYPES

FRESH = 3.0  # seconds: by then whoever types has told so again
MOST = 1000  # conversations of which a page has not asked yet


class News(asyncio.Event):
    """What a waiting request is woken by; `typing`: a person at the desk is writing."""

    typing = False


class Listeners:
    """Waiting requests by conversation. `announce` may be called from any thread."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[News]] = defaultdict(set)
        self._types: dict[str, float] = {}  # until when it is worth telling
        self._loop: asyncio.AbstractEventLoop | None = None
        self._released = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Serve the requests of this event loop."""
        self._loop = loop

    def announce(self, conversation_id: str) -> None:
        """Wake everyone who waits for lines of a conversation."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, conversation_id)

    def typing(self, conversation_id: str) -> None:
        """Tell whoever waits, or asks within seconds, that a person is writing."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._type, conversation_id)

    def heard(self, topic: str) -> None:
        """Take a wake-up of another process."""
        subject, _, conversation_id = topic.partition(":")
        if subject == "conversation":
            self.announce(conversation_id)
        elif subject == AGENT_TYPES:
            self.typing(conversation_id)

    def join(self, conversation_id: str, event: News) -> None:
        """Let an event be set by whatever is announced after this. May be called from any
        thread; `waiting` with that event takes it out again."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._add, conversation_id, event)

    @contextmanager
    def waiting(self, conversation_id: str, joined: News | None = None) -> Iterator[News]:
        """An event set by the next announcement; look at the table after entering, unless it
        has `joined` before."""
        event = joined or News()
        if time.monotonic() < self._types.pop(conversation_id, 0.0):
            event.typing = True
            event.set()
        if self._released:
            event.set()
        self._waiting[conversation_id].add(event)
        try:
            yield event
        finally:
            self._waiting[conversation_id].discard(event)
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id]

    def release(self) -> None:
        """Let every waiting request go, and none wait again: the process is stopping."""
        self._released = True
        for events in list(self._waiting.values()):
            for event in events:
                event.set()

    def _add(self, conversation_id: str, event: News) -> None:
        self._waiting[conversation_id].add(event)

    def _wake(self, conversation_id: str) -> None:
        for event in self._waiting.get(conversation_id, ()):
            event.set()

    def _type(self, conversation_id: str) -> None:
        waiting = self._waiting.get(conversation_id, set())
        for event in waiting:
            event.typing = True
            event.set()
        if not waiting:  # its page asks again in a moment
            if len(self._types) >= MOST:
                self._types.clear()
            self._types[conversation_id] = time.monotonic() + FRESH
