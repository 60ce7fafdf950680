"""Users, their roles, and the audit log of what was done with their powers."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts import repository, secrets
from bot.accounts.models import AuditEntry, User
from bot.accounts.roles import May, Role, allowed
from bot.accounts.secrets import Passwords
from bot.errors import BadInput, Conflict, DeskError, NotFound

MOST_AT_ONCE = 30  # conversations of one person
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


class Forbidden(DeskError):
    """A person whose roles do not reach that far."""

    code = "forbidden"
    status = 403
    permanent = True
    message = "您的账号没有这项权限，需要的话请联系管理员。"


@dataclass(frozen=True)
class Identity:
    """Who is asking: a user with the roles held at this moment."""

    user_id: str
    login: str
    name: str
    roles: frozenset[Role]
    shops: frozenset[str]
    departments: frozenset[str]

    def may(self, what: May) -> bool:
        """Whether the roles allow it."""
        return what in allowed(self.roles)

    def need(self, what: May) -> None:
        """Raises Forbidden if the roles do not allow it."""
        if not self.may(what):
            raise Forbidden(needs=what.value)

    def serves(self, shop: str) -> bool:
        """Whether that shop's work is this user's."""
        return not self.shops or shop in self.shops


@dataclass(frozen=True)
class NewUser:
    """What a user is added with; `shops` and `departments` empty mean all."""

    login: str
    name: str
    roles: frozenset[Role]
    shops: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    capacity: int = 5


@dataclass(frozen=True)
class Reach:
    """What comes to a user, and how many conversations at once; empty means all."""

    shops: frozenset[str]
    departments: frozenset[str]
    capacity: int


class Users:
    """Adding, changing and stopping users; every act is written into the audit log."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    def add(self, session: Session, new: NewUser, by: str, now: datetime) -> tuple[User, str]:
        """Add a user; gives the first password, which is kept nowhere.

        Raises BadInput for a login that is none and Conflict for one that is taken.
        """
        login = new.login.strip().lower()
        if not _LOGIN.fullmatch(login) or not new.name.strip() or not new.roles:
            raise BadInput("登录名用 2–64 位小写字母、数字、点、横线；姓名和角色不能空。")
        if repository.by_login(session, login) is not None:
            raise Conflict("这个登录名已经有人用了。", login=login)
        password = secrets.first_password()
        user = self._user(new, login, password, now)
        session.add(user)
        session.flush()
        repository.set_roles(session, user.id, new.roles)
        note(session, by, "user_added", login, now, roles=sorted(new.roles))
        return user, password

    def first(self, session: Session, now: datetime) -> tuple[User, str] | None:
        """The administrator of a new installation and the first password; None if there are users.

        Holds every role that one needs to begin; a second person is still needed to publish.
        """
        if repository.count_users(session):
            return None
        roles = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.POLICY_EDITOR, Role.AGENT})
        return self.add(session, NewUser("admin", "管理员", roles), "installation", now)

    def set_roles(
        self, session: Session, user_id: str, roles: Iterable[Role], by: str, now: datetime
    ) -> None:
        """Change what a user is; open sessions end, for they were given for other powers."""
        user, wanted = self.get(session, user_id), frozenset(roles)
        if not wanted:
            raise BadInput("至少保留一个角色；不再用的账号请停用。")
        if Role.ADMIN not in wanted:
            self._keep_an_admin(session, user)
        repository.set_roles(session, user.id, wanted)
        repository.revoke_all(session, user.id, now)
        note(session, by, "roles_changed", user.login, now, roles=sorted(wanted))

    def set_reach(
        self, session: Session, user_id: str, reach: Reach, by: str, now: datetime
    ) -> bool:
        """Change what comes to a user; whether it was another. Open sessions end where they were
        given for other shops or departments. Raises BadInput."""
        user = self.get(session, user_id)
        if not 1 <= reach.capacity <= MOST_AT_ONCE:
            raise BadInput(f"同时接待的人数要在 1 到 {MOST_AT_ONCE} 之间。")
        before = Reach(frozenset(user.shops), frozenset(user.departments), user.capacity)
        if reach == before:
            return False
        user.shops, user.departments = sorted(reach.shops), sorted(reach.departments)
        user.capacity = reach.capacity
        if (reach.shops, reach.departments) != (before.shops, before.departments):
            repository.revoke_all(session, user.id, now)
        told = {"shops": user.shops, "departments": user.departments, "capacity": user.capacity}
        note(session, by, "reach_changed", user.login, now, **told)
        return True

    def stop(self, session: Session, user_id: str, by: str, now: datetime) -> None:
        """Stop an account at once; its sessions end."""
        user = self.get(session, user_id)
        self._keep_an_admin(session, user)
        user.active = False
        repository.revoke_all(session, user.id, now)
        note(session, by, "user_stopped", user.login, now)

    def reset_password(self, session: Session, user_id: str, by: str, now: datetime) -> str:
        """A new first password; the account is unlocked, its sessions and second factor end."""
        user, password = self.get(session, user_id), secrets.first_password()
        user.password_hash, user.must_change = self._passwords.hash(password), True
        user.failures, user.locked_until = 0, None
        user.totp_secret, user.totp_on = None, False
        repository.revoke_all(session, user.id, now)
        note(session, by, "password_reset", user.login, now)
        return password

    def get(self, session: Session, user_id: str) -> User:
        """The user of that id. Raises NotFound."""
        user = repository.user(session, user_id)
        if user is None:
            raise NotFound("没有这个账号。")
        return user

    def _keep_an_admin(self, session: Session, user: User) -> None:
        admins = {each.id for each in repository.active_with(session, Role.ADMIN)}
        if admins == {user.id}:
            raise Conflict("这是最后一个管理员，先再设一个。")

    def _user(self, new: NewUser, login: str, password: str, now: datetime) -> User:
        return User(
            id=str(uuid.uuid4()),
            login=login,
            name=new.name.strip()[:64],
            password_hash=self._passwords.hash(password),
            must_change=True,
            shops=sorted(new.shops),
            departments=sorted(new.departments),
            capacity=new.capacity,
            created_at=now,
        )


def identity(session: Session, user: User) -> Identity:
    """The user as the rest of the product sees one."""
    return Identity(
        user_id=user.id,
        login=user.login,
        name=user.name,
        roles=repository.roles(session, user.id),
        shops=frozenset(user.shops),
        departments=frozenset(user.departments),
    )


def note(session: Session, who: str, what: str, about: str, now: datetime, **details: Any) -> None:
    """Add a privileged act to the audit log; `reason` among the details has its own column."""
    reason = str(details.pop("reason", ""))
    kept: Mapping[str, Any] = details
    session.add(
        AuditEntry(at=now, who=who, what=what, about=about[:128], details=dict(kept), reason=reason)
    )
    session.flush()
