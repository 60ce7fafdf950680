"""One case: what is known, decided and promised, what happened, and what may be done now."""

import asyncio

from nicegui import context, ui

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.desk import words
from bot.desk.case_board import CaseShown
from bot.desk.components import Sections
from bot.desk.dialogs import PLAIN, STRONG, buttons, dialog
from bot.desk.frame import closed, do, done, frame, say
from bot.desk.live import Page
from bot.desk.pages.case_visit import VisitActs
from bot.desk.services import Services
from bot.errors import NotFound
from bot.tickets.states import Event

STRONG_EVENTS = {"approved", "finished", "refund_begun", "review_begun"}


def register(services: Services) -> None:
    """The page of a case."""

    @ui.page("/tickets/{no}")
    async def case(no: str) -> None:
        with frame("单子", "/tickets") as who:
            if closed(who, May.ANSWER, May.APPROVE):
                return
            try:
                shown = await asyncio.to_thread(services.cases.board.show, who, no)
            except NotFound as missing:
                ui.label(missing.message).classes("desk-empty")
                return
            _Case(services, who, shown).open()


class _Case:
    """One open page of a case."""

    def __init__(self, services: Services, who: Identity, shown: CaseShown) -> None:
        self._services = services
        self._who = who
        self._shown = shown
        self._visit = VisitActs(services, who, lambda: self._shown, self._refresh)

    def open(self) -> None:
        """Build the page."""
        self._head = ui.element("div").classes("case-head")
        self._sections = Sections(self._shown.sections).classes("case-sections")
        self._draw()
        topics = frozenset({"tickets"})
        page = Page(context.client, self._who.user_id, self._who.name, topics, self._refresh)
        self._services.live.enter(page)

    def _draw(self) -> None:
        shown = self._shown
        self._head.clear()
        with self._head:
            with ui.row().classes("talk-head"):
                ui.label(f"单号 {words.spaced(shown.no)}").classes("talk-title").props(
                    "data-role=number"
                )
                ui.label(words.STATES.get(shown.state, shown.state)).classes("pill").props(
                    "data-role=state"
                )
                ui.label(shown.title)
                ui.space()
                if shown.conversation_id and self._who.may(May.ANSWER):
                    ui.link("看会话", f"/c/{shown.conversation_id}").classes("desk-way")
            with ui.element("div").classes("case-facts"):
                for name, value in (
                    ("答应的时间", shown.promise or "没有说定"),
                    ("部门", shown.department),
                    ("负责人", shown.responsible or "还没有人"),
                    ("电话", shown.phone or "没有留"),
                ):
                    with ui.element("div"):
                        ui.label(name).classes("hint")
                        ui.label(value)
            self._waits()
            if self._who.may(May.ANSWER):
                with ui.row().classes("desk-bar"):
                    self._visit.build()
            with ui.row().classes("desk-bar"):
                self._buttons()

    def _waits(self) -> None:
        waits = self._shown.waits
        if waits is None:
            return
        with ui.row().classes("case-waits"):
            ui.label(
                f"等{waits['name']}审批：变为“{waits['value']}”。{waits['asked_by']}：{waits['hint']}"
            )
            if self._who.may(May.APPROVE):
                ui.button("同意", on_click=lambda: self._consent(granted=True)).props(
                    f"{STRONG} data-role=grant"
                )
                ui.button("不同意", on_click=lambda: self._consent(granted=False)).props(PLAIN)

    def _buttons(self) -> None:
        for event, title in self._shown.possible.items():
            style = STRONG if event in STRONG_EVENTS else "outline dense no-caps"
            ui.button(title, on_click=lambda event=event: self._advance(event)).props(
                f"{style} data-role=event-{event}"
            )
        if self._who.may(May.ANSWER):
            ui.space()
            ui.button("我来负责", on_click=self._mine).props(f"{PLAIN} data-key=f")
            ui.button("改派", on_click=self._assign).props(f"{PLAIN} data-key=z")
            ui.button("备注", on_click=self._note).props(f"{PLAIN} data-key=m")

    async def _refresh(self) -> None:
        shown = await do(self._services.cases.board.show, self._who, self._shown.no)
        if shown is not None and shown != self._shown:
            self._shown = shown
            self._sections.show(shown.sections)
            self._draw()

    async def _advance(self, event: str) -> None:
        with dialog(self._shown.possible[event]) as asked:
            why = (
                ui.textarea("说明，会写进经过；要顾客看到的也写在这里")
                .props("outlined dense autofocus rows=3")
                .classes("full")
            )
            buttons(asked, "确定")
        if not await asked:
            return
        result = await do(
            self._services.cases.advance, self._who, self._shown.no, Event(event), why.value or ""
        )
        if result is not None:
            say(result, "positive")
        await self._refresh()

    async def _consent(self, *, granted: bool) -> None:
        waits = self._shown.waits
        if waits is None:
            return
        with dialog("同意" if granted else "不同意") as asked:
            why = ui.textarea("理由").props("outlined dense autofocus rows=3").classes("full")
            buttons(asked, "确定")
        if await asked:
            await done(
                self._services.cases.consent,
                self._who,
                self._shown.no,
                int(waits["id"]),
                why.value or "",
                granted=granted,
            )
            await self._refresh()

    async def _mine(self) -> None:
        await done(self._services.cases.assign, self._who, self._shown.no, self._who.login, None)
        await self._refresh()

    async def _assign(self) -> None:
        with dialog("改派") as asked:
            department = (
                ui.select(words.ROLES, label="部门", with_input=True)
                .props("outlined dense")
                .classes("full")
            )
            buttons(asked, "改派")
        if await asked and department.value:
            await done(
                self._services.cases.assign,
                self._who,
                self._shown.no,
                None,
                str(department.value),
            )
            await self._refresh()

    async def _note(self) -> None:
        with dialog("备注") as asked:
            text = (
                ui.textarea("只有同事看得到")
                .props("outlined dense autofocus rows=3")
                .classes("full")
            )
            buttons(asked, "记下")
        if await asked:
            await done(self._services.cases.note, self._who, self._shown.no, text.value or "")
            await self._refresh()
