"""What was done with powers: only ever added to."""

import asyncio

from nicegui import ui

from bot.accounts.roles import May
from bot.desk.frame import closed, frame, table
from bot.desk.services import Services

COLUMNS = [
    ("at", "时间"),
    ("who", "谁"),
    ("what", "做了什么"),
    ("about", "对象"),
    ("details", "细节"),
]


def register(services: Services) -> None:
    """The page of the audit log."""

    @ui.page("/audit")
    async def audit() -> None:
        with frame("审计", "/audit") as who:
            if closed(who, May.READ_AUDIT):
                return
            rows = await asyncio.to_thread(services.staff.audit, who)
            with ui.row().classes("desk-bar"):
                ui.label("审计记录").classes("desk-title")
                ui.space()
                sought = (
                    ui.input("查找")
                    .props("outlined dense clearable debounce=200")
                    .classes("filter")
                )
            listed = table(COLUMNS, rows, key="id", empty="还没有记录。")
            listed.bind_filter_from(sought, "value")
