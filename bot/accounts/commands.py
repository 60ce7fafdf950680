"""Commands over users: add one, give the first one, reset a password."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from bot.accounts import repository
from bot.accounts.roles import Role
from bot.accounts.secrets import Passwords
from bot.accounts.service import NewUser, Users
from bot.clock import Clock
from bot.db import Database
from bot.errors import NotFound
from bot.settings import Settings

ADMINISTRATOR = "admin"  # of a new installation


def install(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `users` to the command line."""
    users = commands.add_parser("users", parents=[common], help="who works at the desk")
    verbs = users.add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("add", parents=[common], help="add a user; prints the first password")
    add.add_argument("login")
    add.add_argument("--name", required=True)
    add.add_argument("--role", action="append", required=True, choices=[*Role], type=str)
    add.add_argument("--shop", action="append", default=[], help="only these shops")
    add.add_argument("--department", action="append", default=[], help="only these departments")
    add.set_defaults(run=_add)
    reset = verbs.add_parser("reset", parents=[common], help="a new first password")
    reset.add_argument("login")
    reset.set_defaults(run=_reset)
    listed = verbs.add_parser("list", parents=[common], help="every user and what they are")
    listed.set_defaults(run=_list)
    first = verbs.add_parser("first", parents=[common], help="the first user, if there is none")
    first.set_defaults(run=_first)


def _add(options: argparse.Namespace) -> int:
    new = NewUser(
        options.login,
        options.name,
        frozenset(Role(role) for role in options.role),
        frozenset(options.shop),
        frozenset(options.department),
    )

    def add(house: "_House") -> dict[str, Any]:
        with house.db.write() as session:
            user, password = house.users.add(session, new, "command line", house.clock.now())
            return {"login": user.login, "first_password": password}

    return _in_house(options, add)


def _reset(options: argparse.Namespace) -> int:
    def reset(house: "_House") -> dict[str, Any]:
        with house.db.write() as session:
            user = repository.by_login(session, options.login)
            if user is None:
                raise NotFound("没有这个账号。", login=options.login)
            now = house.clock.now()
            password = house.users.reset_password(session, user.id, "command line", now)
            return {"login": user.login, "first_password": password}

    return _in_house(options, reset)


def _list(options: argparse.Namespace) -> int:
    def listed(house: "_House") -> dict[str, Any]:
        with house.db.read() as session:
            return {
                user.login: {
                    "name": user.name,
                    "active": user.active,
                    "roles": sorted(repository.roles(session, user.id)),
                }
                for user in repository.users(session)
            }

    return _in_house(options, listed)


def _first(options: argparse.Namespace) -> int:
    """The password stays in a file of the owner's alone until it has been changed."""

    def first(house: "_House") -> dict[str, Any]:
        kept = house.settings.var_dir / "first-login"
        with house.db.write() as session:
            made = house.users.first(session, house.clock.now())
            known = repository.by_login(session, ADMINISTRATOR)
            waiting = known is not None and known.must_change
        if made is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(made[1], "utf-8")
        elif not waiting:
            kept.unlink(missing_ok=True)
        if not waiting or not kept.is_file():
            return {}
        return {"login": ADMINISTRATOR, "first_password": kept.read_text("utf-8")}

    return _in_house(options, first)


class _House:
    def __init__(self) -> None:
        self.settings = Settings()
        self.db = Database(self.settings.database)
        self.clock = Clock(self.settings.zone, self.settings.clock)
        self.users = Users(Passwords())


def _in_house(options: argparse.Namespace, act: Callable[[_House], dict[str, Any]]) -> int:
    house = _House()
    try:
        told = act(house)
    finally:
        house.db.close()
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        for name, value in told.items():
            print(f"{name}: {value}")
    return 0
