"""The courier: sends what waits, each conversation in order, different ones side by side."""

import logging
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from bot.channels.wechat.account import Account
from bot.clock import Clock
from bot.db import Database
from bot.in_order import InOrder
from bot.outbox import outcomes, parcels, repository
from bot.outbox.outcomes import Ended
from bot.outbox.parcels import Load
from bot.wechat.service import NAME

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=40)  # a send with one token refresh is cut off by its time-outs before
AT_ONCE = 200  # conversations taken up by one sweep


class Post(Protocol):
    """Whoever brings a part to the platform."""

    def send(self, account: Account, load: Load) -> Ended:
        """Make one attempt; every failure is an outcome, none an exception."""


class Pace:
    """At most `rate` starts a second; who is too early waits."""

    def __init__(self, rate: int) -> None:
        self._gap = 1.0 / rate
        self._next = 0.0
        self._guard = threading.Lock()

    def wait(self) -> None:
        """Wait for one's place."""
        with self._guard:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._gap
        if at > now:
            time.sleep(at - now)


@dataclass
class Courier:
    """Sends by `post` on a few threads. `sweep` looks for work and returns at once."""

    db: Database
    clock: Clock
    post: Post
    accounts: Mapping[str, Account]
    rate: int = 20
    threads: int = 4
    lease: timedelta = LEASE
    owner: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        self._lanes = InOrder(self._send_all, self.threads, "courier")
        self._paces = {name: Pace(self.rate) for name in self.accounts}

    def sweep(self) -> None:
        """Take up what is due, and what a dead process left half done."""
        now = self.clock.now()
        with self.db.read() as session:
            dead = bool(repository.cut_off(session, now))
            due = repository.due(session, NAME, now, AT_ONCE)
        if dead:
            with self.db.write() as session:
                lost = outcomes.recover(session, now)
            log.warning("%d sends were cut off; whether they arrived is unknown", lost)
        for conversation_id in due:
            self.wake(conversation_id)

    def wake(self, conversation_id: str) -> None:
        """Send what a conversation has, now or right after what is being sent."""
        self._lanes.wake(conversation_id)

    def stop(self) -> None:
        """Finish the sends under way and begin no others."""
        self._lanes.stop()

    def idle(self) -> bool:
        """Whether nothing is being sent."""
        return not self._lanes.busy()

    def _send_all(self, conversation_id: str) -> None:
        while not self._lanes.stopping and self._send_one(conversation_id):
            pass

    def _send_one(self, conversation_id: str) -> bool:
        """Send one part, recorded before and after; False when there is none to send."""
        with self.db.write() as session:
            load = parcels.take_custom(
                session,
                conversation_id,
                self.accounts,
                self.clock.zone,
                self.owner,
                self.clock.now(),
                self.lease,
            )
        if load is None:
            return False
        self._paces[load.account].wait()
        ended = self.post.send(self.accounts[load.account], load)
        with self.db.write() as session:
            settled = outcomes.settle(session, load, ended, self.owner, self.clock.now())
        if not settled:
            log.warning("parcel %s was given up before its send ended", load.parcel_id)
        return True
