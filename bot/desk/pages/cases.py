"""Cases with something left to be done, and what waits for consent."""

from nicegui import context, ui
from nicegui.events import GenericEventArguments

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.desk import cells, words
from bot.desk.cases import TakenDown
from bot.desk.dialogs import buttons, dialog
from bot.desk.frame import closed, do, frame, table
from bot.desk.live import Page
from bot.desk.services import Services
from bot.tickets.models import ComplaintKind, Origin, TicketKind
from bot.tickets.views import QueueFilter

COLUMNS = [
    ("number", "单号"),
    ("kind", "类别"),
    ("state", "状态"),
    ("due", "最晚"),
    ("priority", "紧急"),
    ("department", "部门"),
    ("responsible", "负责人"),
    ("shop", "店"),
    ("origin", "来源"),
    ("created", "开单"),
]
CONSENTS = [
    ("number", "单号"),
    ("kind", "类别"),
    ("wanted", "想变为"),
    ("role", "谁来批"),
    ("asked_by", "谁提的"),
    ("why", "理由"),
    ("waited", "已等"),
]


def register(services: Services) -> None:
    """The list of cases."""

    @ui.page("/tickets")
    async def cases() -> None:
        with frame("单子", "/tickets") as who:
            if not closed(who, May.ANSWER, May.APPROVE):
                await _Cases(services, who).open()


class _Cases:
    """One open list of cases."""

    def __init__(self, services: Services, who: Identity) -> None:
        self._services = services
        self._who = who

    async def open(self) -> None:
        self._consents_title = ui.label("等审批").classes("desk-title")
        self._consents = table(CONSENTS, [], key="id", empty="没有等审批的单子。")
        self._consents.on("rowClick", self._look, [[], ["no"], None])
        if self._who.may(May.ANSWER):
            self._filters()
            self._list = table(COLUMNS, [], key="no", empty="没有符合条件的单子。")
            for name, made in (
                ("due", cells.DUE),
                ("priority", cells.LEVEL),
                ("state", cells.PILL),
            ):
                self._list.add_slot(f"body-cell-{name}", made)
            self._list.on("rowClick", self._look, [[], ["no"], None])
            self._list.props("data-role=cases")
        await self._refresh()
        topics = frozenset({"tickets"})
        page = Page(context.client, self._who.user_id, self._who.name, topics, self._refresh)
        self._services.live.enter(page)

    def _filters(self) -> None:
        def choice(title: str, options: dict[str, str]) -> ui.select:
            made = ui.select(
                {"": "全部", **options}, value="", label=title, on_change=self._refresh
            )
            return made.props("outlined dense options-dense").classes("filter")

        with ui.row().classes("desk-bar"):
            self._state = choice("状态", words.STATES)
            self._kind = choice("类别", words.KINDS)
            self._department = choice("部门", words.ROLES)
            self._shop = choice("店", {each.slug: each.name for each in self._services.shops.all()
                                       if self._who.serves(each.slug)})  # fmt: skip
            self._origin = choice("来源", words.CHANNELS)
            self._mine = ui.checkbox("我负责的", on_change=self._refresh)
            self._late = ui.checkbox("已超时", on_change=self._refresh)
            ui.space()
            self._find = ui.input("单号").props("outlined dense clearable").classes("filter")
            self._find.on("keydown.enter", self._go)
            ui.button("代客开单（C）", on_click=self._take_down).props(
                "unelevated dense no-caps data-key=c data-role=take-down"
            )

    async def _refresh(self) -> None:
        consents = await do(self._services.cases.board.consents, self._who) or []
        if self._consents.rows != consents:
            self._consents.rows = consents
        for each in (self._consents_title, self._consents):
            each.visible = bool(consents) or not self._who.may(May.ANSWER)
        if not self._who.may(May.ANSWER):
            return
        chosen = QueueFilter(
            department=self._department.value or None,
            responsible=self._who.login if self._mine.value else None,
            shop=self._shop.value or None,
            kind=self._kind.value or None,
            state=self._state.value or None,
            origin=self._origin.value or None,
        )
        rows = await do(
            self._services.cases.board.queue, self._who, chosen, overdue=bool(self._late.value)
        )
        if rows is not None and rows != self._list.rows:
            self._list.rows = rows

    def _look(self, event: GenericEventArguments) -> None:
        ui.navigate.to(f"/tickets/{event.args[1]['no']}")

    def _go(self) -> None:
        digits = "".join(each for each in self._find.value or "" if each.isdigit())
        if digits:
            ui.navigate.to(f"/tickets/{digits}")

    async def _take_down(self) -> None:
        shops = {
            each.slug: each.name
            for each in self._services.shops.all()
            if self._who.serves(each.slug)
        }
        kinds = {kind.value: words.KINDS[kind] for kind in TicketKind}
        with dialog("代客开单") as asked:
            with ui.row().classes("pair"):
                shop = ui.select(shops, value=next(iter(shops), None), label="店").props(
                    "outlined dense"
                )
                origin = ui.select(
                    {"phone": "电话", "counter": "到柜台"}, value="phone", label="怎么来的"
                ).props("outlined dense")
            with ui.row().classes("pair"):
                kind = ui.select(kinds, value="return", label="类别").props("outlined dense")
                about = ui.select(
                    {"": "不是投诉", **words.COMPLAINTS}, value="", label="投诉什么"
                ).props("outlined dense")
            with ui.row().classes("pair"):
                name = ui.input("称呼").props("outlined dense maxlength=64")
                phone = ui.input("电话").props("outlined dense maxlength=32")
            why = ui.textarea("是什么事").props("outlined dense rows=4").classes("full")
            buttons(asked, "开单")
        if not await asked:
            return
        taken = TakenDown(
            shop=str(shop.value),
            origin=Origin(origin.value),
            kind=TicketKind(kind.value),
            why=why.value or "",
            phone=phone.value or "",
            name=name.value or "",
            complaint=ComplaintKind(about.value) if about.value else None,
        )
        no = await do(self._services.cases.take_down, self._who, taken)
        if no is not None:
            ui.navigate.to(f"/tickets/{no}")
