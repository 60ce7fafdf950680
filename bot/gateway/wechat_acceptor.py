"""Takes callbacks in: those that arrive while one commit is under way share the next.

A commit waits for the disk (1 to 10 ms); one for each callback would let a rush of them queue.
In a rush they are only written down, which costs a tenth, and taken in, in the order in which
they came, as soon as no other waits to be acknowledged.
"""

import asyncio
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.channels.wechat.account import Account
from bot.channels.wechat.parse import Incoming, incoming
from bot.gateway.listeners import News
from bot.gateway.web import Chat
from bot.gateway.wechat_intake import Taken, again, take_in
from bot.wechat import repository
from bot.wechat.accounts import Accounts
from bot.wechat.models import Arrival
from bot.wechat.service import MOST_TRIES

log = logging.getLogger(__name__)

MOST = 64  # callbacks of one transaction: what they lock together stays short
CROWD = 16  # at once from which on it is a rush
CHUNK = 8  # of those written down, taken in at once: a callback that arrives then waits for them
LEASE = timedelta(seconds=30)  # after which another gateway takes in what this one wrote down
SWEEP = 5.0  # seconds between looks for callbacks that nobody has taken in
PAUSE = timedelta(seconds=10)  # before one that could not be taken in is tried again
_GIVES_WAY = 0.5  # seconds
_BLINK = 0.005
_AT_ONCE = 10_000  # of those found by a look; they are small
_COLLISIONS = 3  # other gateways may meet us on a first callback; who was later looks again


@dataclass(frozen=True)
class _Order:
    """A callback, waited for `until` its answer or, without one, until it is written down; `news`
    is what an answer is announced to."""

    account: Account
    incoming: Incoming
    until: datetime | None
    news: News | None
    done: Future[Taken | None] = field(default_factory=Future)

    @property
    def seen_as(self) -> tuple[str, str]:
        """Account and key."""
        return self.account.name, self.incoming.key


@dataclass(frozen=True)
class _Behind:
    """A callback that is written down and still to be taken in."""

    number: int
    account: Account
    incoming: Incoming


