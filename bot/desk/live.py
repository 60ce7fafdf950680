"""Pages that change by themselves: what happened elsewhere reaches them, and who looks at what.

One per desk process. Everything here runs on the event loop but `_heard`, which the wake-up
thread calls. A page is refreshed at most every `GAP` seconds for one topic, however much happens.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from nicegui import Client

from bot.wake import AGENT_TYPES, SHOPPER_TYPES, Listening, Wake

log = logging.getLogger(__name__)

GAP = 0.2
AT_ONCE = 2  # pages made new side by side: whoever opens one meanwhile waits for so many, not all
LONGEST = 10.0  # seconds that one of them may hold up the others
SWEEP = 10.0  # also the sign of life of whoever is at the desk
WRITING = 6.0  # seconds for which somebody counts as writing

Refresh = Callable[[], Awaitable[None]]
Beat = Callable[[Sequence[str]], None]


@dataclass(eq=False)
class Page:
    """An open page: what it listens to and how it is made new."""

    client: Client
    user_id: str
    name: str
    topics: frozenset[str]
    refresh: Refresh
    conversation_id: str | None = None
    typed: Callable[[], None] | None = None  # what it does when its shopper types
    writing_until: float = 0.0
    heard: set[str] = field(default_factory=set)
    due: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class Live:
    """All open pages; `beat` is told every few seconds whose pages are open."""

    def __init__(self, wake: Wake, beat: Beat) -> None:
        self._wake = wake
        self._beat = beat
        self._pages: set[Page] = set()
        self._told: list[Callable[[set[str]], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listening: Listening | None = None
        self._sweeping: asyncio.Task[None] | None = None
        self._turn = asyncio.Semaphore(AT_ONCE)

    def start(self) -> None:
        """Begin to listen, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._listening = self._wake.listen(self._heard)
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Hear nothing more."""
        if self._listening is not None:
            await asyncio.to_thread(self._listening.stop)
        if self._sweeping is not None:
            self._sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeping
        for page in list(self._pages):
            self.leave(page)

    def enter(self, page: Page) -> None:
        """Keep a page fresh until its browser has gone."""
        self._pages.add(page)
        page.task = asyncio.create_task(self._refreshing(page))
        page.client.on_delete(lambda: self.leave(page))
        page.client.on_connect(page.due.set)
        for changed in (page.client.on_connect, page.client.on_disconnect):
            changed(lambda: self._collide(page.conversation_id))
        self._collide(page.conversation_id)

    def before(self, told: Callable[[set[str]], None]) -> None:
        """Tell somebody of each wake-up before the pages are refreshed."""
        self._told.append(told)

    def leave(self, page: Page) -> None:
        """The page is gone."""
        if page not in self._pages:
            return
        self._pages.discard(page)
        if page.task is not None:
            page.task.cancel()
        self._collide(page.conversation_id)

    def writing(self, page: Page) -> None:
        """Somebody types."""
        news = page.writing_until < time.monotonic()
        page.writing_until = time.monotonic() + WRITING
        if news:
            self._collide(page.conversation_id)
        # Said once more when nothing was typed for a while, so that the word goes away.
        asyncio.get_running_loop().call_later(WRITING + 0.1, self._collide, page.conversation_id)

    def others(self, page: Page) -> list[tuple[str, bool]]:
        """Who else looks at the conversation of a page, and whether they type in it."""
        now = time.monotonic()
        found: dict[str, bool] = {}
        for other in self._pages:
            if page.conversation_id and _beside(other, page) and other.user_id != page.user_id:
                typing = other.writing_until > now
                found[other.name] = found.get(other.name, False) or typing
        return sorted(found.items())

    def tabs(self, page: Page) -> int:
        """In how many other tabs the same person has the same conversation."""
        return sum(
            other is not page and other.user_id == page.user_id and _beside(other, page)
            for other in self._pages
        )

    def tell(self, topics: Iterable[str]) -> None:
        """Refresh the pages that listen to one of these, on the loop."""
        wanted = set(topics)
        for told in self._told:
            told(wanted)
        for page in self._pages:
            # One whose browser is not there yet is made new when it comes.
            if page.topics & wanted and page.client.has_socket_connection:
                page.heard |= wanted
                page.due.set()

    def typed(self, conversation_id: str) -> None:
        """A shopper types: said on the pages of the conversation, and kept nowhere."""
        for page in self._pages:
            here = page.conversation_id == conversation_id and page.client.has_socket_connection
            if here and page.typed is not None:
                with page.client:
                    page.typed()

    def whisper(self, name: str, say: Callable[[], None]) -> None:
        """Say something on every open page of a person."""
        for page in self._pages:
            if page.name == name and page.client.has_socket_connection:
                with page.client:
                    say()

    def _heard(self, topic: str) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        subject, _, conversation_id = topic.partition(":")
        if subject == SHOPPER_TYPES:
            self._loop.call_soon_threadsafe(self.typed, conversation_id)
        elif subject != AGENT_TYPES:  # the pages of colleagues know it from one another
            self._loop.call_soon_threadsafe(self.tell, [topic])

    def _collide(self, conversation_id: str | None) -> None:
        if conversation_id is not None:
            for page in self._pages:
                if page.conversation_id == conversation_id:
                    page.due.set()

    async def _refreshing(self, page: Page) -> None:
        while True:
            await page.due.wait()
            async with self._turn:
                page.due.clear()
                began = time.monotonic()
                try:
                    with page.client:
                        async with asyncio.timeout(LONGEST):
                            await page.refresh()
                except Exception:  # the next news may do better; a page must not go deaf
                    log.exception("could not refresh a page")
            await asyncio.sleep(max(0.0, GAP - (time.monotonic() - began)))

    async def _sweep(self) -> None:
        """Signs of life, and what a lost wake-up left."""
        while True:
            await asyncio.sleep(SWEEP)
            there = [page for page in self._pages if page.client.has_socket_connection]
            users = sorted({page.user_id for page in there})
            with suppress(Exception):
                await asyncio.to_thread(self._beat, users)
            for page in there:
                page.due.set()
                await asyncio.sleep(SWEEP / 2 / len(there))  # not all in one moment


def _beside(other: Page, page: Page) -> bool:
    """Whether another page shows the same conversation to somebody."""
    same = other.conversation_id == page.conversation_id
    return same and other.client.has_socket_connection


def names(who: Sequence[tuple[str, bool]]) -> str:
    """Who else is here, in words."""
    return "；".join(f"{name}{'正在输入' if types else '也在看'}" for name, types in who)
