"""Which order system this installation uses."""

from bot.clock import Clock
from bot.orders.console import ConsoleOrders
from bot.orders.http import HttpOrders
from bot.orders.service import Orders
from bot.settings import Settings


def connect(settings: Settings, clock: Clock) -> Orders:
    """The shop's own where `ORDERS_URL` is set, otherwise the sample orders."""
    if settings.orders_url:
        return HttpOrders(settings.orders_url, settings.orders_token.get_secret_value())
    return ConsoleOrders(clock)
