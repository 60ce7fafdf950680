"""The desk with 200 waiting, 500 open and 20 people: pages, new lines, claims.

The gateway and the desk run as deployed; the browsers are played by what these send: pages over
HTTP and the socket of each page, kept open. Rasa is not asked, for people answer.
"""

import asyncio
import contextlib
import re
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from bench.desk_people import House, furnish
from bench.figures import percentile
from bench.servers import UNLIMITED, Place, place, serving, wait_for
from bench.tables import Goal, Table
from scripts.steps.places import APP_PYTHON, ROOT
from scripts.steps.tell import alone, say

FOLDER = ROOT / "var" / "bench"
WAITING, OPEN, PEOPLE = 200, 500, 20
LOADS, LINES, CLAIMS = 4, 100, 100
PAUSE = 0.05  # seconds between lines: 20 a second, as many as 500 shoppers who write every 25 s
LONGEST_PAGE, LONGEST_LINE, LONGEST_CLAIM = 300.0, 300.0, 50.0  # milliseconds, p95
CLIENT = re.compile(r"'client_id': '([0-9a-f-]+)'|\"client_id\": ?\"([0-9a-f-]+)\"")


def tables() -> Sequence[Table]:
    """One table."""
    with alone("bench"), _folder() as folder:
        where = place(folder / "ours")
        house = furnish(where, WAITING, OPEN, PEOPLE)
        with _running(where):
            house.until_handled()
            return [asyncio.run(_measured(where, house))]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=FOLDER) as folder:
        yield Path(folder)


@contextlib.contextmanager
def _running(where: Place) -> Iterator[None]:
    """The gateway and the desk; what would be Rasa's port is the desk's."""
    settings = {
        **where.environment(),
        "DESK_PORT": str(where.rasa),
        "RASA_URL": where.url(where.actions),
        "SIGN_IN_RATE": UNLIMITED,
    }
    with (
        serving("app", [APP_PYTHON, "-m", "bot", "serve"], settings, where.folder),
        serving("desk", [APP_PYTHON, "-m", "bot", "desk"], settings, where.folder),
    ):
        wait_for(f"{where.url(where.app)}/desk/healthz", where.folder)
        yield


@dataclass(frozen=True)
class Seat:
    """A person with a page open; `heard` holds what its socket has brought."""

    token: str
    conversation_id: str
    heard: "asyncio.Queue[tuple[float, str]]"


async def _measured(where: Place, house: House) -> Table:
    url = where.url(where.app)
    async with contextlib.AsyncExitStack() as open_now:
        browser = await open_now.enter_async_context(
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=60)
        )
        seats = [
            await open_now.enter_async_context(_seated(browser, url, token, conversations[0]))
            for token, conversations in house.seats
        ]
        say(f"✓ {len(seats)} 位同事在线")
        queue = await _loads(browser, house, lambda _: "/desk/")
        talk = await _loads(browser, house, lambda conversation: f"/desk/c/{conversation}")
        lines = await _lines(house, seats)
        claims = await _claims(house)
    rows = [
        ("queue page", *_row(queue)),
        ("conversation page", *_row(talk)),
        ("shopper's line on the agent's socket", *_row(lines)),
        ("claim", *_row(claims)),
    ]
    return Table(
        f"The desk: {WAITING} waiting, {OPEN} open, {PEOPLE} people",
        ["milliseconds", "n", "p50", "p95", "most"],
        rows,
        notes=[f"{PEOPLE} pages stay open meanwhile; pages are asked for by one person at a time"],
        goals=[
            Goal(f"the queue within {LONGEST_PAGE:.0f} ms", _p95(queue) < LONGEST_PAGE),
            Goal(f"a conversation within {LONGEST_PAGE:.0f} ms", _p95(talk) < LONGEST_PAGE),
            Goal(f"a new line within {LONGEST_LINE:.0f} ms", _p95(lines) < LONGEST_LINE),
            Goal(f"a claim within {LONGEST_CLAIM:.0f} ms", _p95(claims) < LONGEST_CLAIM),
        ],
    )


@contextlib.asynccontextmanager
async def _seated(
    browser: httpx.AsyncClient, url: str, token: str, conversation_id: str
) -> AsyncIterator[Seat]:
    """A page of a conversation with its socket, kept alive as a browser does."""
    page = await _get(browser, token, f"/desk/c/{conversation_id}")
    client_id = next(filter(None, _client(page).groups()))
    query = (
        f"client_id={client_id}&next_message_id=0&implicit_handshake=true"
        f"&document_id={uuid.uuid4()}&tab_id={uuid.uuid4()}&old_tab_id=null"
        "&EIO=4&transport=websocket"
    )
    address = f"{url.replace('http', 'ws')}/desk/_nicegui_ws/socket.io/?{query}"
    cookie = {"Cookie": f"desk_session={token}"}
    origin = Origin(url)
    async with connect(address, additional_headers=cookie, origin=origin, max_size=None) as socket:
        await socket.recv()
        await socket.send("40")
        heard: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
        reading = asyncio.create_task(_read(socket, heard))
        try:
            yield Seat(token, conversation_id, heard)
        finally:
            reading.cancel()


def _client(page: str) -> re.Match[str]:
    found = CLIENT.search(page)
    if found is None:
        raise AssertionError(f"no page of the desk:\n{page[:500]}")
    return found


async def _read(socket: ClientConnection, heard: "asyncio.Queue[tuple[float, str]]") -> None:
    async for message in socket:
        if message == "2":  # ping
            await socket.send("3")
        elif isinstance(message, str):
            heard.put_nowait((time.perf_counter(), message))


async def _loads(
    browser: httpx.AsyncClient, house: House, path: Callable[[str], str]
) -> list[float]:
    times = []
    for round_ in range(LOADS):
        for token, conversations in house.seats:
            wanted = path(conversations[round_ % len(conversations)])
            began = time.perf_counter()
            await _get(browser, token, wanted)
            times.append(time.perf_counter() - began)
    return times


async def _get(browser: httpx.AsyncClient, token: str, path: str) -> str:
    answer = await browser.get(path, headers={"Cookie": f"desk_session={token}"})
    answer.raise_for_status()
    return answer.text


async def _lines(house: House, seats: Sequence[Seat]) -> list[float]:
    """From before the shopper's line is committed to its words on the socket."""
    times = []
    for number in range(LINES):
        seat, words = seats[number % len(seats)], f"line-{number}-{uuid.uuid4().hex[:8]}"
        began = time.perf_counter()
        await asyncio.to_thread(house.hear, seat.conversation_id, words)
        times.append(await asyncio.wait_for(_until(seat, words), 30) - began)
        await asyncio.sleep(PAUSE)
    return times


async def _until(seat: Seat, words: str) -> float:
    while True:
        at, message = await seat.heard.get()
        if words in message:
            return at


async def _claims(house: House) -> list[float]:
    times = []
    for number in range(CLAIMS):
        began = time.perf_counter()
        await asyncio.to_thread(house.claim, number)
        times.append(time.perf_counter() - began)
    return times


def _row(times: Sequence[float]) -> tuple[int, float, float, float]:
    return len(times), percentile(times, 50) * 1000, _p95(times), max(times) * 1000


def _p95(times: Sequence[float]) -> float:
    return percentile(times, 95) * 1000
