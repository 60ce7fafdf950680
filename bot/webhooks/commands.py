"""Commands over webhooks and keys of the shop's own systems."""

import argparse
import json
import sys
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts import keys
from bot.clock import Clock
from bot.db import Database
from bot.settings import Settings
from bot.shops.service import Shops
from bot.webhooks import repository, service

BY = "command line"


def install(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `webhooks` and `keys` to the command line."""
    hooks = commands.add_parser("webhooks", parents=[common], help="addresses told of changes")
    verbs = hooks.add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("add", parents=[common], help="prints the secret, this once")
    add.add_argument("url")
    add.add_argument("--shop", action="append", default=[], help="only these shops")
    add.set_defaults(run=lambda options: _run(options, _add))
    end = verbs.add_parser("end", parents=[common], help="call an address no more")
    end.add_argument("id")
    end.set_defaults(run=lambda options: _run(options, _end))
    listed = verbs.add_parser("list", parents=[common], help="every address")
    listed.set_defaults(run=lambda options: _run(options, _list))
    _install_keys(commands, common)


def _install_keys(commands: Any, common: argparse.ArgumentParser) -> None:
    known = commands.add_parser("keys", parents=[common], help="keys of the shop's own systems")
    verbs = known.add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("add", parents=[common], help="prints the key, this once")
    add.add_argument("name")
    add.add_argument("--shop", action="append", default=[], help="only these shops")
    add.add_argument("--write", action="store_true", help="may change cases")
    add.set_defaults(run=lambda options: _run(options, _issue))
    end = verbs.add_parser("end", parents=[common], help="revoke a key at once")
    end.add_argument("id")
    end.set_defaults(run=lambda options: _run(options, _revoke))


class _House:
    def __init__(self) -> None:
        self.settings = Settings()
        self.clock = Clock(self.settings.zone, self.settings.clock)
        self.shops = Shops.load(self.settings.shop_default)


def _run(options: argparse.Namespace, act: Any) -> int:
    house = _House()
    db = Database(house.settings.database)
    try:
        with db.write() as session:
            told: dict[str, Any] = act(options, house, session)
    finally:
        db.close()
    lines = [json.dumps(told, ensure_ascii=False)]
    if not options.json:
        lines = [f"{name}: {value}" for name, value in told.items()]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _add(options: argparse.Namespace, house: _House, session: Session) -> dict[str, Any]:
    for shop in options.shop:
        house.shops.get(shop)
    seal = service.Seal(house.settings.secret_key.get_secret_value())
    private = house.settings.webhook_private
    hook, secret = service.add(
        session, seal, options.url, options.shop, BY, house.clock.now(), private
    )
    return {"id": hook.id, "secret": secret}


def _end(options: argparse.Namespace, house: _House, session: Session) -> dict[str, Any]:
    service.end(session, options.id, BY, house.clock.now())
    return {"id": options.id}


def _list(options: argparse.Namespace, house: _House, session: Session) -> dict[str, Any]:
    return {
        hook.id: {"url": hook.url, "shops": hook.shops, "active": hook.active}
        for hook in repository.all_hooks(session)
    }


def _issue(options: argparse.Namespace, house: _House, session: Session) -> dict[str, Any]:
    for shop in options.shop:
        house.shops.get(shop)
    now = house.clock.now()
    key, plain = keys.issue(session, options.name, options.shop, options.write, BY, now)
    return {"id": key.id, "key": plain}


def _revoke(options: argparse.Namespace, house: _House, session: Session) -> dict[str, Any]:
    keys.revoke(session, options.id, BY, house.clock.now())
    return {"id": options.id}
