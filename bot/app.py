"""The gateway process: shopper API, page, and the lanes that run the turns."""

import asyncio
import fcntl
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import requests
import uvicorn
from fastapi import FastAPI

from bot.attachments.service import Album
from bot.calendar.known import KnownDays
from bot.clock import Clock
from bot.db import Database
from bot.dialogue.service import Rasa
from bot.errors import Conflict
from bot.gateway import attachments, failures, health, pages, policy, web
from bot.gateway import shops as profiles
from bot.gateway.limits import RateLimit
from bot.gateway.listeners import Listeners
from bot.handoff.service import HandOff
from bot.inbox.lanes import Lanes
from bot.messages import Spoken
from bot.policy.service import PolicyService
from bot.router.service import Router
from bot.settings import Settings
from bot.shops.service import Shops
from bot.tickets.service import Tickets

log = logging.getLogger(__name__)


def build(settings: Settings) -> FastAPI:
    """The whole gateway; nothing runs before its lifespan begins."""
    clock = Clock(settings.zone, settings.clock)
    db = Database(settings.database)
    shops, spoken, listeners = Shops.load(settings.shop_default), Spoken.load(), Listeners()
    rasa = Rasa(
        settings.rasa_url,
        settings.rasa_token.get_secret_value(),
        settings.rasa_timeout,
        connections=settings.lanes,
    )
    tickets = Tickets(clock, shops, KnownDays(db, clock))
    router = Router(db, rasa, HandOff(tickets), spoken, clock)
    lanes = Lanes(db, router, clock, listeners.announce, settings.lanes, alone=_sqlite(settings))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        listeners.attach(asyncio.get_running_loop())
        lock = _lock(settings.var_dir) if lanes.alone else None
        await asyncio.to_thread(lanes.start)
        yield
        await asyncio.to_thread(lanes.stop)
        db.close()
        if lock is not None:
            lock.close()

    app = FastAPI(title="售后服务台", lifespan=lifespan, docs_url=None, redoc_url=None)
    chat = web.Chat(
        db=db,
        lanes=lanes,
        listeners=listeners,
        shops=shops,
        spoken=spoken,
        clock=clock,
        opening=RateLimit("open", settings.open_rate, settings.redis_url),
        talking=RateLimit("talk", settings.chat_rate, settings.redis_url),
    )
    app.include_router(web.routes(chat))
    app.include_router(attachments.routes(_photos(chat, settings)))
    app.include_router(profiles.routes(shops, spoken))
    decide_rate = RateLimit("decide", settings.decide_rate, settings.redis_url)
    app.include_router(
        policy.routes(policy.Decisions(PolicyService.running(db, clock), shops, clock, decide_rate))
    )
    parts = {"rasa": rasa.is_alive, "actions": lambda: _actions_alive(settings)}
    app.include_router(health.routes(health.Health(db, clock, parts)))
    pages.install(app, settings.embed_origins)
    failures.install(app)
    app.state.listeners = listeners
    return app


def _photos(chat: web.Chat, settings: Settings) -> attachments.Photos:
    folder = settings.var_dir / "attachments"
    return attachments.Photos(
        chat=chat,
        album=Album(folder),
        folder=folder,
        rate=RateLimit("photo", settings.photo_rate, settings.redis_url),
        crowd=RateLimit("photo-crowd", settings.photo_crowd_rate, settings.redis_url),
    )


class Server(uvicorn.Server):
    """Serves what `build` made and, told to stop, lets waiting pages go first.

    The lifespan ends only after the last request, so there it would be too late for them.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Release the waiting pages, then stop as uvicorn does."""
        # uvicorn types the app as any ASGI callable or its name; here it is what `build` made.
        self.config.app.state.listeners.release()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def _actions_alive(settings: Settings) -> bool:
    url = settings.actions_url.removesuffix("/webhook") + "/health"
    token = {"token": settings.actions_token.get_secret_value()}
    try:
        return requests.get(url, params=token, timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _sqlite(settings: Settings) -> bool:
    return settings.database.startswith("sqlite")


def _lock(folder: Path) -> IO[str]:
    """Hold the folder for this process alone: with SQLite one gateway runs the turns."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = (folder / "gateway.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise Conflict("已经有一个服务在用这个数据目录，请先停掉它。") from error
    return handle
