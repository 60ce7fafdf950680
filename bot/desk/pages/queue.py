"""Who is waiting, longest and most urgent first, and what one has oneself."""

import asyncio

from nicegui import context, ui
from nicegui.events import GenericEventArguments

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.desk import cells
from bot.desk.board import Queue
from bot.desk.frame import closed, do, done, frame, say, table
from bot.desk.live import Page
from bot.desk.services import Services
from bot.handoff.models import AgentStatus

WAITING = [
    ("place", "位"),
    ("waited", "已等"),
    ("mood", "心情"),
    ("priority", "紧急"),
    ("last", "原话"),
    ("department", "部门"),
    ("shop", "店"),
    ("channel", "渠道"),
    ("take", ""),
]
OPEN = [("shop", "店"), ("last", "最后一句"), ("waited", "多久前"), ("channel", "渠道")]
STATES = {
    AgentStatus.ONLINE: "接待中",
    AgentStatus.PAUSED: "暂停接新",
    AgentStatus.OFFLINE: "未上线",
}


def register(services: Services) -> None:
    """The page at the front of the desk."""

    @ui.page("/")
    async def queue() -> None:
        with frame("排队", "/") as who:
            if who.may(May.ANSWER):
                await _Desk(services, who).open()
            elif not closed(who, May.ANSWER):
                pass


class _Desk:
    """One open page of the queue."""

    def __init__(self, services: Services, who: Identity) -> None:
        self._services = services
        self._who = who
        self._waiting = -1
        self._known: set[str] = set()
        self._had: set[str] | None = None
        self._taking = self._is_auto = False

    async def open(self) -> None:
        found = await asyncio.to_thread(self._services.board.queue, self._who)
        with ui.row().classes("desk-bar"):
            self._state = ui.label().classes("desk-state")
            self._on = ui.button("开始接待", on_click=self._come).props(
                "unelevated dense no-caps data-key=o"
            )
            self._pause = ui.button("暂停", on_click=self._rest).props(
                "flat dense no-caps data-key=p"
            )
            self._off = ui.button("下线", on_click=self._go).props("flat dense no-caps")
            self._auto = ui.button(on_click=self._switch).props(
                "flat dense no-caps data-key=a data-role=auto"
            )
            self._auto.tooltip("开着的时候，有空位就把排队的顾客直接分给您")
            ui.space()
            self._next = ui.button("接下一位（N）", on_click=self._take_next).props(
                "unelevated dense no-caps data-key=n data-role=next"
            )
        ui.label("排队").classes("desk-title")
        self._queue = table(WAITING, [], key="id", empty="现在没有人在排队。")
        for name, cell in (("mood", cells.MOOD), ("priority", cells.LEVEL), ("waited", cells.LATE),
                           ("take", cells.TAKE), ("last", cells.CLIPPED)):  # fmt: skip
            self._queue.add_slot(f"body-cell-{name}", cell)
        self._queue.on("take", self._take)
        self._queue.on("rowClick", self._look, [[], ["id"], None])
        self._queue.props("data-role=waiting")
        ui.label("我的会话").classes("desk-title")
        self._mine = table(OPEN, [], key="id", empty="手上没有会话。")
        title = ui.label("同事的会话").classes("desk-title")
        self._others = table([("agent", "谁在接"), *OPEN], [], key="id", empty="同事手上没有会话。")
        title.visible = self._others.visible = self._who.may(May.SUPERVISE)
        for each in (self._mine, self._others):
            each.add_slot("body-cell-last", cells.ANSWER)
            each.on("rowClick", self._look, [[], ["id"], None])
        self._mine.props("data-role=mine")
        self._show(found)
        page = Page(
            context.client, self._who.user_id, self._who.name, frozenset({"queue"}), self._refresh
        )
        self._services.live.enter(page)

    async def _refresh(self) -> None:
        self._show(await asyncio.to_thread(self._services.board.queue, self._who))

    def _show(self, found: Queue) -> None:
        for shown, rows in (
            (self._queue, found.waiting),
            (self._mine, found.mine),
            (self._others, found.others),
        ):
            if shown.rows != rows:
                shown.rows = rows
        self._stand(found)
        self._given(found)
        ids = {str(row["id"]) for row in found.waiting}
        more = self._waiting >= 0 and bool(ids - self._known)
        if len(ids) != self._waiting or more:
            urgent = str(found.rung).lower()
            ui.run_javascript(f"desk.news({len(ids)}, {str(more).lower()}, {urgent})")
        self._waiting, self._known = len(ids), ids

    def _given(self, found: Queue) -> None:
        """Say which shoppers have become one's own since the last look."""
        mine = {str(row["id"]): str(row["shop"]) for row in found.mine}
        new = mine.keys() - self._had if self._had is not None else set()
        self._had = set(mine)
        if self._taking:  # one's own doing
            return
        for each in new:
            ui.run_javascript("desk.ring(document.hidden)")
            say(f"{mine[each]}的一位顾客由您接待了。", "info")

    def _stand(self, found: Queue) -> None:
        here = found.status != AgentStatus.OFFLINE
        load = f" · 手上 {found.load}/{found.capacity}" if here else ""
        self._state.text = (
            f"{STATES[AgentStatus(found.status)]}{load} · 排队 {len(found.waiting)} 位"
        )
        self._on.visible = found.status != AgentStatus.ONLINE
        self._pause.visible = found.status == AgentStatus.ONLINE
        self._off.visible = here
        self._auto.visible = here
        self._auto.text = "自动接入：开" if found.auto else "自动接入：关"
        self._auto.props(f"aria-pressed={str(found.auto).lower()}")
        self._is_auto = found.auto
        self._next.set_enabled(here and bool(found.waiting))

    async def _come(self) -> None:
        capacity = await do(self._services.staff.capacity, self._who)
        if capacity is not None and await done(self._services.presence.come, self._who, capacity):
            await self._refresh()

    async def _switch(self) -> None:
        presence = self._services.presence
        if await done(presence.take_unasked, self._who, on=not self._is_auto):
            await self._refresh()

    async def _rest(self) -> None:
        if await done(self._services.presence.pause, self._who):
            await self._refresh()

    async def _go(self) -> None:
        if await done(self._services.presence.go, self._who):
            await self._refresh()

    async def _take_next(self) -> None:
        self._taking = True
        taken = await do(self._services.talk.claim_next, self._who)
        if taken is not None:
            ui.navigate.to(f"/c/{taken}")
        self._taking = taken is not None

    async def _take(self, event: GenericEventArguments) -> None:
        conversation_id = str(event.args)
        self._taking = True
        taken = await do(self._services.talk.claim, self._who, conversation_id) is not None
        if taken:
            ui.navigate.to(f"/c/{conversation_id}")
        self._taking = taken

    def _look(self, event: GenericEventArguments) -> None:
        ui.navigate.to(f"/c/{event.args[1]['id']}")
