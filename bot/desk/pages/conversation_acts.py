"""The buttons over a conversation: take, pass on, give back, end, open a case."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from nicegui import ui

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.desk import words
from bot.desk.board import Shown
from bot.desk.dialogs import PLAIN, STRONG, buttons, dialog
from bot.desk.frame import do, done, say
from bot.desk.services import Services
from bot.desk.talk import decision_words
from bot.handoff.models import Resolution
from bot.messages import Mode
from bot.tickets.models import TicketKind


class Acts:
    """Shows what may be done now; what was refused is said, and the page made new."""

    def __init__(
        self,
        services: Services,
        who: Identity,
        shown: Callable[[], Shown],
        refresh: Callable[[], Awaitable[None]],
    ) -> None:
        self._services = services
        self._who = who
        self._shown = shown
        self._refresh = refresh

    def build(self) -> None:
        """All the buttons; `show` hides what cannot be done."""
        self._take = ui.button("接待", on_click=self._claim).props(
            f"{STRONG} data-key=t data-role=claim"
        )
        self._over = ui.button("接手", on_click=self._ask_over).props(
            f"{PLAIN} data-key=g data-role=over"
        )
        self._join = ui.button("加入", on_click=self._do_join).props(f"{PLAIN} data-role=join")
        self._decide = ui.button("发决定", on_click=self._send_decision).props(
            f'{PLAIN} title="把决定的原话发给顾客" data-key=d data-role=decision'
        )
        self._case = ui.button("开单", on_click=self._ask_case).props(
            f"{PLAIN} data-key=c data-role=case"
        )
        self._pass = ui.button("转接", on_click=self._ask_transfer).props(
            f"{PLAIN} data-key=z data-role=transfer"
        )
        self._back = ui.button("交还机器人", on_click=self._ask_back).props(
            f"{PLAIN} data-key=b data-role=back"
        )
        self._next = ui.button("接下一位（N）", on_click=self._take_next).props(
            f"{STRONG} data-key=n data-role=next"
        )
        self._end = ui.button("结束", on_click=self._ask_end).props(
            f"{PLAIN} data-key=e data-role=end"
        )

    def show(self, shown: Shown) -> None:
        """Show what may be done as the conversation stands."""
        supervisor = self._who.may(May.SUPERVISE)
        taken = shown.mode == "human" and not shown.mine
        self._take.visible = shown.mode == "waiting"
        self._over.visible = shown.mode == "bot" or (taken and supervisor)
        self._join.visible = taken and supervisor and not shown.writable
        self._decide.visible = shown.mine and shown.decision is not None
        self._case.visible = shown.mine
        self._next.visible = shown.mode in (Mode.BOT, Mode.CLOSED)
        for button in (self._pass, self._back, self._end):
            button.visible = shown.mine

    async def _claim(self) -> None:
        await do(self._services.talk.claim, self._who, self._shown().id)
        await self._refresh()

    async def _take_next(self) -> None:
        taken = await do(self._services.talk.claim_next, self._who)
        if taken is not None:
            ui.navigate.to(f"/c/{taken}")

    async def _do_join(self) -> None:
        await do(self._services.talk.join, self._who, self._shown().id)
        await self._refresh()

    async def _send_decision(self) -> None:
        shown = self._shown()
        if shown.decision is None:
            return
        with dialog("把决定发给顾客") as asked:
            ui.label(decision_words(shown.decision)).classes("draft-text")
            buttons(asked, "发送")
        if await asked:
            await done(
                self._services.talk.attach_decision,
                self._who,
                shown.id,
                shown.fence,
                shown.decision,
                uuid.uuid4().hex,
            )
            await self._refresh()

    async def _ask_over(self) -> None:
        with dialog("接手这个会话") as asked:
            why = ui.input("为什么接手").props("outlined dense autofocus").classes("full")
            buttons(asked, "接手")
        if await asked:
            words_said = why.value or "接手"
            await do(self._services.talk.take_over, self._who, self._shown().id, words_said)
            await self._refresh()

    async def _ask_case(self) -> None:
        kinds = {kind.value: words.KINDS[kind] for kind in TicketKind}
        with dialog("给顾客开单") as asked:
            kind = (
                ui.select(kinds, value="return", label="类别")
                .props("outlined dense")
                .classes("full")
            )
            why = ui.textarea("是什么事").props("outlined dense autofocus rows=3").classes("full")
            ui.label("已经知道的情况会一起带进单子。").classes("hint")
            buttons(asked, "开单")
        if not await asked:
            return
        no = await do(
            self._services.cases.open_in,
            self._who,
            self._shown().id,
            TicketKind(kind.value),
            why.value or "",
        )
        if no is not None:
            say(f"已开单 {words.spaced(no)}，常用语“告知单号”可以发给顾客。", "positive")
            await self._refresh()

    async def _ask_transfer(self) -> None:
        shown = self._shown()
        slug = next(each.slug for each in self._services.shops.all() if each.name == shown.shop)
        people = await asyncio.to_thread(self._services.board.colleagues, self._who, slug)
        with dialog("转接") as asked:
            to = (
                ui.select({"": "不指定，转到部门", **people}, value="", label="转给谁")
                .props("outlined dense")
                .classes("full")
            )
            department = (
                ui.select(words.ROLES, label="部门", with_input=True)
                .props("outlined dense")
                .classes("full")
            )
            department.bind_visibility_from(to, "value", backward=lambda value: not value)
            note = ui.textarea("交接备注").props("outlined dense rows=3").classes("full")
            buttons(asked, "转接")
        if not await asked:
            return
        if not to.value and not department.value:
            say("请选转给谁，或者转到哪个部门。")
            return
        talk = self._services.talk
        act = talk.transfer if to.value else talk.transfer_to
        target = str(to.value or department.value)
        if await done(act, self._who, shown.id, shown.fence, target, note.value or ""):
            say("已转接。", "positive")
        await self._refresh()

    async def _ask_back(self) -> None:
        shown = self._shown()
        with dialog("交还机器人") as asked:
            settled = ui.checkbox("刚才问到一半的事已经办好，不用再问")
            note = (
                ui.textarea("给机器人和下一位同事的备注")
                .props("outlined dense rows=3")
                .classes("full")
            )
            buttons(asked, "交还")
        if await asked:
            await done(
                self._services.talk.give_back,
                self._who,
                shown.id,
                shown.fence,
                note.value or "",
                settled=bool(settled.value),
            )
            await self._refresh()

    async def _ask_end(self) -> None:
        shown = self._shown()
        results = {each.value: words.RESOLUTIONS[each] for each in Resolution}
        with dialog("结束会话") as asked:
            result = (
                ui.select(results, value="solved", label="结果")
                .props("outlined dense")
                .classes("full")
            )
            note = ui.textarea("备注").props("outlined dense rows=2").classes("full")
            buttons(asked, "结束")
        if await asked:
            await done(
                self._services.talk.end,
                self._who,
                shown.id,
                shown.fence,
                Resolution(result.value),
                note.value or "",
            )
            await self._refresh()
