"""The shopper's side of the chat API: open, say, wait for news."""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests

from bot.errors import DeskError, NotFound, TooMany, Unavailable
from bot.messages import Author, Button

LONGEST_WAIT = 20.0  # seconds of one long poll
LONGEST_PAUSE = 60.0  # seconds waited when told to come back later
TRIES = 10  # times told to come back later before it is given up


class Refused(DeskError):
    """The server answered a call with an error; its status and code are in the details."""

    code = "refused"


class NotServed(NotFound):
    """The server knows no shop of that name."""

    code = "unknown_shop"


@dataclass(frozen=True)
class Said:
    """One line of the conversation as the API shows it."""

    seq: int
    author: str
    text: str
    at: datetime
    ask: str | None = None
    decision: Mapping[str, Any] | None = None
    ticket: Mapping[str, Any] | None = None
    buttons: Sequence[Button] = ()

    @property
    def by_bot(self) -> bool:
        """Whether the bot said it."""
        return self.author == Author.BOT


class Chat:
    """One conversation. Raises Unavailable when the server cannot be reached, else Refused."""

    def __init__(self, url: str, shop: str, sleep: Callable[[float], object] = time.sleep) -> None:
        """Open it. Raises NotServed for a shop that the server does not know."""
        self._base = f"{url.rstrip('/')}/api/chat/conversations"
        self._sleep = sleep
        self._session = requests.Session()
        self._session.trust_env = False
        try:
            opened = self._call("POST", "", json={"shop": shop})
        except Refused as error:
            if error.details["code"] == NotServed.code:
                raise NotServed(shop=shop) from error
            raise
        self._session.headers["Authorization"] = f"Bearer {opened['visitor_token']}"
        self._path = f"/{opened['conversation_id']}/messages"
        self._seen = 0
        self._now = datetime.now(UTC)
        self.mode = ""

    def say(self, text: str) -> None:
        """Send a line in the shopper's words."""
        self._send({"text": text})

    def press(self, payload: str) -> None:
        """Send what a button sends."""
        self._send({"payload": payload})

    def news(self, wait: float) -> list[Said]:
        """Lines not seen before, in order; waits up to `wait` seconds for the first."""
        wait = min(wait, LONGEST_WAIT)
        view = self._call(
            "GET",
            self._path,
            params={"after": str(self._seen), "wait": f"{wait:g}"},
            timeout=wait + 10,
        )
        lines = [_said(line) for line in view["messages"]]
        if lines:
            self._seen, self._now = lines[-1].seq, lines[-1].at
        self.mode = view["mode"]
        return lines

    def today(self, zone: ZoneInfo) -> date:
        """The date on the server's clock, by the newest line seen."""
        return self._now.astimezone(zone).date()

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _send(self, content: Mapping[str, str]) -> None:
        # One id for all tries, so that a line is never said twice.
        self._call("POST", self._path, json={"client_message_id": str(uuid.uuid4()), **content})

    def _call(self, method: str, path: str, timeout: float = 30, **content: Any) -> Any:
        for _ in range(TRIES):
            response = self._request(method, path, timeout, content)
            if response.status_code != 429:
                return _body(response)
            self._sleep(_pause(response))
        raise TooMany(f"服务连续 {TRIES} 次说太快了。")

    def _request(
        self, method: str, path: str, timeout: float, content: Mapping[str, Any]
    ) -> requests.Response:
        url = self._base + path
        try:
            return self._session.request(method, url, timeout=timeout, **content)
        except requests.RequestException as error:
            problem = type(error).__name__
            raise Unavailable(f"连不上 {url}，请先启动服务。", problem=problem) from error


def _pause(response: requests.Response) -> float:
    said = response.headers.get("Retry-After", "")
    return min(float(said), LONGEST_PAUSE) if said.isdigit() else 1.0


def _body(response: requests.Response) -> Any:
    try:
        data = response.json()
    except ValueError:
        data = None
    if response.ok and isinstance(data, dict):
        return data
    error = (data.get("error") if isinstance(data, dict) else None) or {}
    raise Refused(
        f"服务答复了 {response.status_code}：{error.get('message', '没有说明')}",
        status=response.status_code,
        code=error.get("code"),
    )


def _said(line: Mapping[str, Any]) -> Said:
    return Said(
        seq=line["seq"],
        author=line["author"],
        text=line["text"] or "",
        at=datetime.fromisoformat(line["created_at"]),
        ask=line.get("ask"),
        decision=line.get("decision"),
        ticket=line.get("ticket"),
        buttons=line.get("buttons") or (),
    )
