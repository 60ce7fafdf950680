"""Signing in: plain forms without a socket, so that nothing of the desk runs before."""

import asyncio
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from bot.accounts.sessions import Entered, Sessions
from bot.clock import Clock
from bot.db import Database
from bot.desk.gate import COOKIE, PREFIX, token_of
from bot.errors import DeskError

STATIC = Path(__file__).parent / "static"
_INSIDE = re.compile(r"/(?!/)[A-Za-z0-9/_.-]*")
Text = Annotated[str, Form(max_length=256)]
TITLES = {"login": "登录", "code": "验证码", "password": "换密码"}


class SignIn:
    """The steps from the form to a session."""

    def __init__(self, db: Database, sessions: Sessions, clock: Clock) -> None:
        self._db = db
        self._sessions = sessions
        self._clock = clock

    def enter(self, login: str, password: str, address: str) -> Entered | DeskError:
        """Try a login; failures are committed, so that they count."""
        with self._db.write() as session:
            return self._sessions.enter(session, login, password, address, self._clock.now())

    def confirm(self, token: str, code: str) -> str | DeskError:
        """Try a code."""
        with self._db.write() as session:
            return self._sessions.confirm(session, token, code, self._clock.now())

    def change(self, token: str, old: str, new: str) -> str | DeskError:
        """Try a new password."""

        def change(session: Session) -> str | DeskError:
            return self._sessions.change_password(session, token, old, new, self._clock.now())

        try:
            with self._db.write() as session:
                return change(session)
        except DeskError as weak:
            return weak

    def leave(self, token: str) -> None:
        """Sign out."""
        with self._db.write() as session:
            self._sessions.leave(session, token, self._clock.now())


def routes(desk: SignIn, changed: Callable[[], None]) -> APIRouter:
    """The forms; `changed` is called when a session has begun or ended."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    async def login(next: str = "/", over: int = 0) -> Response:  # noqa: A002  # the page's name
        return _form("login", next, "登录已过期，请重新登录。" if over else "")

    @router.get("/sign-in/{step}")
    async def further(step: Literal["code", "password"], next: str = "/") -> Response:  # noqa: A002
        return _form(step, next)

    @router.post("/sign-in")
    async def enter(request: Request, login: Text, password: Text, next: Text = "/") -> Response:  # noqa: A002
        address = request.headers.get("x-forwarded-for", "").split(",")[0].strip()
        result = await asyncio.to_thread(desk.enter, login, password, address)
        if isinstance(result, DeskError):
            return _form("login", next, result.message, 401)
        changed()
        return _signed(request, result.token, result.todo, next)

    @router.post("/sign-in/leave")
    async def leave(request: Request) -> Response:
        await asyncio.to_thread(desk.leave, _token(request))
        changed()
        answer = RedirectResponse(f"{PREFIX}/sign-in", 303)
        answer.delete_cookie(COOKIE, path=PREFIX)
        return answer

    _add_steps(router, desk, changed)
    return router


def _add_steps(router: APIRouter, desk: SignIn, changed: Callable[[], None]) -> None:
    @router.post("/sign-in/code")
    async def confirm(request: Request, code: Text, next: Text = "/") -> Response:  # noqa: A002
        result = await asyncio.to_thread(desk.confirm, _token(request), code)
        return _done(request, result, "code", next)

    @router.post("/sign-in/password")
    async def change(
        request: Request,
        old: Text,
        new: Text,
        again: Text,
        next: Text = "/",  # noqa: A002
    ) -> Response:
        if new != again:
            return _form("password", next, "两次输入的新密码不一样。", 422)
        result = await asyncio.to_thread(desk.change, _token(request), old, new)
        changed()
        return _done(request, result, "password", next)


def _done(request: Request, result: str | DeskError, step: str, next_page: str) -> Response:
    if isinstance(result, DeskError):
        return _form(step, next_page, result.message, 422)
    return _signed(request, result, None, next_page)


def _token(request: Request) -> str:
    return token_of(request.headers) or ""


def _form(step: str, next_page: str, problem: str = "", status: int = 200) -> HTMLResponse:
    page = Template(_static("sign_in")).substitute(
        title=TITLES[step],
        fields=_static(f"sign_in_{step}"),
        next=escape(_inside(next_page)),
        problem=f'<p role="alert">{escape(problem)}</p>' if problem else "",
        action=f"{PREFIX}/sign-in" + ("" if step == "login" else f"/{step}"),
        prefix=PREFIX,
    )
    return HTMLResponse(page, status, {"Cache-Control": "no-store"})


def _static(name: str) -> str:
    return (STATIC / f"{name}.html").read_text("utf-8")


def _signed(request: Request, token: str, step: str | None, next_page: str) -> Response:
    inside = _inside(next_page)
    place = f"/sign-in/{step}?next={quote(inside, safe='/')}" if step else inside
    answer = RedirectResponse(PREFIX + place, 303)
    set_cookie(answer, token, secure=request.headers.get("x-forwarded-proto") == "https")
    return answer


def set_cookie(answer: Response, token: str, *, secure: bool) -> None:
    """Give the browser its token: out of reach of scripts and of other sites."""
    answer.set_cookie(COOKIE, token, path=PREFIX, httponly=True, samesite="strict", secure=secure)


def _inside(place: str) -> str:
    """Where to go on: a page of the desk, never another site."""
    return place if _INSIDE.fullmatch(place) else "/"
