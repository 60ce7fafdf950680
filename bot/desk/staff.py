"""Who works here, as the pages of administrators call it; every act checks who asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts import repository
from bot.accounts.models import User
from bot.accounts.roles import CALLED, May, Role
from bot.accounts.service import Forbidden, Identity, NewUser, Reach, Users
from bot.accounts.sessions import Present, Sessions
from bot.clock import Clock
from bot.db import Database
from bot.desk import words
from bot.errors import BadInput
from bot.handoff import people
from bot.handoff.people import Person
from bot.shops.service import Shops
from bot.wake import Wake

Row = dict[str, Any]
ACTS = {
    "user_added": "新增账号",
    "roles_changed": "修改角色",
    "reach_changed": "修改负责范围",
    "user_stopped": "停用账号",
    "password_reset": "重置密码",
    "password_changed": "修改密码",
    "signed_in": "登录",
    "locked_out": "试错锁定",
    "second_factor_on": "开启两步验证",
    "key_added": "新增密钥",
    "key_revoked": "停用密钥",
    "rules_drafted": "起草规则",
    "rules_published": "发布规则",
}
DETAILS = {
    "address": "地址",
    "roles": "角色",
    "shops": "店",
    "departments": "部门",
    "capacity": "同时接待",
    "draft": "草稿",
    "retry_after": "锁定秒数",
}
PAGE = 500


@dataclass(frozen=True)
class Staff:
    """Users and the audit log."""

    db: Database
    clock: Clock
    users: Users
    sessions: Sessions
    shops: Shops
    wake: Wake

    def listed(self, who: Identity) -> list[Row]:
        """Every user."""
        who.need(May.MANAGE_USERS)
        now = self.clock.now()
        with self.db.read() as session:
            return [
                {
                    "id": user.id,
                    "login": user.login,
                    "name": user.name,
                    "roles": [role.value for role in sorted(repository.roles(session, user.id))],
                    "called": "、".join(
                        CALLED[role] for role in sorted(repository.roles(session, user.id))
                    ),
                    "shops": self.named(user.shops),
                    "departments": "、".join(map(words.role, user.departments)) or "全部",
                    "serves": list(user.shops),
                    "places": list(user.departments),
                    "capacity": user.capacity,
                    "factor": "已开启" if user.totp_on else "—",
                    "state": _state(
                        user.active, user.locked_until is not None and user.locked_until > now
                    ),
                    "active": user.active,
                }
                for user in repository.users(session)
            ]

    def named(self, shops: Iterable[str]) -> str:
        """Shops by their names; none named are all."""
        return "、".join(self.shops.get(each).name for each in sorted(shops)) or "全部"

    def add(self, who: Identity, new: NewUser) -> str:
        """Add a user; the first password."""
        who.need(May.MANAGE_USERS)
        with self.db.write() as session:
            _, password = self.users.add(session, new, who.login, self.clock.now())
        return password

    def set_roles(self, who: Identity, user_id: str, roles: Iterable[Role]) -> None:
        """Change what somebody is. Nobody gives themselves powers."""
        who.need(May.MANAGE_USERS)
        if user_id == who.user_id:
            raise Forbidden("自己的角色要请另一位管理员来改。")
        with self.db.write() as session:
            self.users.set_roles(session, user_id, roles, who.login, self.clock.now())
        self.wake.tell("accounts")

    def set_reach(self, who: Identity, user_id: str, reach: Reach) -> bool:
        """Change what comes to somebody and how many at once; whether it was another. One's own
        shops and departments are for another administrator to change."""
        who.need(May.MANAGE_USERS)
        if user_id == who.user_id and (reach.shops, reach.departments) != (
            who.shops,
            who.departments,
        ):
            raise Forbidden("自己负责的店和部门要请另一位管理员来改。")
        if unknown := reach.shops - {shop.slug for shop in self.shops.all()}:
            raise BadInput("没有这家店。", shops=sorted(unknown))
        with self.db.write() as session:
            changed = self.users.set_reach(session, user_id, reach, who.login, self.clock.now())
            if changed:
                people.reach(session, _person(self.users.get(session, user_id)))
        for topic in ("accounts", "queue"):
            self.wake.tell(topic)
        return changed

    def stop(self, who: Identity, user_id: str) -> None:
        """Stop an account at once."""
        who.need(May.MANAGE_USERS)
        with self.db.write() as session:
            self.users.stop(session, user_id, who.login, self.clock.now())
        self.wake.tell("accounts")

    def reset(self, who: Identity, user_id: str) -> str:
        """A new first password for somebody."""
        who.need(May.MANAGE_USERS)
        with self.db.write() as session:
            password = self.users.reset_password(session, user_id, who.login, self.clock.now())
        self.wake.tell("accounts")
        return password

    def audit(self, who: Identity) -> list[Row]:
        """The newest privileged acts."""
        who.need(May.READ_AUDIT)
        with self.db.read() as session:
            found = repository.audit(session, PAGE)
        return [
            {
                "id": entry.id,
                "at": f"{entry.at.astimezone(self.clock.zone):%Y-%m-%d %H:%M:%S}",
                "who": entry.who,
                "what": ACTS.get(entry.what, entry.what),
                "about": entry.about,
                "details": _details(entry.details, entry.reason),
            }
            for entry in found
        ]

    def capacity(self, who: Identity) -> int:
        """How many conversations somebody takes at once."""
        with self.db.read() as session:
            return self.users.get(session, who.user_id).capacity

    def has_factor(self, who: Identity) -> bool:
        """Whether somebody has a second factor."""
        with self.db.read() as session:
            return self.users.get(session, who.user_id).totp_on

    def begin_factor(self, who: Identity) -> tuple[str, str]:
        """Begin with a second factor: the address for the phone and the secret to type."""
        with self.db.write() as session:
            user = self.users.get(session, who.user_id)
            if user.totp_on:
                raise BadInput("两步验证已经开启，要换手机请管理员重置。")
            return self.sessions.begin_factor(session, user)

    def finish_factor(self, who: Identity, code: str) -> None:
        """Turn the second factor on with a first right code. Raises BadInput."""
        with self.db.write() as session:
            user = self.users.get(session, who.user_id)
            if not self.sessions.finish_factor(session, user, code, self.clock.now()):
                raise BadInput("验证码不对，看一下手机上的时间，再试一次。")

    def still(self, present: Present) -> Identity:
        """Who has a page open, with the roles held now. Raises Forbidden."""

        def found(session: Session) -> Present | None:
            return self.sessions.still(session, present.sign_in, self.clock.now())

        with self.db.write() as session:
            now = found(session)
        if now is None:
            raise Forbidden("登录已过期，请重新登录。")
        return now.identity


def _person(user: User) -> Person:
    return Person(
        user.id,
        user.name,
        departments=user.departments,
        shops=user.shops,
        capacity=user.capacity,
    )


def _state(active: bool, locked: bool) -> str:
    return "停用" if not active else "锁定中" if locked else "正常"


def _details(details: dict[str, Any], reason: str) -> str:
    shown = [f"{DETAILS.get(key, key)}：{_shown(value)}" for key, value in details.items()]
    return "；".join([*shown, *([reason] if reason else [])])


def _shown(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    return "、".join(CALLED[Role(each)] if each in set(Role) else str(each) for each in values)
