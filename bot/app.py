"""The gateway process: shopper API, page, and the lanes that run the turns."""

import asyncio
import fcntl
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import requests
import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import Session

from bot import wake as wake_ups
from bot.attachments.service import Album
from bot.calendar.known import KnownDays
from bot.channels.wechat.client import Api
from bot.clock import Clock
from bot.db import Database
from bot.dialogue.service import Rasa
from bot.errors import Conflict
from bot.gateway import (
    api,
    attachments,
    desk,
    failures,
    health,
    pages,
    policy,
    privacy,
    rating,
    web,
)
from bot.gateway import shops as profiles
from bot.gateway import wechat as official_account
from bot.gateway.limits import RateLimit
from bot.gateway.listeners import Listeners
from bot.gateway.wechat_photos import WeChatPhotos
from bot.handoff.promised import promise_guard
from bot.handoff.service import HandOff
from bot.inbox.lanes import Lanes
from bot.messages import Spoken
from bot.outbox import service as outbox
from bot.policy.keeping import Keeper
from bot.policy.service import PolicyService
from bot.router.service import Router
from bot.settings import Settings
from bot.shops.service import Shops
from bot.tickets.service import Tickets
from bot.wake import Wake
from bot.wechat.accounts import Accounts
from bot.wechat.tokens import Tokens

log = logging.getLogger(__name__)

TYPING_RATE = "30/minute"  # the page tells of typing once in three seconds


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
    rules, wake = PolicyService.running(db, clock), wake_ups.make(settings)
    tickets = Tickets(clock, shops, KnownDays(db, clock), rules.promises, settings.warn_share)
    handoff = HandOff(tickets, clock, rules.promises, spoken)

    def quotable(shop: str) -> list[str]:
        told = shops.get(shop)
        return [*rules.clause_texts(told.policy_set), *told.about.sentences.values()]

    guard = promise_guard(handoff, quotable)
    router = Router(db, rasa, handoff, spoken, clock, guard)

    def announce(conversation_id: str) -> None:
        listeners.announce(conversation_id)
        wake.tell(f"conversation:{conversation_id}")

    lanes = Lanes(
        db,
        router,
        clock,
        announce,
        settings.lanes,
        alone=_sqlite(settings),
        queue_changed=lambda: wake.tell("queue"),
        give_way=lambda: wechat.acceptor.give_way(),
    )

    proxy = desk.DeskProxy(
        settings.desk_port, RateLimit("sign-in", settings.sign_in_rate, settings.redis_url)
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        listeners.attach(asyncio.get_running_loop())
        lock = _lock(settings.var_dir) if lanes.alone else None
        await asyncio.to_thread(lanes.start)
        wechat.start()
        # Own lines are announced above; these are what people at the desk say and do.
        listening = wake.listen(listeners.heard, own=False)
        yield
        await asyncio.to_thread(listening.stop)
        await asyncio.to_thread(wechat.stop)
        await asyncio.to_thread(lanes.stop)
        await proxy.close()
        db.close()
        if lock is not None:
            lock.close()

    app = FastAPI(title="售后服务台", lifespan=lifespan, docs_url=None, redoc_url=None)
    chat = web.Chat(
        db=db,
        lanes=lanes,
        listeners=listeners,
        announce=announce,
        waiting=handoff.waiting,
        shops=shops,
        spoken=spoken,
        clock=clock,
        opening=RateLimit("open", settings.open_rate, settings.redis_url),
        talking=RateLimit("talk", settings.chat_rate, settings.redis_url),
        typing=RateLimit("type", TYPING_RATE, settings.redis_url),
        tell=wake.tell,
        public_url=settings.public_url.rstrip("/"),
    )
    wechat = _wechat(chat, wake, settings)
    app.include_router(official_account.routes(wechat))
    app.include_router(web.routes(chat))
    app.include_router(rating.routes(chat, tickets))
    app.include_router(privacy.routes(chat))
    app.include_router(attachments.routes(_photos(chat, settings)))
    app.include_router(profiles.routes(shops, spoken))
    app.include_router(
        api.routes(
            api.Api(
                db=db,
                tickets=tickets,
                clock=clock,
                rate=RateLimit("api", settings.api_rate, settings.redis_url),
                told=lambda: wake.tell("tickets"),
            )
        )
    )
    app.include_router(
        policy.routes(
            policy.Decisions(
                policy=rules,
                shops=shops,
                clock=clock,
                keeper=Keeper(db, clock),
                rate=RateLimit("decide", settings.decide_rate, settings.redis_url),
                crowd=RateLimit("decide-crowd", settings.decide_crowd_rate, settings.redis_url),
            )
        )
    )
    parts = {"rasa": rasa.is_alive, "actions": lambda: _actions_alive(settings)}

    def figures(session: Session) -> Mapping[str, float]:
        return {**handoff.waiting.figures(session), **outbox.gauges(session, clock.now())}

    app.include_router(health.routes(health.Health(db, clock, parts, figures)))
    app.include_router(desk.routes(proxy))
    pages.install(app, settings.embed_origins)
    failures.install(app)
    app.state.listeners = listeners
    return app


def _wechat(chat: web.Chat, wake: Wake, settings: Settings) -> official_account.WeChat:
    accounts, api = Accounts.load(settings), Api(settings.wechat_api_base)
    for account in accounts.by_name.values():
        chat.shops.get(account.shop)  # a shop that there is not is to be known now
    photos = WeChatPhotos(
        chat=chat,
        album=Album(settings.var_dir / "attachments"),
        accounts=accounts,
        api=api,
        tokens=Tokens(chat.db, api, chat.clock),
        told=lambda: wake.tell("outbox"),
    )
    return official_account.WeChat(chat, accounts, photos, wake, settings.wechat_patience)


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
        self.config.app.state.listeners.release()  # type: ignore[union-attr]  # as said above
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
