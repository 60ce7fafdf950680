"""Named formulas over the prices a shopper told, in CNY, rounded as the clause says."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from bot.policy.engine.words import Amount, Value

UNITS = MappingProxyType({"cents": Decimal("0.01"), "yuan": Decimal(1)})
Prices = Mapping[str, Value]


def _price_paid(amount: Amount, prices: Prices) -> Decimal | None:
    paid = _price(prices, "price_paid")
    return None if paid is None else rounded(paid, amount.round)


def _less_percent(amount: Amount, prices: Prices) -> Decimal | None:
    paid, fee = _price(prices, "price_paid"), _percent(amount, prices)
    return None if paid is None or fee is None else paid - fee


def _percent(amount: Amount, prices: Prices) -> Decimal | None:
    paid = _price(prices, "price_paid")
    if paid is None or amount.percent is None:
        return None
    return rounded(paid * amount.percent / 100, amount.round)


def _price_difference(amount: Amount, prices: Prices) -> Decimal | None:
    """F-18: both prices by the same discount, each rounded, then subtracted.

    What was paid is already the first of the two; without it the list price is taken down.
    """
    mine, other = _price(prices, "price_paid"), _price(prices, "other_tag_price")
    full, discount = _price(prices, "list_price"), _price(prices, "discount")
    if discount is None and full and mine is not None:
        discount = mine / full
    if mine is None and full is not None and discount is not None:
        mine = full * discount
    if mine is None or other is None or discount is None:
        return None
    difference = rounded(mine, amount.round) - rounded(other * discount, amount.round)
    return max(difference, Decimal(0))


FORMULAS: Mapping[str, Callable[[Amount, Prices], Decimal | None]] = MappingProxyType(
    {
        "price_paid": _price_paid,
        "less_percent": _less_percent,
        "percent": _percent,
        "price_difference": _price_difference,
    }
)


def compute(amount: Amount, prices: Prices) -> Decimal | None:
    """The amount in CNY, never above the price paid; None where a price is not known."""
    value = FORMULAS[amount.formula](amount, prices)
    paid = _price(prices, "price_paid")
    return value if value is None or paid is None else min(value, paid)


def rounded(value: Decimal, to: str) -> Decimal:
    """Half up to whole yuan or to cents."""
    return value.quantize(UNITS[to], rounding=ROUND_HALF_UP)


def as_text(value: Decimal) -> str:
    """Whole yuan without a point, anything else with two places."""
    whole = value.to_integral_value()
    return str(int(whole)) if whole == value else f"{value:.2f}"


def _price(prices: Prices, key: str) -> Decimal | None:
    value = prices.get(key)
    return value if isinstance(value, Decimal) else None
