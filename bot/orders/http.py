"""A shop's own order system over HTTP, as docs/orders-openapi.yaml describes it.

It may hang, fall over or lie: a call takes a few seconds at most, is tried again only when that
can help, and after several failures is not made at all for a while.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import pybreaker
import requests
import tenacity
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.orders.service import Order, OrderLine, OrdersAway

CONNECT, READ = 1.0, 2.5  # seconds
LARGEST = 256 * 1024  # bytes of an answer
TRIES = 2
FAILURES, REST = 5, 30  # failures in a row after which it is left alone, for seconds


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = Field(max_length=200)
    price_paid: Decimal = Field(ge=0, max_digits=12, decimal_places=2)
    quantity: int = Field(default=1, ge=1, le=10_000)
    category: str | None = Field(default=None, pattern=r"^[a-z_]{1,40}$")
    special_price: bool | None = None


class _Order(BaseModel):
    model_config = ConfigDict(extra="ignore")

    no: str = Field(min_length=1, max_length=64)
    purchased_on: date
    lines: list[_Line] = Field(min_length=1, max_length=200)
    remote: bool
    status: Literal["placed", "paid", "shipped", "delivered", "done", "cancelled"] = "done"
    received_on: date | None = None
    carrier: str | None = Field(default=None, max_length=64)
    tracking_no: str | None = Field(default=None, max_length=64)
    phone_tail: str | None = Field(default=None, pattern=r"^[0-9]{4}$")

    def order(self) -> Order:
        lines = [OrderLine(**line.model_dump()) for line in self.lines]
        return Order(**{**self.model_dump(), "lines": lines})


class _Orders(BaseModel):
    orders: list[_Order] = Field(max_length=200)


Shape = TypeVar("Shape", bound=BaseModel)


class _Busy(Exception):
    """A failure that may pass: worth another try."""


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    json: bool


def _within_time(raw: Any, patience: float) -> bytes:
    """The body, given up when it trickles in: the time-out of the socket starts anew per byte."""
    began, body = time.monotonic(), b""
    while len(body) <= LARGEST:
        if time.monotonic() - began > patience:
            raise _Busy("the answer trickled in")
        chunk = raw.read1(LARGEST, decode_content=True)
        if not chunk:
            break
        body += chunk
    return body


def _plain(no: str) -> str:
    """A number without what people leave out of it."""
    return no.replace("-", "").replace(" ", "").upper()


class HttpOrders:
    """Asks the order system at `url`, which has `patience` seconds for an answer; safe to use
    from several threads."""

    def __init__(self, url: str, token: str = "", patience: float = READ) -> None:
        self._url = url.rstrip("/")
        self._patience = patience
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES, reset_timeout=REST, throw_new_error_on_trip=False
        )
        self._again = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Busy),
            stop=tenacity.stop_after_attempt(TRIES),
            wait=tenacity.wait_random(0.05, 0.3),
            reraise=True,
        )

    def by_number(self, shop: str, no: str) -> Order | None:
        """The order of that number. Raises OrdersAway."""
        answer = self._get(f"/orders/{quote(no, safe='')}", {"shop": shop})
        if answer.status == 404:
            return None
        order = self._read(_Order, answer).order()
        if _plain(order.no) != _plain(no):
            raise OrdersAway(reason="another order was answered")
        return order

    def by_phone(self, shop: str, phone: str) -> Sequence[Order]:
        """The orders of a mobile number, newest first. Raises OrdersAway."""
        return self._many({"shop": shop, "phone": phone})

    def by_member(self, shop: str, member: str) -> Sequence[Order]:
        """The orders of a member's card, newest first. Raises OrdersAway."""
        return self._many({"shop": shop, "member": member})

    def _many(self, wanted: dict[str, str]) -> Sequence[Order]:
        answer = self._get("/orders", wanted)
        if answer.status == 404:
            return []
        found = [each.order() for each in self._read(_Orders, answer).orders]
        return sorted(found, key=lambda order: order.purchased_on, reverse=True)

    def _get(self, path: str, wanted: dict[str, str]) -> _Answer:
        try:
            answer: _Answer = self._breaker.call(self._again, self._once, path, wanted)
        except pybreaker.CircuitBreakerError as error:
            raise OrdersAway(reason="left alone for a while") from error
        except _Busy as error:
            raise OrdersAway(reason=str(error)) from error
        return answer

    def _once(self, path: str, wanted: dict[str, str]) -> _Answer:
        try:
            with requests.get(
                self._url + path,
                params=wanted,
                headers=self._headers,
                timeout=(CONNECT, self._patience),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return self._taken(answer)
        except requests.RequestException as error:
            raise _Busy(type(error).__name__) from error

    def _taken(self, answer: requests.Response) -> _Answer:
        if answer.status_code >= 500 or answer.status_code == 429:
            raise _Busy(f"status {answer.status_code}")
        body = _within_time(answer.raw, self._patience)
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return _Answer(answer.status_code, body, kind == "application/json")

    def _read(self, shape: type[Shape], answer: _Answer) -> Shape:
        if answer.status != 200 or not answer.json or len(answer.body) > LARGEST:
            raise OrdersAway(reason=f"no answer as agreed: status {answer.status}")
        try:
            return shape.model_validate_json(answer.body)
        except ValidationError as error:
            raise OrdersAway(reason=f"{error.error_count()} fields are not as agreed") from error
