"""What the order system says of a shopper's purchases, for the packet: in time or not at all."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

from bot.handoff.packet import KnownFact, Packet, Purchases
from bot.orders.service import Order, Orders, OrdersAway

log = logging.getLogger(__name__)

PATIENCE = 1.2  # seconds that a page waits; the rest of a packet takes milliseconds
NEWEST = 3  # orders of a phone or a member that are shown
KEPT, KEPT_AWAY = 60.0, 15.0  # seconds for which an answer, or none, is not asked for again
MOST = 500  # answers kept
AT_ONCE = 4  # calls under way; one that hangs holds its place until the order system's own time-out


class By(StrEnum):
    """What purchases are found by, the surest first."""

    ORDER = "order_no"
    MEMBER = "member_no"
    PHONE = "phone"


@dataclass(frozen=True)
class _Wish:
    shop: str
    by: By
    value: str


class PurchaseLookup:
    """Looks purchases up for packets, outside any transaction; safe to use from several threads."""

    def __init__(self, orders: Orders, patience: float = PATIENCE) -> None:
        self._orders, self._patience = orders, patience
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="orders")
        self._answers: dict[_Wish, tuple[float, Purchases]] = {}
        self._guard = Lock()

    def added(self, found: Packet) -> Packet:
        """The packet with what was bought; as it is where nothing is known to look it up by."""
        told = {fact.key: fact for fact in found.facts}
        wish = _wish(found, told)
        if wish is None:
            return found
        said = told[wish.by].said if wish.by in told else ""
        return replace(found, purchases=replace(self._known(wish), said=said))

    def close(self) -> None:
        """Take no more wishes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _known(self, wish: _Wish) -> Purchases:
        with self._guard:
            until, kept = self._answers.get(wish, (0.0, None))
        if kept is not None and time.monotonic() < until:
            return kept
        answer = self._asked(wish)
        self._keep(wish, answer)
        return answer

    def _asked(self, wish: _Wish) -> Purchases:
        asked: Future[Sequence[Order]] = self._pool.submit(self._call(wish.by), wish)
        try:
            return Purchases(wish.by, wish.value, asked.result(self._patience))
        except (OrdersAway, TooLate) as error:
            asked.cancel()
            log.warning("no purchases for a packet: %r", error)
        except Exception:  # a fault of the order system's side costs the page nothing else
            log.exception("purchases for a packet")
        return Purchases(wish.by, wish.value, away=True)

    def _call(self, by: By) -> Callable[[_Wish], Sequence[Order]]:
        calls = {By.ORDER: self._by_number, By.MEMBER: self._by_member, By.PHONE: self._by_phone}
        return calls[by]

    def _by_number(self, wish: _Wish) -> Sequence[Order]:
        order = self._orders.by_number(wish.shop, wish.value)
        return [order] if order else []

    def _by_member(self, wish: _Wish) -> Sequence[Order]:
        return self._orders.by_member(wish.shop, wish.value)[:NEWEST]

    def _by_phone(self, wish: _Wish) -> Sequence[Order]:
        return self._orders.by_phone(wish.shop, wish.value)[:NEWEST]

    def _keep(self, wish: _Wish, answer: Purchases) -> None:
        until = time.monotonic() + (KEPT_AWAY if answer.away else KEPT)
        with self._guard:
            if len(self._answers) >= MOST:
                self._answers.clear()
            self._answers[wish] = until, answer


def _wish(found: Packet, told: dict[str, KnownFact]) -> _Wish | None:
    """The surest thing that a shopper's purchases can be found by."""
    known = {
        By.ORDER: told[By.ORDER].value if By.ORDER in told else found.named_order,
        By.MEMBER: told[By.MEMBER].value if By.MEMBER in told else None,
        By.PHONE: found.phone,
    }
    return next((_Wish(found.shop, by, str(value)) for by, value in known.items() if value), None)
