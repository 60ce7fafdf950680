"""Who works here: add, change, stop, reset."""

from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.accounts.roles import CALLED, May, Role
from bot.accounts.service import Identity, NewUser
from bot.desk import words
from bot.desk.dialogs import PLAIN, STRONG, buttons, dialog
from bot.desk.frame import closed, do, done, frame, say, table
from bot.desk.services import Services

COLUMNS = [
    ("login", "登录名"),
    ("name", "姓名"),
    ("called", "角色"),
    ("shops", "店"),
    ("departments", "部门"),
    ("factor", "两步验证"),
    ("state", "状态"),
]


def register(services: Services) -> None:
    """The page of accounts."""

    @ui.page("/users")
    async def users() -> None:
        with frame("账号", "/users") as who:
            if not closed(who, May.MANAGE_USERS):
                await _Users(services, who).open()


class _Users:
    """One open page of accounts."""

    def __init__(self, services: Services, who: Identity) -> None:
        self._services = services
        self._staff = services.staff
        self._who = who

    async def open(self) -> None:
        with ui.row().classes("desk-bar"):
            ui.label("账号").classes("desk-title")
            ui.space()
            ui.button("新增（C）", on_click=self._add).props(f"{STRONG} data-key=c data-role=add")
        self._list = table(COLUMNS, [], key="id", empty="还没有账号。")
        self._list.on("rowClick", self._change, [[], None, None])
        await self._refresh()

    async def _refresh(self) -> None:
        self._list.rows = await do(self._staff.listed, self._who) or []

    async def _add(self) -> None:
        with dialog("新增账号") as asked:
            with ui.row().classes("pair"):
                login = ui.input("登录名").props("outlined dense maxlength=64")
                name = ui.input("姓名（顾客看到的）").props("outlined dense maxlength=64")
            roles = _roles([Role.AGENT])
            shops = {each.slug: each.name for each in self._services.shops.all()}
            chosen = ui.select(shops, multiple=True, value=[], label="负责的店（不选就是全部）")
            chosen.props("outlined dense use-chips").classes("full")
            places = ui.select(words.ROLES, multiple=True, value=[], label="部门（不选就是全部）")
            places.props("outlined dense use-chips").classes("full")
            capacity = (
                ui.number("同时接待几位", value=5, min=1, max=30)
                .props("outlined dense")
                .classes("full")
            )
            buttons(asked, "新增")
        if not await asked:
            return
        new = NewUser(
            login.value or "",
            name.value or "",
            frozenset(Role(each) for each in roles.value),
            frozenset(chosen.value),
            frozenset(places.value),
            int(capacity.value or 5),
        )
        password = await do(self._staff.add, self._who, new)
        if password is not None:
            await _tell(new.login, password)
        await self._refresh()

    async def _change(self, event: GenericEventArguments) -> None:
        user = event.args[1]
        with dialog(f"{user['name']} · {user['login']}") as asked:
            roles = _roles([Role(each) for each in user["roles"]])
            with ui.row().classes("desk-buttons"):
                ui.button("取消", on_click=lambda: asked.submit(None)).props(PLAIN)
                ui.button("重置密码", on_click=lambda: asked.submit("reset")).props(PLAIN)
                ui.button("停用", on_click=lambda: asked.submit("stop")).props(
                    f"{PLAIN} color=negative"
                )
                ui.button("保存角色", on_click=lambda: asked.submit("roles")).props(STRONG)
        answer, user_id = await asked, str(user["id"])
        if answer == "roles":
            wanted = [Role(each) for each in roles.value]
            if await done(self._staff.set_roles, self._who, user_id, wanted):
                say("已保存，对方要重新登录。", "positive")
        if answer == "stop" and await done(self._staff.stop, self._who, user_id):
            say("已停用，打开的页面也关了。", "positive")
        if answer == "reset":
            password = await do(self._staff.reset, self._who, user_id)
            if password is not None:
                await _tell(str(user["login"]), password)
        await self._refresh()


def _roles(chosen: list[Role]) -> ui.select:
    options = {role.value: title for role, title in CALLED.items()}
    made = ui.select(options, multiple=True, value=[role.value for role in chosen], label="角色")
    return made.props("outlined dense use-chips").classes("full")


async def _tell(login: str, password: str) -> None:
    with dialog("首次密码") as shown:
        ui.label(f"请当面或电话告诉 {login}，只显示这一次，登录后要换掉：")
        ui.label(password).classes("secret").props("data-role=password")
        with ui.row().classes("desk-buttons"):
            ui.button("记下了", on_click=lambda: shown.submit(True)).props(STRONG)
    await shown
