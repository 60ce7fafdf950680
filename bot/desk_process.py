"""The desk process, wired: its services, its pages, served on loopback for the gateway to show."""

from contextlib import suppress

import uvicorn

from bot import wake
from bot.clock import Clock
from bot.db import Database
from bot.desk import app
from bot.desk.pages import register
from bot.desk.services import Services, accounts
from bot.errors import BadInput
from bot.settings import Settings
from bot.shops.service import Shops


def services(settings: Settings) -> Services:
    """Everything the pages work with. Raises BadInput without a secret of the installation."""
    if not settings.secret_key.get_secret_value():
        raise BadInput("没有设置 SECRET_KEY：用 scripts/run 启动，或者自己设一个。")
    users, sessions = accounts(settings)
    return Services(
        settings=settings,
        db=Database(settings.database),
        clock=Clock(settings.zone, settings.clock),
        shops=Shops.load(settings.shop_default),
        users=users,
        sessions=sessions,
        wake=wake.make(settings),
    )


def serve(settings: Settings) -> int:
    """Serve until stopped; the exit code."""
    config = uvicorn.Config(
        app.build(services(settings), register),
        host="127.0.0.1",
        port=settings.desk_port,
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
        log_level="warning",
    )
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):  # Ctrl-C, raised again once everything has stopped
        server.run()
    return 0 if server.started else 1
