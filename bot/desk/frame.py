"""What every page has: head, ways to the other pages, who is signed in, and how acts are done."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar

from nicegui import context, ui

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.accounts.sessions import Present
from bot.desk.gate import PREFIX
from bot.desk.keys import KEYS
from bot.errors import DeskError

log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")
Row = dict[str, Any]


@dataclass(frozen=True)
class Way:
    """A page in the head; shown to whoever may use it."""

    path: str
    title: str
    key: str
    may: tuple[May, ...] = ()


WAYS = (
    Way("/", "排队", "1", (May.ANSWER,)),
    Way("/tickets", "单子", "2", (May.ANSWER, May.APPROVE)),
    Way("/policy", "规则", "3"),
    Way("/reports", "报表", "4", (May.SUPERVISE, May.EXPORT, May.READ_AUDIT)),
    Way("/users", "账号", "5", (May.MANAGE_USERS,)),
    Way("/audit", "审计", "6", (May.READ_AUDIT,)),
    Way("/me", "我", "7"),
)


def present() -> Present:
    """Whose page this is. The door let nobody in without a session."""
    found: Present = context.client.request.scope["present"]
    return found


@contextmanager
def frame(title: str, at: str = "", *, wide: bool = False) -> Iterator[Identity]:
    """A page with its head; gives who is signed in."""
    who = present().identity
    ui.page_title(f"{title} · 服务台")
    ui.add_head_html(
        f'<link rel="stylesheet" href="{PREFIX}/static/desk.css">'
        f"<script>window.deskKeys = {json.dumps(KEYS, ensure_ascii=False)}</script>"
        f'<script src="{PREFIX}/static/desk.js"></script>'
    )
    with ui.header().classes("desk-head"):
        ui.link("服务台", "/").classes("desk-name")
        for way in WAYS:
            if may_enter(who, way.may):
                link = ui.link(way.title, way.path).classes("desk-way")
                link.props(f'data-key="{way.key}" title="{way.title}（Alt+{way.key}）"')
                if way.path == at:
                    link.classes("on").props('aria-current="page"')
        ui.space()
        ui.label(who.name).classes("desk-who")
        for title, act in (("快捷键", "keys"), ("明暗", "dark"), ("退出", "leave")):
            ui.button(title).props(f"flat dense data-role={act}").classes(f"desk-plain {act}").on(
                "click", js_handler=f"() => desk.{act}()"
            )
    with ui.element("main").classes("desk-main wide" if wide else "desk-main"):
        yield who


def may_enter(who: Identity, wanted: tuple[May, ...]) -> bool:
    """Whether one of these is enough for a page."""
    return not wanted or any(who.may(each) for each in wanted)


def closed(who: Identity, *wanted: May) -> bool:
    """Say that a page is not for this person, if it is not."""
    if may_enter(who, wanted):
        return False
    ui.label("您的账号没有这项权限，需要的话请联系管理员。").classes("desk-empty")
    return True


async def do(
    act: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
) -> Result | None:
    """Do something on a thread; what was refused is said on the page, and None given."""
    try:
        return await asyncio.to_thread(act, *given, **named)
    except DeskError as refused:
        say(refused.message)
    except Exception:  # whatever it was: the person is told, and the page goes on
        log.exception("an act at the desk failed")
        say("没有办成，系统记下了这个问题，请再试一次。")
    return None


async def done(act: Callable[Given, Any], *given: Given.args, **named: Given.kwargs) -> bool:
    """The same for acts that give nothing: whether it was done."""

    def act_all() -> bool:
        act(*given, **named)
        return True

    return bool(await do(act_all))


def say(
    message: str, kind: Literal["positive", "negative", "warning", "info"] = "negative"
) -> None:
    """A short message at the edge of the page."""
    # Without a type of the library's, whose colours are too loud and hide the button.
    ui.notify(
        message,
        classes=f"desk-say {kind}",
        position="top-right",
        close_button="知道了",
        multi_line=True,
    )


def table(columns: list[tuple[str, str]], rows: list[Row], *, key: str, empty: str) -> ui.table:
    """A list with pages of 50; columns are (field, title)."""
    made = ui.table(
        columns=[
            {"name": field, "label": title, "field": field, "align": "left", "sortable": False}
            for field, title in columns
        ],
        rows=rows,
        row_key=key,
        pagination=50,
    )
    made.classes("desk-table").props(f'flat dense no-data-label="{empty}"')
    made.props('rows-per-page-label="每页" :rows-per-page-options="[20,50,100]"')
    return made
