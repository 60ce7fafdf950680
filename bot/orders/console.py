"""Sample orders for trying the desk without an order system, as old as their number of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from bot.clock import Clock
from bot.orders.service import Order, OrderLine

PHONE = "13800000000"  # no network gives this number out
MEMBER = "VIP0001"


@dataclass(frozen=True)
class Sample:
    """An order that is always `days` old."""

    no: str
    days: int
    lines: Sequence[OrderLine]
    received: int | None = None
    status: str = "done"


SAMPLES = (
    Sample("DEMO100001", 1, [OrderLine("真丝连衣裙", Decimal("399.00"), category="dress")]),
    Sample("DEMO100002", 40, [OrderLine("男士皮鞋", Decimal("599.00"), category="shoe")]),
    Sample(
        "DEMO100003",
        6,
        [OrderLine("儿童羽绒服", Decimal("458.00"), category="down_jacket", special_price=True)],
        received=2,
        status="delivered",
    ),
    Sample(
        "DEMO100004",
        2,
        [
            OrderLine("纯棉T恤", Decimal("129.00"), category="tshirt"),
            OrderLine("牛仔裤", Decimal("269.00"), category="trousers"),
        ],
        status="shipped",
    ),
)


class ConsoleOrders:
    """The same sample orders for every shop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def by_number(self, shop: str, no: str) -> Order | None:
        """The sample of that number; letters may be small."""
        found = (sample for sample in SAMPLES if sample.no == no.strip().upper())
        return next((self._order(sample) for sample in found), None)

    def by_phone(self, shop: str, phone: str) -> Sequence[Order]:
        """All samples for the one sample number."""
        return self._all() if phone == PHONE else []

    def by_member(self, shop: str, member: str) -> Sequence[Order]:
        """All samples for the one sample card."""
        return self._all() if member.strip().upper() == MEMBER else []

    def _all(self) -> list[Order]:
        return [self._order(sample) for sample in sorted(SAMPLES, key=lambda each: each.days)]

    def _order(self, sample: Sample) -> Order:
        today = self._clock.today()
        shipped = sample.status in ("shipped", "delivered")
        return Order(
            no=sample.no,
            purchased_on=today - timedelta(days=sample.days),
            lines=sample.lines,
            remote=shipped,
            status=sample.status,
            received_on=None
            if sample.received is None
            else today - timedelta(days=sample.received),
            carrier="示例快递" if shipped else None,
            tracking_no=f"T{sample.no[-4:]}" if shipped else None,
            phone_tail=PHONE[-4:],
        )
