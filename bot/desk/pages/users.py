"""Who works here: add, change, stop, reset."""

from collections.abc import Sequence

from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.accounts.roles import CALLED, May, Role
from bot.accounts.service import MOST_AT_ONCE, Identity, NewUser, Reach
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
    ("capacity", "同时接待"),
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
            form = _Form(self._services, [Role.AGENT])
            buttons(asked, "新增")
        if not await asked:
            return
        reach = form.reach()
        new = NewUser(
            login.value or "",
            name.value or "",
            form.roles(),
            reach.shops,
            reach.departments,
            reach.capacity,
        )
        password = await do(self._staff.add, self._who, new)
        if password is not None:
            await _tell(new.login, password)
        await self._refresh()

    async def _change(self, event: GenericEventArguments) -> None:
        user = event.args[1]
        with dialog(f"{user['name']} · {user['login']}") as asked:
            roles = [Role(each) for each in user["roles"]]
            capacity = int(user["capacity"])
            form = _Form(self._services, roles, user["serves"], user["places"], capacity)
            with ui.row().classes("desk-buttons"):
                ui.button("取消", on_click=lambda: asked.submit(None)).props(PLAIN)
                ui.button("重置密码", on_click=lambda: asked.submit("reset")).props(PLAIN)
                ui.button("停用", on_click=lambda: asked.submit("stop")).props(
                    f"{PLAIN} color=negative"
                )
                ui.button("保存", on_click=lambda: asked.submit("save")).props(
                    f"{STRONG} data-role=ok"
                )
        answer, user_id = await asked, str(user["id"])
        if answer == "save":
            await self._save(user_id, form, set(roles))
        if answer == "stop" and await done(self._staff.stop, self._who, user_id):
            say("已停用，打开的页面也关了。", "positive")
        if answer == "reset":
            password = await do(self._staff.reset, self._who, user_id)
            if password is not None:
                await _tell(str(user["login"]), password)
        await self._refresh()

    async def _save(self, user_id: str, form: "_Form", before: set[Role]) -> None:
        """The reach first: it may be refused, and then the roles stay as well."""
        changed = await do(self._staff.set_reach, self._who, user_id, form.reach())
        if changed is None:
            return
        if form.roles() != before:
            if not await done(self._staff.set_roles, self._who, user_id, form.roles()):
                return
            changed = True
        say("已保存。" if changed else "没有改动。", "positive")


class _Form:
    """What somebody is, what comes to them, and how many at once."""

    def __init__(
        self,
        services: Services,
        roles: list[Role],
        serves: Sequence[str] = (),
        places: Sequence[str] = (),
        capacity: int = 5,
    ) -> None:
        shops = {each.slug: each.name for each in services.shops.all()}
        departments = words.ROLES | {each: words.role(each) for each in places}
        self._roles = _many(
            {role.value: title for role, title in CALLED.items()}, [*map(str, roles)], "角色"
        )
        self._shops = _many(shops, [*serves], "负责的店（不选就是全部）").props("data-role=shops")
        self._places = _many(departments, [*places], "部门（不选就是全部）")
        self._capacity = ui.number("同时接待几位", value=capacity, min=1, max=MOST_AT_ONCE)
        self._capacity.props("outlined dense data-role=capacity").classes("full")

    def roles(self) -> frozenset[Role]:
        """The roles chosen."""
        return frozenset(Role(each) for each in self._roles.value)

    def reach(self) -> Reach:
        """Shops, departments and number chosen."""
        return Reach(
            frozenset(self._shops.value),
            frozenset(self._places.value),
            int(self._capacity.value or 0),
        )


def _many(options: dict[str, str], chosen: list[str], label: str) -> ui.select:
    made = ui.select(options, multiple=True, value=chosen, label=label)
    return made.props("outlined dense use-chips").classes("full")


async def _tell(login: str, password: str) -> None:
    with dialog("首次密码") as shown:
        ui.label(f"请当面或电话告诉 {login}，只显示这一次，登录后要换掉：")
        ui.label(password).classes("secret").props("data-role=password")
        with ui.row().classes("desk-buttons"):
            ui.button("记下了", on_click=lambda: shown.submit(True)).props(STRONG)
    await shown
