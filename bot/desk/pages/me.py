"""One's own account: password and second factor."""

import asyncio

from nicegui import ui

from bot.accounts.roles import CALLED, May
from bot.accounts.service import Identity
from bot.desk import words
from bot.desk.code import qr
from bot.desk.dialogs import STRONG
from bot.desk.frame import do, done, frame, say
from bot.desk.services import Services


def register(services: Services) -> None:
    """The page of oneself."""

    @ui.page("/me")
    async def me() -> None:
        with frame("我", "/me") as who:
            has = await asyncio.to_thread(services.staff.has_factor, who)
            with ui.element("div").classes("desk-grid"):
                _self(services, who)
                _password()
                with ui.element("section").classes("card"):
                    ui.label("两步验证").classes("desk-title")
                    _factor(services, who, has=has)
                if who.may(May.ANSWER):
                    skills = await asyncio.to_thread(services.presence.skills, who)
                    _skills(services, who, skills)


def _self(services: Services, who: Identity) -> None:
    with ui.element("section").classes("card"):
        ui.label(who.name).classes("desk-title")
        for name, value in (
            ("登录名", who.login),
            ("角色", "、".join(CALLED[role] for role in sorted(who.roles))),
            ("店", services.staff.named(who.shops)),
            ("部门", "、".join(map(words.role, sorted(who.departments))) or "全部"),
        ):
            with ui.row().classes("own"):
                ui.label(name).classes("hint")
                ui.label(value)


def _password() -> None:
    with ui.element("section").classes("card"):
        ui.label("密码").classes("desk-title")
        ui.label("换密码以后，别处登录的页面都会退出。").classes("hint")
        ui.link("换密码", "/sign-in/password?next=/me").classes("desk-way plain")


def _factor(services: Services, who: Identity, *, has: bool) -> None:
    if has:
        ui.label("已开启，登录时要输手机上的 6 位验证码。")
        return
    ui.label("开启以后，登录要再输一次手机上的验证码。").classes("hint")
    place = ui.element("div")

    async def begin() -> None:
        begun = await do(services.staff.begin_factor, who)
        if begun is None:
            return
        place.clear()
        with place:
            ui.label("用手机上的验证器扫一扫：").classes("hint")
            ui.html(qr(begun[0]), sanitize=False).classes("qr").props(
                'role=img aria-label="两步验证的二维码"'
            )
            ui.label("扫不了的话，在验证器里选“手动输入密钥”，填：").classes("hint")
            ui.label(" ".join(begun[1][at : at + 4] for at in range(0, len(begun[1]), 4))).classes(
                "secret"
            )
            code = ui.input("手机上的 6 位数字").props("outlined dense maxlength=6")

            async def finish() -> None:
                if await done(services.staff.finish_factor, who, code.value or ""):
                    place.clear()
                    say("已开启。", "positive")

            ui.button("开启", on_click=finish).props(STRONG)

    with place:
        ui.button("开始设置", on_click=begin).props(STRONG)


def _skills(services: Services, who: Identity, chosen: list[str] | None) -> None:
    async def keep() -> None:
        if await done(services.presence.be_good_at, who, list(picked.value)):
            say("已保存。", "positive")

    with ui.element("section").classes("card"):
        ui.label("擅长的投诉").classes("desk-title")
        ui.label("开着自动接入时，投诉里只把选中的这几类分给您；一样不选就是都接。").classes("hint")
        picked = ui.select(words.COMPLAINTS, multiple=True, value=chosen or [], label="类别")
        picked.props("outlined dense use-chips").classes("full")
        if chosen is None:
            ui.label("第一次“开始接待”以后就能选。").classes("hint")
            picked.disable()
        else:
            ui.button("保存", on_click=keep).props(STRONG)
