"""Writes callbacks down in batches: those that arrive while one commit is under way share the next.

A commit waits for the disk (1 to 10 ms); one for each callback would let a rush of them queue.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from bot.channels.wechat.account import Account
from bot.channels.wechat.parse import Incoming
from bot.gateway.web import Chat
from bot.gateway.wechat_intake import Taken, take_in

MOST = 32  # callbacks of one transaction: what they lock together stays short
_GIVES_WAY = 0.5  # seconds
_COLLISIONS = 3  # other gateways may meet us on a first callback; who was later looks again


@dataclass(frozen=True)
class _Order:
    account: Account
    incoming: Incoming
    patience: float
    done: Future[Taken]


class Acceptor:
    """One thread that takes callbacks in; `accepted` hears of each after the commit."""

    def __init__(self, chat: Chat, accepted: Callable[[Taken], None]) -> None:
        self._chat = chat
        self._accepted = accepted
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._idle = threading.Event()
        self._thread = threading.Thread(target=self._work, name="wechat-accept", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Write down what has come, then end."""
        self._orders.put(None)
        self._thread.join()

    def give_way(self) -> None:
        """Wait while callbacks do, though not for ever: those must be acknowledged in seconds,
        a turn may take its time."""
        end = time.monotonic() + _GIVES_WAY
        while not self._orders.empty() and time.monotonic() < end:
            self._idle.wait(_GIVES_WAY)

    async def take(self, account: Account, incoming: Incoming, patience: float) -> Taken:
        """Take one callback in; returns once it is committed."""
        done: Future[Taken] = Future()
        self._orders.put(_Order(account, incoming, patience, done))
        return await asyncio.wrap_future(done)

    def _work(self) -> None:
        while (first := self._next()) is not None:
            orders, last = [self._begin(first)], False
            while len(orders) < MOST and not self._orders.empty():
                following = self._orders.get()
                if following is None:
                    last = True
                    break
                orders.append(self._begin(following))
            self._take_all(orders)
            if last:
                return

    def _next(self) -> _Order | None:
        if self._orders.empty():
            self._idle.set()
        order = self._orders.get()
        self._idle.clear()
        return order

    def _begin(self, order: _Order) -> _Order:
        """From here on whoever waits can no longer call it off, which would end this thread."""
        order.done.set_running_or_notify_cancel()
        return order

    def _take_all(self, orders: Sequence[_Order]) -> None:
        try:
            with self._chat.db.write() as session:
                found = [
                    take_in(session, self._chat, order.account, order.incoming, order.patience)
                    for order in orders
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
        for _ in range(_COLLISIONS if isinstance(error, IntegrityError) else 0):
            try:
                with self._chat.db.write() as session:
                    taken = take_in(
                        session, self._chat, order.account, order.incoming, order.patience
                    )
            except IntegrityError:
                continue
            self._tell(order, taken)
            return
        if not order.done.cancelled():
            order.done.set_exception(error)

    def _tell(self, order: _Order, taken: Taken) -> None:
        self._accepted(taken)
        if not order.done.cancelled():  # the caller is gone; what it brought is kept
            order.done.set_result(taken)
