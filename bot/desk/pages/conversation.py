"""One conversation: what was said, what is known, and the box in which one answers."""

import asyncio
import uuid
from functools import partial
from typing import Any

from nicegui import context, ui
from nicegui.events import GenericEventArguments

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.desk.board import Shown
from bot.desk.components import Composer, Sections, Side, Transcript
from bot.desk.dialogs import PLAIN
from bot.desk.frame import closed, do, done, frame, say
from bot.desk.live import Page, names
from bot.desk.models import GAPS, Gap
from bot.desk.pages.conversation_acts import Acts
from bot.desk.saying import Reason, Unheld
from bot.desk.services import Services
from bot.desk.words import CHANNELS, MODES, MOODS
from bot.errors import DeskError, NotFound
from bot.messages import Mode
from bot.wake import AGENT_TYPES


def register(services: Services) -> None:
    """The page of a conversation."""

    @ui.page("/c/{conversation_id}")
    async def conversation(conversation_id: str) -> None:
        with frame("会话", wide=True) as who:
            if closed(who, May.ANSWER):
                return
            try:
                shown = await asyncio.to_thread(services.board.conversation, who, conversation_id)
            except NotFound as missing:
                ui.label(missing.message).classes("desk-empty")
                return
            mine = await asyncio.to_thread(services.board.mine, who)
            _Conversation(services, who, shown).open(mine)


