"""The pages of the desk, one module each."""

from bot.desk.pages import queue
from bot.desk.services import Services


def register(services: Services) -> None:
    """Make every page known to NiceGUI."""
    queue.register(services)
