"""The command line: serve, migrate, decide, measure."""

import argparse
import gc
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import uvicorn
from sqlalchemy import make_url

from bot import app as gateway
from bot import worker
from bot.accounts import commands as accounts
from bot.calendar import commands as calendar
from bot.clock import Clock
from bot.db import Database
from bot.errors import BadInput, DeskError
from bot.evaluation import commands as evaluation
from bot.policy import commands as policy_commands
from bot.policy.service import PolicyService
from bot.privacy import commands as privacy
from bot.privacy import logs as private_logs
from bot.settings import ROOT, Settings
from bot.shops.service import Shops
from bot.tickets import commands as tickets
from bot.tickets import repository_listing
from bot.webhooks import commands as webhooks
from bot.wechat import commands as wechat


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 only when it succeeded."""
    options = _parser().parse_args(arguments)
    private_logs.install()
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    try:
        code: int = options.run(options)
    except DeskError as error:
        if options.json:
            _print(dict(error.body()))
        else:
            print(error.message, json.dumps(error.details, ensure_ascii=False), file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    told = "JSON alone on stdout"
    # Silent unless given, so that a command does not take back a --json that stood before it.
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=told)
    parser = argparse.ArgumentParser(prog="python -m bot")
    parser.add_argument("--json", action="store_true", help=told)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", parents=[common], help="run the gateway")
    serve.set_defaults(run=_serve)
    work = commands.add_parser("worker", parents=[common], help="run the timed jobs")
    work.set_defaults(run=_worker)
    desk = commands.add_parser("desk", parents=[common], help="run the pages of the desk")
    desk.set_defaults(run=_desk)
    migrate = commands.add_parser("migrate", parents=[common], help="bring the database up to date")
    migrate.set_defaults(run=_migrate)

    policy = commands.add_parser("policy", parents=[common], help="work with a shop's rules")
    verbs = policy.add_subparsers(required=True, metavar="VERB")
    decide = verbs.add_parser("decide", parents=[common], help="judge facts by a shop's rules")
    decide.add_argument("--shop", required=True)
    decide.add_argument("--facts", required=True, help="a JSON object")
    decide.add_argument("--as-of", type=date.fromisoformat, help="the day it is asked on")
    decide.add_argument("--no-presume", action="store_true", help="ask what would be presumed")
    decide.add_argument("--files", action="store_true", help="by data/policy, not the database")
    decide.set_defaults(run=_decide)
    policy_commands.install(verbs, common, repository_listing.open_by_decision)

    accounts.install(commands, common)
    calendar.install(commands, common)
    evaluation.install(commands, common)
    tickets.install(commands, common)
    privacy.install(commands, common)
    webhooks.install(commands, common)
    wechat.install(commands, common)
    return parser


def _serve(options: argparse.Namespace) -> int:
    settings = Settings()
    if not settings.rasa_token.get_secret_value():
        raise BadInput("没有设置 RASA_TOKEN：用 scripts/run 启动，或者自己设一个。")
    config = uvicorn.Config(
        gateway.build(settings),
        host=settings.app_host,
        port=settings.app_port,
        access_log=False,
        # Pages keep a request open while they wait; those must not hold up a stop.
        timeout_graceful_shutdown=3,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
    )
    server = gateway.Server(config)
    gc.collect()
    gc.freeze()  # rules and words stay: going through them again would stop every request
    with suppress(KeyboardInterrupt):  # Ctrl-C, raised again once everything has stopped
        server.run()
    return 0 if server.started else 1


def _worker(options: argparse.Namespace) -> int:
    return worker.run(Settings())


def _desk(options: argparse.Namespace) -> int:
    from bot import desk_process  # NiceGUI takes a second to import

    return desk_process.serve(Settings())


def _migrate(options: argparse.Namespace) -> int:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    command.upgrade(config, "head")
    return 0


def _decide(options: argparse.Namespace) -> int:
    settings = Settings()
    clock = Clock(settings.zone, settings.clock)
    shop = Shops.load(settings.shop_default).get(options.shop)
    try:
        facts = json.loads(options.facts)
    except ValueError as error:
        raise BadInput("--facts 不是有效的 JSON。", problem=str(error)) from error
    if not isinstance(facts, dict):
        raise BadInput("--facts 要写成一个 JSON 对象。")
    with _policy(settings, clock, files=options.files) as policy:
        decision = policy.decide(
            shop.policy_set,
            facts,
            as_of=options.as_of or clock.today(),
            presume=not options.no_presume,
            profile=shop.presume,
        )
    _print(decision.record()) if options.json else print(decision.record()["reason"])
    return 0


@contextmanager
def _policy(settings: Settings, clock: Clock, *, files: bool) -> Iterator[PolicyService]:
    """The published rules; those of the files where there is no database."""
    path = make_url(settings.database).database if settings.database.startswith("sqlite") else None
    if files or (path and not Path(path).is_file()):
        yield PolicyService.load()
        return
    db = Database(settings.database)
    try:
        yield PolicyService.running(db, clock)
    finally:
        db.close()


def _print(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False))