class Acceptor:
    """One thread that takes callbacks in; `accepted` hears of each after the commit, `caught_up`
    of those for whose answers nobody waits."""

    def __init__(
        self,
        chat: Chat,
        accounts: Accounts,
        accepted: Callable[[Taken, News | None], None],
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        self._chat = chat
        self._accounts = accounts
        self._accepted = accepted
        self._caught_up = caught_up
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._behind: deque[_Behind] = deque()
        self._idle = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="wechat-accept", daemon=True)

    def start(self) -> None:
        """Begin, with what a former process left; with SQLite no other can be at work on that."""
        self._look_for_more(everything=self._chat.lanes.alone)
        self._thread.start()

    def stop(self) -> None:
        """Write down what has come, then end."""
        self._orders.put(None)
        self._thread.join()

    def behind(self) -> bool:
        """Whether callbacks are written down that are still to be taken in."""
        return bool(self._behind)

    def give_way(self) -> None:
        """Wait while callbacks do, though not for ever: those must be acknowledged in seconds,
        a turn may take its time."""
        end = time.monotonic() + _GIVES_WAY
        while not self._orders.empty() and time.monotonic() < end:
            if self._idle.wait(_GIVES_WAY):
                time.sleep(_BLINK)  # idle, yet something has just come

    async def take(
        self, account: Account, incoming: Incoming, patience: float, news: News | None = None
    ) -> Taken | None:
        """Returns once the callback is committed: taken in if its caller has `patience` (seconds)
        to wait for an answer, otherwise perhaps only written down, which gives None."""
        until = self._chat.clock.now() + timedelta(seconds=patience) if patience else None
        order = _Order(account, incoming, until, news)
        self._idle.clear()
        self._orders.put(order)
        return await asyncio.wrap_future(order.done)

    def _work(self) -> None:
        while not self._ending:
            orders = self._gathered()
            try:
                self._handle(orders)
            except Exception:  # the database may be away for a moment; the next look comes
                log.exception("callbacks of WeChat")

    def _handle(self, orders: Sequence[_Order]) -> None:
        if orders:
            self._bring_forward(orders)
            (self._write_down if self._in_rush(orders) else self._take_all)(orders)
        elif self._behind:
            self._catch_up()
        elif not self._ending:
            self._look_for_more()

    def _in_rush(self, orders: Sequence[_Order]) -> bool:
        waited_for = all(order.until is not None for order in orders)
        return self.behind() or len(orders) > CROWD or not waited_for

    def _bring_forward(self, orders: Sequence[_Order]) -> None:
        """What another process wrote down of the same followers comes first: it may be dead."""
        if self._chat.lanes.alone:
            return
        ours = {one.number for one in self._behind}
        openids = {order.incoming.openid for order in orders}
        try:
            with self._chat.db.read() as session:
                found = repository.arrivals_of(session, openids)
        except Exception:  # whoever waits is told by what follows
            log.exception("callbacks of WeChat")
            return
        self._append(one for one in found if one.number not in ours)

    def _gathered(self) -> Sequence[_Order]:
        """What has come; waits for something unless there is other work."""
        orders: list[_Order] = []
        while len(orders) < MOST:
            if self._orders.empty() and not orders:
                self._idle.set()
            try:
                order = self._orders.get(not orders and not self._behind, SWEEP)
            except queue.Empty:
                break
            if order is None:
                self._ending = True
                break
            # From here on whoever waits can no longer call it off, which would end this thread.
            order.done.set_running_or_notify_cancel()
            orders.append(order)
            self._idle.clear()
        return orders

    def _take_all(self, orders: Sequence[_Order]) -> None:
        try:
            with self._chat.db.write() as session:
                seen = repository.received(session, [order.incoming.key for order in orders])
                found = [
                    take_in(session, self._chat, each.account, each.incoming, each.until, seen)
                    for each in orders
                ]
        except Exception as error:  # noqa: BLE001  # whoever waits is told, not this thread
            self._one_by_one(orders, error)
            return
        for order, taken in zip(orders, found, strict=True):
            self._tell(order, taken)

    def _one_by_one(self, orders: Sequence[_Order], error: Exception) -> None:
        """One bad callback, or one that another gateway was first with, spoils no other."""
        if len(orders) > 1:
            for order in orders:
                self._take_all([order])
            return
        (order,) = orders
        try:
            taken = self._take_one(order, error)
        except Exception as final:  # noqa: BLE001  # whoever waits is told, not this thread
            if not order.done.cancelled():
                order.done.set_exception(final)
            return
        self._tell(order, taken)

    def _take_one(self, order: _Order, error: Exception) -> Taken:
        """Take one in that failed with `error`. Raises why it fails for good."""
        for _ in range(_COLLISIONS):
            if not isinstance(error, IntegrityError):
                break
            try:
                with self._chat.db.write() as session:
                    seen = repository.received(session, [order.incoming.key])
                    return take_in(
                        session, self._chat, order.account, order.incoming, order.until, seen
                    )
            except IntegrityError as again_met:
                error = again_met
        raise error

    def _tell(self, order: _Order, taken: Taken) -> None:
        self._accepted(taken, order.news)
        if not order.done.cancelled():  # the caller is gone; what it brought is kept
            order.done.set_result(taken)

    def _write_down(self, orders: Sequence[_Order]) -> None:
        """Make rows of them, except of those that have come before: these have their answers."""
        try:
            with self._chat.db.write() as session:
                seen = repository.received(session, [order.incoming.key for order in orders])
                known = [order for order in orders if order.seen_as in seen]
                answers = [again(session, each.incoming, seen[each.seen_as]) for each in known]
                fresh = [order for order in orders if order.seen_as not in seen]
                numbers = self._arrive(session, fresh)
        except Exception as error:  # noqa: BLE001  # the platform delivers them again
            for order in orders:
                if not order.done.cancelled():
                    order.done.set_exception(error)
            return
        for number, order in zip(numbers, fresh, strict=True):
            self._behind.append(_Behind(number, order.account, order.incoming))
        outcomes = [*zip(known, answers, strict=True), *((order, None) for order in fresh)]
        for order, taken in outcomes:
            if not order.done.cancelled():
                order.done.set_result(taken)

    def _arrive(self, session: Session, orders: Sequence[_Order]) -> Sequence[int]:
        sent = [(order.account.name, order.incoming) for order in orders]
        now = self._chat.clock.now()
        return repository.arrive(session, sent, now, now + LEASE) if sent else ()

    def _catch_up(self) -> None:
        """Take in the oldest of those written down; one that cannot be is put off."""
        chunk = [self._behind.popleft() for _ in range(min(CHUNK, len(self._behind)))]
        if not self._caught(chunk):
            for one in chunk:
                if len(chunk) == 1 or not self._caught([one]):
                    self._put_off(one)
        self._caught_up()

    def _caught(self, chunk: Sequence[_Behind]) -> bool:
        try:
            with self._chat.db.write() as session:
                ours = repository.claim_arrivals(session, [one.number for one in chunk])
                seen = repository.received(session, [one.incoming.key for one in chunk])
                found = [
                    take_in(session, self._chat, one.account, one.incoming, None, seen)
                    for one in chunk
                    if one.number in ours
                ]
        except Exception:
            log.exception("callbacks %s of WeChat", [one.number for one in chunk])
            return False
        for taken in found:
            self._accepted(taken, None)
        return True

    def _put_off(self, one: _Behind) -> None:
        with self._chat.db.write() as session:
            repository.put_off(session, one.number, self._chat.clock.now() + PAUSE)

    def _look_for_more(self, *, everything: bool = False) -> None:
        """Find what a dead process wrote down, and what could not be taken in before."""
        before = None if everything else self._chat.clock.now()
        with self._chat.db.read() as session:
            found = repository.arrived(session, before, MOST_TRIES, _AT_ONCE)
        self._append(found)

    def _append(self, found: Iterable[Arrival]) -> None:
        of = self._accounts.by_name
        known = (one for one in found if one.account in of)
        self._behind += (
            _Behind(each.number, of[each.account], incoming(each.fields)) for each in known
        )
