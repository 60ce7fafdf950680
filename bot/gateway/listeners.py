"""Pages waiting for a new line, woken the moment one is committed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Listeners:
    """Waiting requests by conversation. `announce` may be called from any thread."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._released = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Serve the requests of this event loop."""
        self._loop = loop

    def announce(self, conversation_id: str) -> None:
        """Wake everyone who waits for lines of a conversation."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, conversation_id)

    def heard(self, topic: str) -> None:
        """Take a wake-up of another process."""
        subject, _, conversation_id = topic.partition(":")
        if subject == "conversation":
            self.announce(conversation_id)

    @contextmanager
    def waiting(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event set by the next announcement; look at the table after entering."""
        event = asyncio.Event()
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

    def _wake(self, conversation_id: str) -> None:
        for event in self._waiting.get(conversation_id, ()):
            event.set()
