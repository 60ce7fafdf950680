"""The action server: a process of its own on loopback, behind a token of its own."""

import hmac
import logging
import sys
from typing import Any
from urllib.parse import urlsplit

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

from actions import registry
from actions.base import Services
from bot.calendar.known import KnownDays
from bot.clock import Clock
from bot.db import Database
from bot.handoff.service import HandOff
from bot.knowledge.service import Knowledge
from bot.language.service import Reader
from bot.orders.connect import connect
from bot.policy.service import PolicyService
from bot.privacy import logs as private_logs
from bot.settings import Settings
from bot.shops.service import Shops
from bot.tickets.service import Tickets


class Executor(ActionExecutor):
    """Runs actions without the domain: Rasa sends none, and no action of ours reads it."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> Any:
        """Nothing, where the stock executor would refuse the call and ask for the domain."""
        return payload.get("domain") or {}


def services(settings: Settings) -> Services:
    """Everything that actions work with."""
    clock = Clock(settings.zone, settings.clock)
    shops = Shops.load(settings.shop_default)
    db = Database(settings.database)
    policy = PolicyService.running(db, clock)
    tickets = Tickets(clock, shops, KnownDays(db, clock), policy.promises, settings.warn_share)
    reader = Reader()
    return Services(
        db=db,
        policy=policy,
        tickets=tickets,
        handoff=HandOff(tickets, clock, policy.promises),
        shops=shops,
        reader=reader,
        clock=clock,
        knowledge=Knowledge(policy, reader.words),
        orders=connect(settings, clock),
    )


def build(settings: Settings) -> Sanic[Any, Any]:
    """The action server with every action of the domain. Refuses to be built without a token."""
    token = settings.actions_token.get_secret_value()
    if not token:
        raise SystemExit("ACTIONS_TOKEN is not set; start with scripts/run or set it.")
    executor = Executor()
    for action in registry.build(services(settings)):
        executor.register_action(action)
    app: Sanic[Any, Any] = create_app(executor)

    @app.on_request
    async def check_token(request: Request) -> HTTPResponse | None:
        if hmac.compare_digest(request.args.get("token", "").encode(), token.encode()):
            return None
        return json({"error": {"code": "unauthorized", "message": "wrong token"}}, 401)

    return app


def main() -> None:
    """Serve until stopped."""
    private_logs.install()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    settings = Settings()
    address = urlsplit(settings.actions_url)
    app = build(settings)
    app.run(
        host=address.hostname or "127.0.0.1",
        port=address.port or 5055,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
