"""Who is waiting, longest and most urgent first."""

from nicegui import ui

from bot.desk.frame import frame
from bot.desk.services import Services


def register(services: Services) -> None:
    """The page at the front of the desk."""

    @ui.page("/")
    async def queue() -> None:
        with frame("排队") as who:
            ui.label(f"{who.name}，现在没有人在排队。")
