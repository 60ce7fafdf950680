"""The shopper page and its files, with the headers that keep a browser strict."""

import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE = Path(__file__).parent / "page"

# An origin as a policy names it: `'self'`, https://shop.example, https://*.shop.example:8443.
_ORIGIN = re.compile(r"'self'|'none'|https?://(\*\.)?[A-Za-z0-9.-]+(:([0-9]{1,5}|\*))?")


def install(app: FastAPI, embed_origins: str = "'self'") -> None:
    """Serve the page at `/` and its files under `/page`.

    `embed_origins` are the sites that may show the page in a frame. Raises ValueError for one
    that is no origin.
    """
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    @router.get("/favicon.ico")
    async def icon() -> Response:
        return Response(status_code=204)

    app.include_router(router)
    app.mount("/page", GZipMiddleware(PageFiles(directory=PAGE), minimum_size=500), name="page")
    app.add_middleware(StrictHeaders, headers=strict_headers(embed_origins))


def strict_headers(embed_origins: str) -> dict[str, str]:
    """The headers of every answer that does not bring its own."""
    origins = embed_origins.replace(",", " ").split() or ["'self'"]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"EMBED_ORIGINS: no origin like https://shop.example: {origin!r}")
    return {
        "Content-Security-Policy": (
            "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; "
            f"img-src 'self' data: blob:; frame-ancestors {_ancestors(origins)}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def _ancestors(origins: list[str]) -> str:
    if "'none'" in origins:
        return "'none'"
    return " ".join(dict.fromkeys(["'self'", *origins]))


class PageFiles(StaticFiles):
    """The page's files, asked about each time: an old module beside a new one breaks the page."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, to be kept but not used without asking."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        # Sites that isolate themselves load only what says that they may.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


class StrictHeaders:
    """Adds headers to every answer. Plain ASGI: bodies stream and errors pass as they are."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)
