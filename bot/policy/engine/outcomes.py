"""What a decision can come to, and how good each is for the shopper."""

from collections.abc import Mapping
from types import MappingProxyType

# Only the order matters: the law's answer replaces the shop's when it stands higher.
WORTH: Mapping[str, int] = MappingProxyType(
    {
        "refund": 100,
        "exchange_or_refund": 100,
        "exchange": 90,
        "free_repair": 70,
        "price_difference_refund": 70,
        "free_care": 70,
        "refund_minus_depreciation": 60,
        "exchange_with_depreciation": 60,
        "paid_repair": 40,
        "needs_inspection": 30,
        "refer": 20,
        "route": 20,
        "escalate": 20,
        "apologise": 10,
        "inform": 10,
        "refuse": 0,
    }
)
# What a shopper can still be offered when the wish itself is refused.
ALLOWED = 40
DIRECTED = frozenset({"escalate", "refer", "route"})
SAFE = frozenset({"needs_inspection", "escalate"})
TARGETS = frozenset(
    """manager duty_manager store_manager counter_manager floor_supervisor assistant_manager
    goods_manager complaint_station after_sales after_sales_head after_sales_manager
    company_after_sales consumer_association qc warehouse sales technician technical business
    brand gore""".split()
)
