"""Sealed callbacks made beforehand and sent from several connections, as fast as answered or at a
given rate."""

import http.client
import itertools
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.http import TIMEOUT, BadAnswer
from bench.wechat_servers import AES_KEY, APP_ID, TOKEN
from bot.channels.wechat import crypto

KEY = crypto.key_of(AES_KEY)
FOLLOWERS = 100
_ids = itertools.count(time.time_ns())


@dataclass(frozen=True)
class Callback:
    """A signed query and the sealed body that goes with it."""

    query: str
    body: bytes


def callbacks(count: int) -> list[Callback]:
    """So many messages of a hundred followers, each with an id of its own."""
    return [_callback(f"oFollower{number % FOLLOWERS:03}") for number in range(count)]


def _callback(openid: str) -> Callback:
    number, stamp, nonce = next(_ids), str(int(time.time())), secrets.token_hex(5)
    text = (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{openid}]]>"
        f"</FromUserName><CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[昨天买的裙子想退 {number}]]></Content><MsgId>{number}</MsgId></xml>"
    )
    sealed = crypto.seal(KEY, APP_ID, text.encode())
    query = {
        "signature": crypto.sign(TOKEN, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": crypto.sign(TOKEN, stamp, nonce, sealed),
    }
    envelope = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Callback(urlencode(query), envelope.encode())


@dataclass
class Sent:
    """What came of the callbacks: seconds of each, in all, and how many had an answer at once."""

    times: list[float] = field(default_factory=list)
    answered: int = 0
    elapsed: float = 0.0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.times + other.times,
            self.answered + other.answered,
            self.elapsed + other.elapsed,
        )


class Line:
    """One kept-alive connection to a callback address."""

    def __init__(self, port: int, path: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self._path = path

    def post(self, callback: Callback) -> bool:
        """Deliver; whether the answer was more than an acknowledgement. Raises BadAnswer."""
        self._connection.request("POST", f"{self._path}?{callback.query}", callback.body)
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise BadAnswer(f"{response.status} {content[:200]!r}")
        return b"Encrypt" in content


def as_fast_as_answered(port: int, path: str, count: int, lines: int) -> Sent:
    """A number of connections, each sending the next callback once the last is answered."""
    work = callbacks(count)  # dealt out, so that no two connections speak for one follower at once
    shares = [work[place::lines] for place in range(lines)]

    def run(share: Sequence[Callback]) -> Sent:
        line, sent = Line(port, path), Sent()
        for callback in share:
            began = time.perf_counter()
            sent.answered += line.post(callback)
            sent.times.append(time.perf_counter() - began)
        return sent

    with ThreadPoolExecutor(lines) as pool:
        began = time.perf_counter()
        total = sum(pool.map(run, shares), Sent())
        total.elapsed = time.perf_counter() - began
    return total


def at_rate(port: int, path: str, rate: int, seconds: float, lines: int) -> Sent:
    """Callbacks begun at fixed instants whether or not others are answered; the time of one counts
    from the instant at which it was due."""
    work = callbacks(int(rate * seconds))
    due = _due(work, rate)
    total, guard = Sent(), threading.Lock()

    def run() -> None:
        line = Line(port, path)
        while True:
            with guard:
                place = next(due, None)
            if place is None:
                return
            at, callback = place
            time.sleep(max(0.0, at - time.perf_counter()))
            answered = line.post(callback)
            with guard:
                total.times.append(time.perf_counter() - at)
                total.answered += answered

    with ThreadPoolExecutor(lines) as pool:
        for done in [pool.submit(run) for _ in range(lines)]:
            done.result()
    total.elapsed = seconds
    return total


def _due(work: Sequence[Callback], rate: int) -> Iterator[tuple[float, Callback]]:
    began = time.perf_counter() + 0.1
    return ((began + number / rate, callback) for number, callback in enumerate(work))
