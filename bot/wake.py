"""Wake-ups between processes: the database changed, look now and not at the next sweep.

A wake-up is sent after the commit and may be lost; whoever listens also sweeps. Topics:
`conversation:<id>` (a line or a change of mode), `inbox`, `outbox`, `queue`, `tickets`;
`agent-types:<id>` and `shopper-types:<id>` (somebody is writing a line, of which nothing is kept).
"""

import hashlib
import logging
import os
import queue
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import redis

from bot.settings import Settings

log = logging.getLogger(__name__)

CHANNEL = "desk:wake"
AGENT_TYPES, SHOPPER_TYPES = "agent-types", "shopper-types"
LARGEST = 512  # bytes of a wake-up
_LONGEST_PATH = 100  # an address of a socket has at most 104 bytes on macOS, 108 on Linux
_PATIENCE = 0.02  # seconds that a listener with a full queue may hold up whoever tells it
_REDIS_PATIENCE = 0.5
_REDIS_REST = 5.0  # seconds in which a Redis that did not answer is not asked again

Heard = Callable[[str], None]


class Listening(Protocol):
    """A listener under way."""

    def stop(self) -> None:
        """Hear nothing more."""


class Wake(Protocol):
    """Tells every process that listens; never fails and never waits long."""

    def tell(self, topic: str) -> None:
        """Wake whoever cares about a topic. To be called after the commit."""

    def listen(self, heard: Heard, *, own: bool = True) -> Listening:
        """Call `heard` with each topic, on a thread of the listener's; without `own` not with
        those that this very object tells."""


def make(settings: Settings) -> Wake:
    """Over Redis where there is one, otherwise between the processes of this machine."""
    if settings.redis_url:
        return RedisWake(settings.redis_url)
    return LocalWake(settings.var_dir / "run" / "wake")


class LocalWake:
    """One datagram socket per listener, all in one folder that only our user can enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = _within_reach(folder)
        self._id = uuid.uuid4().hex

    def tell(self, topic: str) -> None:
        """Send to each socket in the folder; one that nobody reads any more is removed."""
        wake_up = f"{self._id} {topic}".encode()[:LARGEST]
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(_PATIENCE)
            for address in self._folder.glob("*.sock"):
                _send(sender, wake_up, address)

    def listen(self, heard: Heard, *, own: bool = True) -> Listening:
        """Bind a socket of its own. Raises OSError where the folder is not ours to use."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{self._folder} belongs to somebody else")
        return _LocalListener(self._folder, heard, None if own else self._id)


class RedisWake:
    """One channel for all machines."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=_REDIS_PATIENCE, socket_connect_timeout=_REDIS_PATIENCE
        )
        self._id = uuid.uuid4().hex
        self._rests_until = 0.0

    def tell(self, topic: str) -> None:
        """Publish, unless Redis failed to answer a moment ago."""
        if time.monotonic() < self._rests_until:
            return
        try:
            self._redis.publish(CHANNEL, f"{self._id} {topic}")
        except redis.RedisError as error:
            self._rests_until = time.monotonic() + _REDIS_REST
            log.warning("wake-up lost: %s", error)

    def listen(self, heard: Heard, *, own: bool = True) -> Listening:
        """Subscribe, and again whenever the connection was lost."""
        return _RedisListener(self._redis, heard, None if own else self._id)


class _Listener:
    """Takes wake-ups in on one thread and hands them on by another: a slow `heard` must not
    fill the socket, which holds only some ten of them."""

    def __init__(self, heard: Heard, deaf_to: str | None) -> None:
        self._heard = heard
        self._deaf_to = deaf_to
        self._topics: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=f"wake-{name}", daemon=True)
            for name, work in (("take", self._take), ("hand", self._hand))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Hear nothing more; the call of `heard` under way is finished first."""
        self._stopping.set()
        self._topics.put(None)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    def _take(self) -> None:
        raise NotImplementedError

    def _took(self, wake_up: bytes) -> None:
        sender, _, topic = wake_up.decode("utf-8", "replace").partition(" ")
        if topic and sender != self._deaf_to:
            self._topics.put(topic)

    def _hand(self) -> None:
        while (topic := self._topics.get()) is not None and not self._stopping.is_set():
            try:
                self._heard(topic)
            except Exception:  # one bad listener must not deafen the process
                log.exception("could not handle wake-up %s", topic)


class _LocalListener(_Listener):
    """Reads a socket of its own until it is stopped."""

    def __init__(self, folder: Path, heard: Heard, deaf_to: str | None) -> None:
        super().__init__(heard, deaf_to)
        self._address = folder / f"{uuid.uuid4().hex[:12]}.sock"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._address))
        self.start()

    def stop(self) -> None:
        """Close the socket and leave the folder."""
        self._stopping.set()
        with suppress(OSError):  # an empty datagram to oneself ends the waiting read
            self._socket.sendto(b"", str(self._address))
        super().stop()
        self._socket.close()
        self._address.unlink(missing_ok=True)

    def _take(self) -> None:
        while not self._stopping.is_set():
            self._took(self._socket.recv(LARGEST))


class _RedisListener(_Listener):
    """Reads one subscription, made anew whenever it was lost."""

    def __init__(self, client: "redis.Redis", heard: Heard, deaf_to: str | None) -> None:
        super().__init__(heard, deaf_to)
        self._redis = client
        self._subscribed = threading.Event()
        self.start()
        self._subscribed.wait(_REDIS_PATIENCE)  # what is told right after `listen` is heard

    def _take(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read()
            except redis.RedisError as error:
                log.warning("no wake-ups over Redis: %s", error)
                self._stopping.wait(1.0)

    def _read(self) -> None:
        with self._redis.pubsub() as subscription:  # type: ignore[no-untyped-call]
            subscription.subscribe(CHANNEL)
            while not self._stopping.is_set():
                message = subscription.get_message(timeout=0.2)
                if message is not None and message["type"] == "message":
                    self._took(message["data"])
                elif message is not None:
                    self._subscribed.set()


def _send(sender: socket.socket, wake_up: bytes, address: Path) -> None:
    try:
        sender.sendto(wake_up, str(address))
    except ConnectionRefusedError:  # its process died without tidying up
        address.unlink(missing_ok=True)
    except OSError:  # full, or just gone: lost, which sweeps make good
        log.debug("wake-up lost on %s", address, exc_info=True)


def _within_reach(folder: Path) -> Path:
    """The folder, or one under /tmp that stands for it when its path is too long for a socket."""
    folder = folder.absolute()
    if len(str(folder)) + len("/012345678901.sock") <= _LONGEST_PATH:
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path("/tmp") / f"desk-{os.getuid()}-{name}"  # noqa: S108  # owner checked on use
