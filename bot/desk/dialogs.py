"""Dialogs: a title, fields, two buttons; `await` gives whether the strong one was pressed."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

PLAIN = "flat dense no-caps"
STRONG = "unelevated dense no-caps"


@contextmanager
def dialog(title: str) -> Iterator[ui.dialog]:
    """A dialog with a title, open at once; what is made inside stands in it."""
    with ui.dialog(value=True) as made, ui.card().classes("desk-dialog"):
        ui.label(title).classes("desk-title")
        yield made


def buttons(asked: ui.dialog, title: str) -> None:
    """Leave, or do it."""
    with ui.row().classes("desk-buttons"):
        ui.button("取消", on_click=lambda: asked.submit(False)).props(PLAIN)
        ui.button(title, on_click=lambda: asked.submit(True)).props(f"{STRONG} data-role=ok")
