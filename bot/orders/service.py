"""What the desk asks an order system for, and what its answers mean as facts.

An order's facts are used instead of asking the shopper. Never shown: whose order it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from bot.errors import Unavailable


class OrdersAway(Unavailable):
    """The order system did not answer, or not as agreed; `reason` is in the details."""

    code = "orders_away"
    message = "订单系统暂时查不到，您直接告诉我也行。"


@dataclass(frozen=True)
class OrderLine:
    """One thing bought. `category` is a category of the rules where the shop's own maps to one;
    `special_price` None means that the system does not say."""

    name: str
    price_paid: Decimal
    quantity: int = 1
    category: str | None = None
    special_price: bool | None = None


@dataclass(frozen=True)
class Order:
    """One purchase. `status` is placed, paid, shipped, delivered, done or cancelled."""

    no: str
    purchased_on: date
    lines: Sequence[OrderLine]
    remote: bool
    status: str = "done"
    received_on: date | None = None
    carrier: str | None = None
    tracking_no: str | None = None
    phone_tail: str | None = None  # the last four digits, to know its owner by


class Orders(Protocol):
    """Finds purchases of one shop. Every call may raise OrdersAway."""

    def by_number(self, shop: str, no: str) -> Order | None:
        """The order of that number."""

    def by_phone(self, shop: str, phone: str) -> Sequence[Order]:
        """The orders placed with that mobile number, newest first."""

    def by_member(self, shop: str, member: str) -> Sequence[Order]:
        """The orders of a member's card, newest first."""


def facts(order: Order, line: OrderLine, today: date) -> dict[str, Any]:
    """What an order settles, as facts of the rules; what it does not say is left out."""
    known: dict[str, Any] = {
        "price_paid": format(line.price_paid, "f"),
        "days_since_purchase": max(0, (today - order.purchased_on).days),
        "remote_purchase": "yes" if order.remote else "no",
        "store_confirms": "yes",  # the shop's own system is the shop's confirmation
    }
    if order.received_on is not None:
        known["days_since_received"] = max(0, (today - order.received_on).days)
    if line.category is not None:
        known["category"] = line.category
    if line.special_price is not None:
        known["special_price"] = "yes" if line.special_price else "no"
    return known


def only_line(order: Order) -> OrderLine | None:
    """The one thing of an order; None where it must be asked which is meant."""
    return order.lines[0] if len(order.lines) == 1 else None
