"""A twin of the Official Account platform: followers, windows, quotas, tokens, files."""

from __future__ import annotations

import itertools
import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 2048  # bytes of a text
TALK = (5, 48 * 3600.0)  # sends, seconds
TAP = (3, 60.0)
TOKEN_SECONDS = 7200
OVERLAP = 300
FORCED_A_DAY, FORCED_APART = 20, 30.0

ERRORS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40014: "invalid access_token",
    40125: "invalid appsecret",
    40164: "invalid ip 203.0.113.7, not in whitelist",
    42001: "access_token expired",
    43004: "require subscribe",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    48001: "api unauthorized",
}


@dataclass
class Bubble:
    """What a phone shows: `who` is `me`, `shop` or `platform`; `way` how it came."""

    number: int
    who: str
    text: str
    way: str = ""
    menu: list[dict[str, str]] = field(default_factory=list)
    picture: str = ""


@dataclass
class Follower:
    """One phone."""

    openid: str
    following: bool = True
    talk_left: int = 0
    talk_until: float = 0.0
    tap_left: int = 0
    tap_until: float = 0.0
    screen: list[Bubble] = field(default_factory=list)

    def texts(self, way: str | None = None) -> list[str]:
        """What the shop said, in the order it arrived."""
        return [
            bubble.text
            for bubble in self.screen
            if bubble.who == "shop" and way in (None, bubble.way)
        ]


