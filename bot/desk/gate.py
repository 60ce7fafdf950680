"""Nothing of the desk opens without a session, and what is open closes when it ends.

The pages of NiceGUI live on a socket: one that was opened with a good session would go on after
its end. So every event is let in only while the session holds, and a sweep closes the pages
whose session has ended.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from http import cookies
from typing import Any
from urllib.parse import quote, urlsplit

from nicegui import Client, core
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.accounts.sessions import Present, Sessions
from bot.clock import Clock
from bot.db import Database

COOKIE = "desk_session"
PREFIX = "/desk"  # where the gateway shows the desk
FRESH = 1.0  # seconds that a session looked at may be relied on
SWEEP = 2.0

_OPEN = ("/sign-in", "/static/", "/_nicegui/", "/favicon.ico", "/healthz")
Handler = Callable[..., Awaitable[Any] | Any]


class Gate:
    """Looks sessions up, remembers them for a second, and closes what has ended."""

    def __init__(self, db: Database, sessions: Sessions, clock: Clock) -> None:
        self._db = db
        self._sessions = sessions
        self._clock = clock
        self._seen: dict[str, tuple[float, Present]] = {}

    async def enter(self, token: str | None) -> Present | None:
        """Whose token it is, from the database."""
        return await asyncio.to_thread(self._enter, token) if token else None

    async def still(self, sign_in: str) -> Present | None:
        """Whether a session still holds, as known since a second ago."""
        at, present = self._seen.get(sign_in, (0.0, None))
        if present is not None and time.monotonic() - at < FRESH:
            return present
        present = await asyncio.to_thread(self._still, sign_in)
        if present is None:
            self._seen.pop(sign_in, None)
        else:
            self._seen[sign_in] = (time.monotonic(), present)
        return present

    def forget(self) -> None:
        """Rely on nothing seen so far: a session or a role has changed."""
        self._seen.clear()

    async def watch(self) -> None:
        """Close the pages whose session has ended, for ever."""
        while True:
            await asyncio.sleep(SWEEP)
            await self.sweep()

    async def sweep(self) -> None:
        """Close the pages whose session has ended."""
        pages = {client: sign_in_of(client) for client in list(Client.instances.values())}
        known = {sign_in for sign_in in pages.values() if sign_in}
        if not known:
            return
        good = await asyncio.to_thread(self._open_ones, known)
        for client, sign_in in pages.items():
            if sign_in and sign_in not in good:
                self._seen.pop(sign_in, None)
                close(client)

    def _enter(self, token: str) -> Present | None:
        with self._db.read() as session:
            present = self._sessions.who(session, token, self._clock.now())
        return self._noted(present)

    def _still(self, sign_in: str) -> Present | None:
        with self._db.read() as session:
            present = self._sessions.still(session, sign_in, self._clock.now())
        return self._noted(present)

    def _noted(self, present: Present | None) -> Present | None:
        if present is not None and present.unseen:
            with self._db.write() as session:
                self._sessions.saw(session, present.sign_in, self._clock.now())
        return present

    def _open_ones(self, sign_ins: Iterable[str]) -> set[str]:
        with self._db.read() as session:
            return self._sessions.open_ones(session, sign_ins, self._clock.now())


def close(client: Client) -> None:
    """Send a page to the sign-in and take its elements away."""
    back = f"encodeURIComponent(location.pathname.slice({len(PREFIX)}))"
    client.run_javascript(f"location.href = '{PREFIX}/sign-in?over=1&next=' + {back}")
    client.content.clear()


def sign_in_of(client: Client) -> str | None:
    """The session by which a page was opened."""
    try:
        present: Present | None = client.request.scope.get("present")
    except RuntimeError:  # a page without a request is none of ours
        return None
    return present.sign_in if present else None


def guard_events(gate: Gate) -> None:
    """Let events of pages in only while their session holds."""
    handlers = core.sio.handlers["/"]
    for name in ("event", "javascript_response"):
        handlers[name] = _guarded(handlers[name], gate)


def _guarded(handler: Handler, gate: Gate) -> Handler:
    async def guarded(sid: str, message: dict[str, Any]) -> None:
        client = Client.instances.get(message.get("client_id", ""))
        sign_in = sign_in_of(client) if client else None
        if client is None or sign_in is None:
            return
        # The socket must have been opened by the session that opened the page.
        if sid not in client._socket_to_document_id:  # the library's own record
            return
        if await gate.still(sign_in) is None:
            close(client)
            return
        result = handler(sid, message)
        if isinstance(result, Awaitable):
            await result

    return guarded


class Door:
    """ASGI: lets requests in by session, and what changes anything only from our own pages."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open, send to the sign-in, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if not _own(connection, scope):
            await _refuse(scope, receive, send, "这个请求不是从服务台页面发出的。")
            return
        if not scope["path"].startswith(_OPEN):
            scope["present"] = await self._gate.enter(token_of(connection.headers))
            if scope["present"] is None:
                await _to_sign_in(scope, receive, send)
                return
        await self._app(scope, receive, send)


def token_of(headers: Headers) -> str | None:
    """The session's token in the cookie."""
    jar: cookies.SimpleCookie = cookies.SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except cookies.CookieError:
        return None
    return jar[COOKIE].value if COOKIE in jar else None


def _own(connection: HTTPConnection, scope: Scope) -> bool:
    """Whether a call that may change something comes from a page of the same address."""
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
        return True
    origin = connection.headers.get("origin")
    shown_at = connection.headers.get("x-forwarded-host") or connection.headers.get("host")
    return origin is not None and urlsplit(origin).netloc == shown_at


async def _refuse(scope: Scope, receive: Receive, send: Send, message: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(message, 403)(scope, receive, send)


async def _to_sign_in(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket" or scope["path"].startswith("/_nicegui_ws"):
        await _refuse(scope, receive, send, "登录已过期，请重新登录。")
        return
    wanted = quote(scope["path"], safe="/")
    answer = RedirectResponse(f"{PREFIX}/sign-in?next={wanted}", 303)
    await answer(scope, receive, send)
