"""The desk behind the gateway's address: requests and sockets below /desk go to its process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import quote

import httpx
from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from bot.gateway.limits import RateLimit

PREFIX = "/desk"
LARGEST = 1 << 20  # bytes of one message on the socket
# Headers of one connection and not of the request (RFC 9110, 7.6.1), and those we set ourselves.
_OF_THE_LINK = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_OURS = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix", "x-forwarded-proto"}
_AWAY = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>服务台</title>
<body><p>服务台正在启动，请过几秒刷新。</p></body></html>"""


class DeskProxy:
    """Carries requests to the desk process, which listens on loopback alone."""

    def __init__(self, port: int, signing_in: RateLimit) -> None:
        self._http = f"http://127.0.0.1:{port}"
        self._socket = f"ws://127.0.0.1:{port}"
        self._signing_in = signing_in
        # A line for each picture and script of a page tells nothing.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(60, connect=2), limits=httpx.Limits(max_connections=200)
        )

    async def close(self) -> None:
        """Give all connections back."""
        await self._client.aclose()

    async def request(self, request: Request) -> Response:
        """Carry one request there and its answer back. Raises TooMany for guessing sign-ins."""
        address = request.client.host if request.client else ""
        if request.method == "POST" and request.scope["path"].startswith(f"{PREFIX}/sign-in"):
            await self._signing_in.admit(address)
        url = self._http + _target(request)
        headers = _passed_on(request.headers, address, request.url.scheme)
        body = None
        if request.method in ("GET", "HEAD"):  # what they carry has no meaning and stays here
            headers = [each for each in headers if each[0].lower() != b"content-length"]
        else:
            body = request.stream()
        try:
            carried = self._client.build_request(request.method, url, headers=headers, content=body)
            answer = await self._client.send(carried, stream=True)
        except httpx.TransportError:
            return HTMLResponse(_AWAY, 503, {"Retry-After": "3"})
        except httpx.InvalidURL:  # longer than any address of the desk
            return Response(status_code=414)
        except ClientDisconnect:  # in the middle of what it sent: there is nobody to tell
            return Response(status_code=400)
        return _streamed(answer)

    async def socket(self, browser: WebSocket) -> None:
        """Join the browser's socket with one to the desk until either ends."""
        address = browser.client.host if browser.client else ""
        headers = [
            (name.decode(), value.decode("latin-1"))
            for name, value in _passed_on(browser.headers, address, browser.url.scheme)
            if not name.lower().startswith((b"sec-websocket", b"host", b"origin"))
        ]
        url = self._socket + _target(browser)
        try:
            desk = await connect(
                url,
                additional_headers=headers,
                origin=browser.headers.get("origin"),  # type: ignore[arg-type]  # a NewType of str
                max_size=LARGEST,
                compression=None,
                proxy=None,
            )
        except (OSError, WebSocketException):
            await browser.close(1013)
            return
        await browser.accept()
        await _join(browser, desk)


def routes(proxy: DeskProxy) -> APIRouter:
    """Everything below /desk."""
    router = APIRouter(include_in_schema=False)
    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]

    @router.get(PREFIX)
    async def front() -> Response:
        return RedirectResponse(f"{PREFIX}/", 307)

    @router.api_route(PREFIX + "/{path:path}", methods=methods)
    async def request(request: Request) -> Response:
        return await proxy.request(request)

    @router.websocket(PREFIX + "/{path:path}")
    async def socket(browser: WebSocket) -> None:
        await proxy.socket(browser)

    return router


def _target(asked: HTTPConnection) -> str:
    # As it was sent: what is decoded may hold marks that an address cannot.
    path = asked.scope["raw_path"].removeprefix(PREFIX.encode())
    query = asked.scope["query_string"]
    return quote(path + b"?" * bool(query) + query, safe="/?%:@!$&'()*+,;=")


def _passed_on(headers: Headers, address: str, scheme: str) -> list[tuple[bytes, bytes]]:
    dropped = {name.encode() for name in _OF_THE_LINK | _OURS}
    secure = b"https" if scheme in ("https", "wss") else b"http"
    return [
        *((name, value) for name, value in headers.raw if name.lower() not in dropped),
        (b"x-forwarded-for", address.encode()),
        (b"x-forwarded-host", headers.get("host", "").encode("latin-1")),
        (b"x-forwarded-proto", secure),
        (b"x-forwarded-prefix", PREFIX.encode()),
    ]


def _streamed(answer: httpx.Response) -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        try:
            async for chunk in answer.aiter_raw():
                yield chunk
        finally:
            await answer.aclose()

    carried = StreamingResponse(body(), answer.status_code)
    dropped = {name.encode() for name in _OF_THE_LINK | {"date", "server"}}
    carried.raw_headers = [
        (name.lower(), value) for name, value in answer.headers.raw if name.lower() not in dropped
    ]
    return carried


async def _join(browser: WebSocket, desk: ClientConnection) -> None:
    tasks = [
        asyncio.create_task(_to_desk(browser, desk)),
        asyncio.create_task(_to_browser(browser, desk)),
    ]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await desk.close()
    with suppress(RuntimeError, WebSocketDisconnect):  # it had closed itself
        await browser.close()


async def _to_desk(browser: WebSocket, desk: ClientConnection) -> None:
    with suppress(WebSocketDisconnect, ConnectionClosed):
        while True:
            message = await browser.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            await desk.send(message["bytes"] if text is None else text)


async def _to_browser(browser: WebSocket, desk: ClientConnection) -> None:
    with suppress(WebSocketDisconnect, ConnectionClosed, RuntimeError):
        async for message in desk:
            if isinstance(message, str):
                await browser.send_text(message)
            else:
                await browser.send_bytes(message)