class _Conversation:
    """One open page of a conversation."""

    def __init__(self, services: Services, who: Identity, shown: Shown) -> None:
        self._services = services
        self._who = who
        self._shown = shown
        self._drafted: list[tuple[str, str]] | None = None

    def open(self, mine: list[dict[str, Any]]) -> None:
        """Build the page."""
        shown, canned = self._shown, self._services.talk.canned
        with ui.element("div").classes("desk-talk"):
            self._side = Side(mine, shown.id)
            with ui.element("section").classes("desk-middle"):
                self._head()
                self._transcript = Transcript(shown.id, shown.lines)
                self._transcript.on("recall", self._recall)
                replies = [
                    {"id": each.id, "title": each.title, "text": each.text, "keys": each.keys}
                    for each in canned.replies
                ]
                macros = [{"id": each.id, "title": each.title} for each in canned.macros]
                gaps = {gap.value: title for gap, title in GAPS.items()}
                self._composer = Composer(
                    shown.id, self._who.user_id, replies, macros, gaps, writable=shown.writable
                )
                for name, act in (("send", self._send), ("look", self._look), ("note", self._note),
                                  ("macro", self._macro), ("canned", self._canned),
                                  ("writing", self._writing)):  # fmt: skip
                    self._composer.on(name, act)
            with ui.element("aside").classes("desk-packet"):
                self._drafts = ui.element("div").classes("drafts")
                self._sections = Sections(shown.sections)
        topics = {f"conversation:{shown.id}", "queue"}
        self._page = Page(
            context.client,
            self._who.user_id,
            self._who.name,
            frozenset(topics),
            self._refresh,
            conversation_id=shown.id,
            typed=self._transcript.types,
        )
        self._services.live.enter(self._page)
        self._stand(shown)

    def _head(self) -> None:
        with ui.row().classes("talk-head"):
            self._title = ui.label().classes("talk-title")
            ui.button("资料").props(PLAIN).classes("talk-sheet").on(
                "click", js_handler="() => desk.sheet()"
            )  # on a phone there is room for one of the two
            self._mode = ui.label().classes("talk-mode")
            self._mood = ui.label().classes("talk-mood")
            ui.space()
            self._acts = Acts(self._services, self._who, lambda: self._shown, self._refresh)
            self._acts.build()

    def _stand(self, shown: Shown) -> None:
        self._title.text = f"{shown.title} · {shown.channel}"
        by = f"（{shown.agent_name}）" if shown.agent_name else ""
        self._mode.text = MODES.get(shown.mode, shown.mode) + by
        self._mode.classes(replace=f"talk-mode {shown.mode}")
        self._mood.text = MOODS[shown.mood] if shown.mood in MOODS and shown.mood else ""
        self._mood.classes(replace=f"talk-mood mood m{shown.mood}")
        self._acts.show(shown)
        here = names(self._services.live.others(self._page))
        if self._services.live.tabs(self._page):
            here = "；".join(filter(None, ["您在另一个窗口也开着这个会话", here]))
        self._composer.stand(
            writable=shown.writable,
            fence=shown.fence,
            meter=shown.meter,
            tone=shown.meter_tone,
            others=here,
        )
        self._show_drafts(shown)

    def _show_drafts(self, shown: Shown) -> None:
        first = shown.writable and not any(line["mine"] for line in shown.lines)
        texts = [("", shown.reply)] if first else []
        texts += shown.late if shown.writable else []
        if self._drafted == texts:
            return
        self._drafted = texts
        self._drafts.clear()
        with self._drafts:
            for message_id, text in texts:
                self._draft(message_id, text)

    def _draft(self, message_id: str, text: str) -> None:
        async def settle(*, used: bool) -> None:
            if used:
                self._composer.insert(text)
            if message_id:
                await done(
                    self._services.talk.settle, self._who, self._shown.id, message_id, used=used
                )

        with ui.element("div").classes("draft"):
            ui.label("机器人晚到的回答" if message_id else "拟好的第一句").classes("draft-title")
            ui.label(text).classes("draft-text")
            use = ui.button("放进输入框", on_click=lambda: settle(used=True)).props(PLAIN)
            if message_id:
                ui.button("不用", on_click=lambda: settle(used=False)).props(PLAIN)
            else:
                use.props("data-key=r")

    async def _refresh(self) -> None:
        heard, self._page.heard = self._page.heard, set()
        if heard != {"queue"}:
            await self._refresh_all()
        self._side.show(await asyncio.to_thread(self._services.board.mine, self._who))

    async def _refresh_all(self) -> None:
        shown = await do(self._services.board.conversation, self._who, self._shown.id)
        if shown is None:
            return
        known = {line["id"]: line for line in self._shown.lines}
        changed = [line for line in shown.lines if known.get(line["id"]) != line]
        self._shown = shown
        if changed:
            self._transcript.show(changed)
        self._sections.show(shown.sections)
        self._stand(shown)

    async def _send(self, event: GenericEventArguments) -> None:
        line_id, text = str(event.args["id"])[:64], str(event.args["text"])
        over = None
        if event.args.get("gap") in set(Gap):
            over = Reason(Gap(event.args["gap"]), str(event.args.get("reason", "")))
        talk = self._services.talk
        try:
            await asyncio.to_thread(
                talk.say, self._who, self._shown.id, self._shown.fence, text, line_id, over
            )
        except Unheld as unheld:
            claims = unheld.details["claims"]
            assert isinstance(claims, list)
            self._composer.refused(line_id, unheld.message, claims)
        except DeskError as refused:
            self._composer.refused(line_id, refused.message)
            self._page.due.set()
        else:
            self._composer.taken(line_id)

    async def _look(self, event: GenericEventArguments) -> None:
        text = str(event.args["text"])[:2000]
        if self._shown.writable:
            found = await asyncio.to_thread(
                self._services.talk.check, self._who, self._shown.id, text
            )
            self._composer.warn([one.text for one in found])

    async def _note(self, event: GenericEventArguments) -> None:
        names_said = await do(
            self._services.talk.note, self._who, self._shown.id, str(event.args["text"])
        )
        if names_said is None:
            return
        self._composer.run_method("noted")
        for name in names_said:
            words = f"{self._who.name}在会话里提到了您：{self._shown.title}"
            self._services.live.whisper(name, partial(say, words, "info"))

    async def _macro(self, event: GenericEventArguments) -> None:
        talk, shown = self._services.talk, self._shown
        macro = await do(talk.canned.macro, str(event.args["id"]))
        if macro is None:
            return
        key = str(event.args.get("key") or uuid.uuid4().hex)[:64]
        if await done(talk.macro, self._who, shown.id, shown.fence, macro, key):
            say(f"“{macro.title}”已办。", "positive")

    async def _canned(self, event: GenericEventArguments) -> None:
        text = await do(
            self._services.talk.fill, self._who, self._shown.id, str(event.args["text"])[:2000]
        )
        if text is not None:
            self._composer.insert(text)

    async def _recall(self, event: GenericEventArguments) -> None:
        await done(self._services.talk.recall, self._who, self._shown.id, str(event.args)[:36])
        self._page.due.set()

    async def _writing(self) -> None:
        self._services.live.writing(self._page)
        shown, web = self._shown, CHANNELS["web"]
        if shown.mode == Mode.HUMAN and shown.writable and shown.channel == web:
            await asyncio.to_thread(self._services.wake.tell, f"{AGENT_TYPES}:{self._shown.id}")
