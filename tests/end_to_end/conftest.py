"""A shopper over plain HTTP and one with a phone."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.fixtures.browser import PHONE
from tests.fixtures.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass
class Shopper:
    """Talks to the running product through the shopper API."""

    url: str
    shop: str | None = None
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=40, trust_env=False))
    seq: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        shop = {"shop": self.shop}
        opened = self.http.post(f"{self.url}/api/chat/conversations", json=shop).json()
        self.http.headers["Authorization"] = f"Bearer {opened['visitor_token']}"
        self._messages = f"{self.url}/api/chat/conversations/{opened['conversation_id']}/messages"
        self.fetch()

    def send(self, **line: str) -> httpx.Response:
        """Send a text or a payload, without waiting for the answer."""
        return self.http.post(self._messages, json={"client_message_id": str(uuid.uuid4())} | line)

    def shows(self, photo: bytes) -> list[dict[str, Any]]:
        """Send a photo and wait for what the bot answers to it."""
        url = self._messages.removesuffix("messages") + "attachments"
        response = self.http.post(url, files={"file": ("photo.png", photo, "image/png")})
        assert response.status_code == 201, response.text
        return self.answer_to(response.json()["seq"])

    def rates(self, score: int) -> httpx.Response:
        """Rate the service."""
        url = self._messages.removesuffix("messages") + "rating"
        return self.http.post(url, json={"score": score})

    def fetch(self, wait: float = 0) -> list[dict[str, Any]]:
        """The lines that are new since the last look."""
        found = self.http.get(self._messages, params={"after": self.seq, "wait": wait}).json()
        self.lines += found["messages"]
        self.seq = max([self.seq, *(line["seq"] for line in found["messages"])])
        new: list[dict[str, Any]] = found["messages"]
        return new

    def says(self, text: str | None = None, payload: str | None = None) -> list[dict[str, Any]]:
        """Send a line and wait for what the bot answers to it."""
        response = self.send(**({"payload": payload} if payload else {"text": text or ""}))
        assert response.status_code == 202, response.text
        return self.answer_to(response.json()["seq"])

    def answer_to(self, seq: int, seconds: float = 30) -> list[dict[str, Any]]:
        """The bot's lines after the line `seq`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.fetch(wait=2)
            said = [x for x in self.lines if x["seq"] > seq and x["author"] == "bot"]
            if said:
                return said
        raise AssertionError(f"no answer to line {seq}: {self.lines}")


Arrive = Callable[..., Shopper]


@pytest.fixture
def arrive(stack: Stack) -> Iterator[Arrive]:
    """Lets a shopper open a conversation; all of them hang up afterwards."""
    came: list[Shopper] = []

    def one(shop: str | None = None) -> Shopper:
        came.append(Shopper(stack.url, shop))
        return came[-1]

    yield one
    for shopper in came:
        shopper.http.close()


@pytest.fixture
def shopper(arrive: Arrive) -> Shopper:
    """A shopper who has just opened a conversation."""
    return arrive()


@pytest.fixture
def phone(stack: Stack, browser: "Browser") -> Iterator["Page"]:
    """The shopper page on a phone; a script error fails the test."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(stack.url)
    yield page
    context.close()
    assert faults == []
