"""The shops' rules: sets, clauses with their open points, drafts and publications."""

import asyncio

from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.desk import cells
from bot.desk.dialogs import PLAIN, STRONG, buttons, dialog
from bot.desk.frame import do, done, frame, say, table
from bot.desk.services import Services
from bot.errors import DeskError

SETS = [
    ("title", "规则"),
    ("name", "代号"),
    ("version", "版本"),
    ("clauses", "条款"),
    ("rules", "判定"),
    ("open", "待定"),
]
CLAUSES = [
    ("id", "条款"),
    ("open", ""),
    ("title", "标题"),
    ("text", "内容"),
    ("source", "来源"),
    ("from", "生效"),
    ("to", "到"),
]
DRAFTS = [
    ("id", "草稿"),
    ("names", "规则"),
    ("by", "起草"),
    ("at", "时间"),
    ("note", "说明"),
    ("state", "状态"),
]
PUBLISHED = [
    ("id", "发布"),
    ("at", "生效"),
    ("names", "规则"),
    ("who", "起草 → 发布"),
    ("reason", "理由"),
]


def register(services: Services) -> None:
    """The pages of rules."""

    @ui.page("/policy")
    async def policy() -> None:
        with frame("规则", "/policy") as who:
            await _Policy(services, who).open()

    @ui.page("/policy/{name}")
    async def one(name: str) -> None:
        with frame("规则", "/policy") as who:
            await _set(services, who, name)


class _Policy:
    """One open page of the rules."""

    def __init__(self, services: Services, who: Identity) -> None:
        self._rules = services.rules
        self._who = who

    async def open(self) -> None:
        sets = await asyncio.to_thread(self._rules.sets)
        ui.label("现行规则").classes("desk-title")
        listed = table(SETS, sets, key="name", empty="还没有规则。")
        listed.add_slot("body-cell-open", cells.COUNT)
        listed.on("rowClick", self._look, [[], ["name"], None])
        ui.label("草稿").classes("desk-title")
        self._drafts = table(DRAFTS, [], key="id", empty="没有草稿。")
        if self._who.may(May.EDIT_POLICY) or self._who.may(May.PUBLISH_POLICY):
            self._drafts.on("rowClick", self._check, [[], ["id", "open", "names"], None])
        ui.label("发布记录").classes("desk-title")
        self._published = table(
            PUBLISHED, [], key="id", empty="还没有发布过，现在用的是文件里的规则。"
        )
        self._published.add_slot("body-cell-names", cells.WRAPPED)
        await self._refresh()

    async def _refresh(self) -> None:
        self._drafts.rows = await do(self._rules.drafts) or []
        self._published.rows = await do(self._rules.publications) or []

    def _look(self, event: GenericEventArguments) -> None:
        ui.navigate.to(f"/policy/{event.args[1]['name']}")

    async def _check(self, event: GenericEventArguments) -> None:
        chosen = event.args[1]
        if not chosen["open"]:
            say("这份草稿已经发布或撤回。", "info")
            return
        checked = await do(self._rules.check, self._who, int(chosen["id"]))
        if checked is None:
            return
        with dialog(f"草稿 {chosen['id']} · {chosen['names']}") as asked:
            if checked.findings:
                ui.label("检查没有通过").classes("alert")
                table(
                    [("about", "哪里"), ("what", "问题")],
                    list(checked.findings),
                    key="what",
                    empty="",
                )
            else:
                ui.label("检查通过。")
            ui.label(
                f"按草稿重算了 {checked.decisions} 个以前的决定，{len(checked.changed)} 处会变。"
            )
            if checked.changed:
                columns = [
                    ("rule", "判定"),
                    ("outcome", "结果"),
                    ("count", "个"),
                    ("money", "金额"),
                ]
                table(columns, list(checked.changed), key="rule", empty="")
            reason = ui.textarea("为什么发布").props("outlined dense rows=2").classes("full")
            reason.visible = self._who.may(May.PUBLISH_POLICY)
            with ui.row().classes("desk-buttons"):
                ui.button("关上", on_click=lambda: asked.submit(None)).props(PLAIN)
                if self._who.may(May.EDIT_POLICY):
                    ui.button("撤回草稿", on_click=lambda: asked.submit("withdraw")).props(PLAIN)
                if self._who.may(May.PUBLISH_POLICY):
                    ui.button("发布", on_click=lambda: asked.submit("publish")).props(STRONG)
        answer = await asked
        if answer == "withdraw" and await done(self._rules.withdraw, self._who, int(chosen["id"])):
            say("草稿已撤回。", "positive")
        if answer == "publish":
            made = await do(self._rules.publish, self._who, int(chosen["id"]), reason.value or "")
            if made is not None:
                say(f"已发布，编号 {made}。", "positive")
        await self._refresh()


async def _set(services: Services, who: Identity, name: str) -> None:
    """The clauses of a set, and for editors its text."""
    try:
        clauses = await asyncio.to_thread(services.rules.clauses, name)
    except DeskError as missing:
        ui.label(missing.message).classes("desk-empty")
        return
    title = next(each["title"] for each in services.rules.sets() if each["name"] == name)
    with ui.row().classes("desk-bar"):
        ui.label(f"{title} · {name}").classes("desk-title")
        ui.space()
        if who.may(May.EDIT_POLICY):
            ui.button("起草修改", on_click=lambda: _edit(services, who, name)).props(
                f"{STRONG} data-role=draft"
            )
    listed = table(CLAUSES, clauses, key="id", empty="没有条款。")
    listed.add_slot("body-cell-open", cells.OPEN_POINT)
    listed.add_slot("body-cell-text", cells.WRAPPED)


async def _edit(services: Services, who: Identity, name: str) -> None:
    text = await do(services.rules.text, name)
    if not text:
        say("规则还没有导入库里，先运行 policy import。")
        return
    with dialog(f"起草修改 · {name}") as asked:
        box = (
            ui.textarea(value=text)
            .props("outlined dense rows=22 spellcheck=false")
            .classes("full code")
        )
        note = ui.input("改了什么").props("outlined dense").classes("full")
        buttons(asked, "存为草稿")
    while await asked:
        made = await do(services.rules.draft, who, name, box.value or "", note.value or "")
        if made is not None:
            say(f"草稿 {made} 已保存，检查和发布在“规则”页。", "positive")
            ui.navigate.to("/policy")
            return
        asked.open()  # what was written stays
