"""The desk process: its pages, its door and what it listens to."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.desk import photos, sign_in
from bot.desk.gate import Door, Gate
from bot.desk.services import Services

STATIC = Path(__file__).parent / "static"
# NiceGUI writes its start into the page and compiles its templates in the browser: without
# these two exceptions it does not start. Nothing of a shopper's is ever put into a page as HTML.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def build(services: Services, pages: Callable[[Services], None]) -> ASGIApp:
    """The whole desk as one ASGI app, to be served behind the gateway's address."""
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(services.settings.var_dir / "nicegui"))
    from nicegui import ui  # reads its environment when it is imported

    from bot.desk.gate import guard_events

    gate = Gate(services.db, services.sessions, services.clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        watch = asyncio.create_task(gate.watch())
        services.live.start()
        yield
        await services.live.stop()
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    def changed() -> None:
        gate.forget()
        services.wake.tell("accounts")

    desk = sign_in.SignIn(services.db, services.sessions, services.clock)
    app.include_router(sign_in.routes(desk, changed))
    app.mount("/static", StaticFiles(directory=STATIC))

    app.include_router(photos.routes(services))

    @app.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    pages(services)
    guard_events(gate)
    ui.run_with(
        app,
        title="服务台",
        language="zh-CN",
        tailwind=False,
        dark=None,
        reconnect_timeout=20.0,  # a page survives a short loss of the network
        show_welcome_message=False,
    )
    return Dressed(Door(app, gate))


class Dressed:
    """ASGI: adds the headers that keep a browser strict."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and dress the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)
