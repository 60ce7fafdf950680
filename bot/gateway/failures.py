"""Every failure as the same JSON shape, with a line that can be shown to a shopper."""

import json
import logging
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import BadInput, DeskError, NotFound

log = logging.getLogger(__name__)

LARGEST = 64 * 1024  # bytes of a JSON body
LARGEST_CALLBACK = 512 * 1024  # a sealed callback of WeChat with the longest text there is
# Photos: this route counts what it reads itself and keeps it on disk, not in memory.
STREAMED = re.compile(r"/api/chat/conversations/[^/]+/attachments")


class TooLarge(BadInput):
    """The body is larger than anything that this address takes."""

    code = "too_large"
    status = 413
    message = "内容太长了，请分几条发。"


def install(app: FastAPI) -> None:
    """Answer every failure of `app` in the common shape and refuse oversized bodies."""
    app.add_exception_handler(DeskError, _desk_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(BodyLimit)


class Refusal(JSONResponse):
    """JSON that may repeat what a client sent: half a surrogate pair, which UTF-8 does not know,
    becomes a question mark."""

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def answer(error: DeskError) -> JSONResponse:
    """The HTTP answer to an expected failure."""
    headers = {}
    if "retry_after" in error.details:
        headers["Retry-After"] = str(error.details["retry_after"])
    return Refusal(dict(error.body()), error.status, headers)


class BodyLimit:
    """Refuses a body above LARGEST as it arrives, whatever length it claims."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what is read of it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD") or _streamed(scope):
            await self._app(scope, receive, send)
            return
        largest = LARGEST_CALLBACK if scope["path"].startswith("/wechat") else LARGEST
        body = await _read(receive, largest)
        if body is None:
            await answer(TooLarge(limit=largest))(scope, receive, send)
            return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)


def _streamed(scope: Scope) -> bool:
    return scope["method"] == "POST" and bool(STREAMED.fullmatch(scope["path"]))


async def _read(receive: Receive, largest: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > largest:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _desk_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DeskError)
    return answer(error)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [
        {"where": ".".join(str(part) for part in problem["loc"]), "what": problem["type"]}
        for problem in error.errors()[:10]
    ]
    return answer(BadInput(problems=problems))


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    failure: DeskError = NotFound() if error.status_code == 404 else BadInput()
    failure.status = error.status_code
    return answer(failure)


async def _fault(_request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected failure", exc_info=error)
    return JSONResponse(dict(DeskError().body()), 500)
