"""Commands about Official Accounts: push the menu, see how all stand, look for what is wrong."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from bot.channels.wechat.client import Api
from bot.clock import Clock
from bot.db import Database
from bot.errors import BadInput
from bot.settings import Settings
from bot.wechat import menu, repository
from bot.wechat.accounts import DEFAULT, Accounts
from bot.wechat.doctor import Doctor
from bot.wechat.service import MOST_TRIES
from bot.wechat.tokens import Tokens


@dataclass(frozen=True)
class _Tools:
    settings: Settings
    accounts: Accounts
    api: Api
    tokens: Tokens
    db: Database
    clock: Clock


def install(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `wechat` and `doctor` to the command line."""
    wechat = commands.add_parser("wechat", parents=[common], help="Official Accounts")
    verbs = wechat.add_subparsers(required=True, metavar="VERB")
    menus = verbs.add_parser("menu", parents=[common], help="the menu below the conversation")
    push = menus.add_subparsers(required=True, metavar="VERB").add_parser(
        "push", parents=[common], help="replace it on the platform"
    )
    push.add_argument("--account", help="only this one")
    push.set_defaults(run=_push)
    status = verbs.add_parser("status", parents=[common], help="tokens, alerts and limits")
    status.set_defaults(run=_status)
    doctor = commands.add_parser("doctor", parents=[common], help="look for what is wrong")
    doctor.add_argument("--wechat", action="store_true", help="the Official Accounts")
    doctor.add_argument("--url", help="the public address, e.g. https://shop.example")
    doctor.set_defaults(run=_doctor)


def _push(options: argparse.Namespace) -> int:
    with _tools() as tools:
        chosen = [options.account] if options.account else sorted(tools.accounts.by_name)
        for name in chosen:
            account = tools.accounts.get(name)
            tools.api.push_menu(tools.tokens.get(account), menu.entries(account))
    _tell(options, {"pushed": chosen}, f"菜单已更新：{'、'.join(chosen)}")
    return 0


def _status(options: argparse.Namespace) -> int:
    found = []
    with _tools() as tools, tools.db.read() as session:
        for name in sorted(tools.accounts.by_name):
            known = repository.standing(session, name)
            one = {
                "account": name,
                "token_until": _shown(known and known.expires_at),
                "token_calls_today": known.fetched if known else 0,
                "parked_until": _shown(known and known.parked_until),
                "barred_until": _shown(known and known.barred_until),
                "alert": known.alert if known else None,
                "not_taken_in": repository.stuck(session, name, MOST_TRIES),
            }
            found.append(one)
    sentences = ["  ".join(f"{key}={value}" for key, value in one.items()) for one in found]
    _tell(options, {"accounts": found}, "\n".join(sentences))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    with _tools() as tools:
        if not tools.accounts.by_name:
            raise BadInput("没有配置公众号：设置 WECHAT_APP_ID、WECHAT_APP_SECRET、WECHAT_TOKEN。")
        doctor = Doctor(tools.db, tools.api, tools.tokens, tools.clock)
        findings = [
            finding
            for account in tools.accounts.by_name.values()
            for finding in doctor.examine(account, _url(options.url, tools.settings, account.name))
        ]
    good = all(finding.good for finding in findings)
    if options.json:
        _print(json.dumps({"good": good, "findings": [asdict(each) for each in findings]}))
    else:
        for finding in findings:
            _print(f"{'✓' if finding.good else '✗'} {finding.account}：{finding.text}")
    return 0 if good else 1


def _url(base: str | None, settings: Settings, name: str) -> str:
    base = base or f"http://{settings.app_host}:{settings.app_port}"
    return base.rstrip("/") + ("/wechat" if name == DEFAULT else f"/wechat/{name}")


def _shown(at: Any) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


@contextmanager
def _tools() -> Iterator[_Tools]:
    settings = Settings()
    clock, db = Clock(settings.zone, settings.clock), Database(settings.database)
    api = Api(settings.wechat_api_base)
    try:
        accounts = Accounts.load(settings)
        yield _Tools(settings, accounts, api, Tokens(db, api, clock), db, clock)
    finally:
        db.close()


def _tell(options: argparse.Namespace, data: object, sentence: str) -> None:
    _print(json.dumps(data, ensure_ascii=False) if options.json else sentence)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