class Refusal(Exception):
    """An error code of the platform."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(ERRORS.get(code, "error"))


@dataclass
class Platform:
    """One account. `now` is the platform's clock; `failures` are codes for the next sends, a
    function among them is called instead, after the send was done."""

    app_id: str = "wx0123456789abcdef"
    secret: str = "the-secret-of-the-account"
    now: Callable[[], float] = time.time
    failures: deque[int | Callable[[], None]] = field(default_factory=deque)
    always: int | None = None
    followers: dict[str, Follower] = field(default_factory=dict)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    sends: list[Mapping[str, Any]] = field(default_factory=list)
    notices: list[Mapping[str, Any]] = field(default_factory=list)
    token_calls: list[bool] = field(default_factory=list)
    token_failure: int | None = None
    media_failure: int | None = None
    menu: Any = None
    guard: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._token, self._token_until, self._old, self._old_until = "", 0.0, "", 0.0
        self._forced: list[float] = []

    def follower(self, openid: str) -> Follower:
        """The phone of that name, which follows from its first use on."""
        with self.guard:
            return self.followers.setdefault(openid, Follower(openid))

    def show(
        self,
        openid: str,
        who: str,
        text: str,
        way: str = "",
        menu: Any = None,
        picture: str = "",
    ) -> None:
        """Put a bubble on a screen; `picture` is a media id."""
        with self.guard:
            bubble = Bubble(next(self._numbers), who, text, way, menu or [], picture)
            self.follower(openid).screen.append(bubble)

    def spoke(self, openid: str) -> None:
        """The shopper wrote: five sends within two days."""
        with self.guard:
            one = self.follower(openid)
            one.talk_left, one.talk_until = TALK[0], self.now() + TALK[1]

    def tapped(self, openid: str) -> None:
        """The shopper used the menu, followed or scanned: three sends within a minute."""
        with self.guard:
            one = self.follower(openid)
            one.tap_left, one.tap_until = TAP[0], self.now() + TAP[1]

    def keep(self, data: bytes, content_type: str = "image/jpeg") -> str:
        """Store a file that a shopper sent; its media id."""
        media_id = secrets.token_urlsafe(24)
        self.files[media_id] = (data, content_type)
        return media_id

    def upload(self, token: str, raw: bytes) -> dict[str, Any]:
        """POST /cgi-bin/media/upload of one picture as form data."""
        with self.guard:
            self.check_token(token)
            if self.media_failure is not None:
                raise Refusal(self.media_failure)
        seam = raw.split(b"\r\n", 1)[0]
        data = raw.split(b"\r\n\r\n", 1)[-1].rsplit(b"\r\n" + seam, 1)[0]
        if not data.startswith(b"\xff\xd8"):
            raise Refusal(40004)
        return {"type": "image", "media_id": self.keep(data), "created_at": int(self.now())}

    def revoke(self) -> None:
        """Another system of the shop forced a token, or the platform took ours back."""
        with self.guard:
            self._new_token()
            self._old_until = 0.0

    def stable_token(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST /cgi-bin/stable_token."""
        with self.guard:
            force = bool(body.get("force_refresh"))
            self.token_calls.append(force)
            if self.token_failure is not None:
                raise Refusal(self.token_failure)
            if body.get("appid") != self.app_id or body.get("secret") != self.secret:
                raise Refusal(40125)
            now = self.now()
            if force and self._may_force(now):
                self._forced.append(now)
                self._new_token()
                self._old_until = 0.0
            elif not self._token or self._token_until - now <= OVERLAP:
                self._new_token()
            return {"access_token": self._token, "expires_in": int(self._token_until - now)}

    def check_token(self, token: str) -> None:
        """Raise Refusal for a token that does not hold."""
        now = self.now()
        if token == self._token and now < self._token_until:
            return
        if token and token == self._old and now < self._old_until:
            return
        raise Refusal(40001)

    def send(self, token: str, raw: bytes) -> dict[str, Any]:
        """POST /cgi-bin/message/custom/send."""
        with self.guard:
            self.check_token(token)
            failure = self.failures.popleft() if self.failures else self.always
            if isinstance(failure, int):
                raise Refusal(failure)
            body = json.loads(raw.decode("utf-8"))
            self._deliver(body)
        if failure is not None:
            failure()
        return {"errcode": 0, "errmsg": "ok"}

    def notify(self, token: str, raw: bytes) -> dict[str, Any]:
        """POST of a template or subscription message: goes through at any time."""
        with self.guard:
            self.check_token(token)
            body = json.loads(raw.decode("utf-8"))
            if not self._known(body["touser"]).following:
                raise Refusal(43004)
            self.notices.append(body)
            text = "\n".join(str(each["value"]) for each in body["data"].values())
            self.show(body["touser"], "shop", text, "notice")
        return {"errcode": 0, "errmsg": "ok"}

    def _deliver(self, body: Mapping[str, Any]) -> None:
        one = self._known(body["touser"])
        if not one.following:
            raise Refusal(43004)
        text, menu = _content(body)
        if len(text.encode()) > LONGEST:
            raise Refusal(45002)
        self._spend(one)
        self.sends.append(body)
        picture = body["image"]["media_id"] if body["msgtype"] == "image" else ""
        if picture and picture not in self.files:
            raise Refusal(40007)
        self.show(one.openid, "shop", text, "custom", menu, picture)

    def _known(self, openid: str) -> Follower:
        if openid not in self.followers:
            raise Refusal(40003)
        return self.followers[openid]

    def _spend(self, one: Follower) -> None:
        now = self.now()
        if one.tap_left and now < one.tap_until:
            one.tap_left -= 1
        elif now >= one.talk_until:
            raise Refusal(45015)
        elif not one.talk_left:
            raise Refusal(45047)
        else:
            one.talk_left -= 1

    def _may_force(self, now: float) -> bool:
        today = [at for at in self._forced if now - at < 24 * 3600]
        return len(today) < FORCED_A_DAY and (not today or now - today[-1] >= FORCED_APART)

    def _new_token(self) -> None:
        now = self.now()
        self._old, self._old_until = self._token, min(self._token_until, now + OVERLAP)
        self._token, self._token_until = secrets.token_urlsafe(96), now + TOKEN_SECONDS


def _content(body: Mapping[str, Any]) -> tuple[str, list[dict[str, str]]]:
    if body["msgtype"] == "text":
        return body["text"]["content"], []
    if body["msgtype"] == "msgmenu":
        return body["msgmenu"]["head_content"], body["msgmenu"]["list"]
    if body["msgtype"] == "image":
        return "[图片]", []
    raise Refusal(40008)
