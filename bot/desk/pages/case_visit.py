"""The appointment of a case: what may be done with it, above the case."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.elements.select import Select

from bot.accounts.service import Identity
from bot.desk import words
from bot.desk.case_board import CaseShown
from bot.desk.dialogs import PLAIN, STRONG, buttons, dialog
from bot.desk.frame import do, done
from bot.desk.services import Services
from bot.desk.visits import Free
from bot.tickets.models_work import VisitKind, VisitState


class VisitActs:
    """Shows what may be done now; what was refused is said, and the page made new."""

    def __init__(
        self,
        services: Services,
        who: Identity,
        shown: Callable[[], CaseShown],
        refresh: Callable[[], Awaitable[None]],
    ) -> None:
        self._visits = services.visits
        self._who = who
        self._shown = shown
        self._refresh = refresh

    def build(self) -> None:
        """The line with the time and its buttons; one button where there is no time."""
        visit = self._shown().visit
        if visit is None:
            if not self._shown().settled:
                ui.button("约时间", on_click=lambda: self._ask("约时间")).props(
                    f"{PLAIN} data-key=v data-role=book"
                )
            return
        ui.label(f"{visit.kind} {visit.at}").props("data-role=visit")
        state = "已确认" if visit.confirmed else "没确认"
        ui.label(state).classes("pill" if visit.confirmed else "pill warn")
        if visit.over:
            self._button("如约见面", lambda: self._end(VisitState.KEPT), "kept")
            self._button("没见到顾客", lambda: self._end(VisitState.MISSED), "missed")
            return
        if not visit.confirmed:
            self._button("确认", self._confirm, "confirm-visit", STRONG)
        self._button("改时间", lambda: self._ask("改时间"), "move-visit")
        self._button("取消约定", self._cancel, "cancel-visit")

    def _button(
        self, title: str, act: Callable[[], Awaitable[None]], role: str, style: str = PLAIN
    ) -> None:
        ui.button(title, on_click=act).props(f"{style} data-role={role}")

    async def _confirm(self) -> None:
        await done(self._visits.confirm, self._who, self._shown().no)
        await self._refresh()

    async def _cancel(self) -> None:
        with dialog("取消约定") as asked:
            ui.label("这个时间会空出来。会话里的顾客会收到一条消息，别的顾客请打电话说一声。")
            buttons(asked, "确定取消")
        if await asked:
            await self._end(VisitState.CANCELLED)

    async def _end(self, state: VisitState) -> None:
        await done(self._visits.end, self._who, self._shown().no, state)
        await self._refresh()

    async def _ask(self, title: str) -> None:
        no, moving = self._shown().no, self._shown().visit is not None
        kind = await do(self._visits.kind, self._who, no)
        free = await do(self._visits.free, self._who, no, kind) if kind else None
        if kind is None or free is None:
            return
        with dialog(title) as asked:
            form = _Form(kind, free)
            form.build(moving=moving)
            if not moving:
                form.kind.on_value_change(lambda: self._other_kind(form, no))
            ui.label("会话里的顾客会收到一条消息，别的顾客请打电话说一声。").classes("hint")
            buttons(asked, title)
        if await asked:
            chosen = VisitKind(form.kind.value)
            at, address = str(form.time.value or ""), str(form.address.value or "")
            await done(self._visits.book, self._who, no, chosen, at, address)
            await self._refresh()

    async def _other_kind(self, form: "_Form", no: str) -> None:
        form.offer(await do(self._visits.free, self._who, no, VisitKind(form.kind.value)) or {})


class _Form:
    """What for, which day, what time, where."""

    def __init__(self, kind: VisitKind, free: Free) -> None:
        self._kind = kind
        self._free = free

    def build(self, *, moving: bool) -> None:
        """The fields; what an appointment is for stays when it is moved."""
        self.kind = _select(words.VISITS, "什么事", self._kind.value)
        self.kind.set_enabled(not moving)
        with ui.row().classes("pair"):
            self.day = _select([], "哪天").props("data-role=day")
            self.time = _select({}, "几点").props("data-role=time")
        self.day.on_value_change(self._show_times)
        hint = "不填照旧" if moving else "到柜台不用填"
        self.address = ui.input(f"上门地址（{hint}）").classes("full")
        self.address.props("outlined dense maxlength=200")
        self.offer(self._free)

    def offer(self, free: Free) -> None:
        """Offer the times of these days, the first chosen."""
        self._free, days = free, list(free)
        self.day.set_options(days, value=days[0] if days else None)
        self._show_times()

    def _show_times(self) -> None:
        times = dict(self._free.get(str(self.day.value), {}))
        self.time.set_options(times, value=next(iter(times), None))


def _select(options: list[str] | dict[str, str], label: str, value: str | None = None) -> Select:
    made = ui.select(options, label=label, value=value)
    return made.props("outlined dense").classes("full")
