"""What every page has: head, ways to the other pages, who is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui import context, ui

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.accounts.sessions import Present
from bot.desk.gate import PREFIX


@dataclass(frozen=True)
class Way:
    """A page in the head; shown to whoever may use it."""

    path: str
    title: str
    icon: str
    may: May | None = None


WAYS = (Way("/", "排队", "inbox", May.ANSWER),)


def present() -> Present:
    """Whose page this is. The door let nobody in without a session."""
    found: Present = context.client.request.scope["present"]
    return found


@contextmanager
def frame(title: str) -> Iterator[Identity]:
    """A page with its head; gives who is signed in."""
    who = present().identity
    ui.page_title(f"{title} · 服务台")
    ui.add_head_html(f'<link rel="stylesheet" href="{PREFIX}/static/desk.css">')
    with ui.header().classes("desk-head"):
        ui.label("服务台").classes("desk-name")
        for way in WAYS:
            if way.may is None or who.may(way.may):
                ui.link(way.title, way.path).classes("desk-way")
        ui.space()
        ui.label(who.name)
    with ui.element("main").classes("desk-main"):
        yield who
