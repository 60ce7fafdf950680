"""Callbacks of an Official Account, sealed: ours beside a minimal WeRoBot, in one run."""

import shutil
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.figures import percentile
from bench.servers import serving
from bench.tables import Cell, Goal, Table
from bench.wechat_load import Sent, as_fast_as_answered, at_rate
from bot.db import Database
from bot.inbox import service as inbox
from bot.wechat.repository import arrived
from scripts.steps.places import APP_PYTHON, ROOT
from scripts.steps.tell import Failure, alone, say

FOLDER = ROOT / "var" / "bench" / "wechat"
ROUNDS = 3  # the rivals take turns, so that a slow minute of the machine hits both
COUNT, LINES = 640, 16
RUSH, RUSH_LINES = 1920, 96  # so many at once that no turn comes in time
RATE, SECONDS, RATE_LINES = 200, 10.0, 64
IN_TIME = 5.0  # seconds after which the platform delivers again
PROMPT = 0.5
REST_SECONDS = 120.0
READY_SECONDS = 60.0


@dataclass(frozen=True)
class Server:
    """One of the two, and where its callbacks go."""

    name: str
    kind: str
    port: int
    path: str


def tables() -> Sequence[Table]:
    """One table, both servers in one run.

    Raises:
        BadAnswer: a callback was answered with anything but 200.
    """
    with alone("bench"), _servers() as servers:
        full = {server.name: Sent() for server in servers}
        for turn in range(ROUNDS):
            say(f"… {LINES} 个连接尽快送,第 {turn + 1}/{ROUNDS} 轮")
            for server in servers:
                full[server.name] += as_fast_as_answered(server.port, server.path, COUNT, LINES)
        steady, rush = {}, {}
        for server in reversed(servers):  # ours last: what it has put off would burden the other
            say(f"… 每秒 {RATE} 条:{server.name}")
            steady[server.name] = at_rate(server.port, server.path, RATE, SECONDS, RATE_LINES)
            _rest()
            say(f"… {RUSH_LINES} 个连接一齐送:{server.name}")
            rush[server.name] = as_fast_as_answered(server.port, server.path, RUSH, RUSH_LINES)
            _rest()
        return (_table(servers, full, rush, steady),)


@contextmanager
def _servers() -> Iterator[Sequence[Server]]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    servers = (
        Server("ours, written down first", "ours", _free_port(), "/wechat"),
        Server("WeRoBot echo, keeps nothing", "werobot", _free_port(), "/"),
    )
    with ExitStack() as running:
        for server in servers:
            options = [server.kind, str(server.port), str(FOLDER / "data")]
            command = [APP_PYTHON, "-m", "bench.wechat_servers", *options]
            running.enter_context(serving(server.kind, command, {}, FOLDER))
        for server in servers:
            _wait_for(server)
        yield servers
    shutil.rmtree(FOLDER, ignore_errors=True)


def _rest() -> None:
    """Let our turns catch up."""
    database = Database(f"sqlite:///{FOLDER / 'data' / 'desk.sqlite3'}")
    end = time.monotonic() + REST_SECONDS
    while time.monotonic() < end:
        with database.read() as session:
            if inbox.oldest_unfinished(session) is None and not arrived(session, None, 99, 1):
                break
        time.sleep(0.5)
    database.close()


def _wait_for(server: Server) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 1):
                return
        except OSError:
            time.sleep(0.2)
    raise Failure(f"{server.name} did not start: {FOLDER / server.kind}.log")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _table(
    servers: Sequence[Server],
    full: dict[str, Sent],
    rush: dict[str, Sent],
    steady: dict[str, Sent],
) -> Table:
    rows: list[list[Cell]] = []
    for server in servers:
        one, many, other = full[server.name], rush[server.name], steady[server.name]
        late = sum(seconds > IN_TIME for seconds in other.times)
        rows.append(
            [
                server.name,
                len(one.times) / one.elapsed,
                percentile(one.times, 50) * 1000,
                percentile(one.times, 99) * 1000,
                len(many.times) / many.elapsed,
                percentile(other.times, 50) * 1000,
                percentile(other.times, 99) * 1000,
                f"{100 * other.answered / len(other.times):.0f} %",
                late,
            ]
        )
    ours = steady[servers[0].name]
    worst = percentile(ours.times, 99)
    return Table(
        title=f"Sealed callbacks ({COUNT * ROUNDS} from {LINES} connections, {RUSH} from"
        f" {RUSH_LINES}; {RATE}/s)",
        columns=[
            "server",
            "callbacks/s",
            "p50 ms",
            "p99 ms",
            f"/s from {RUSH_LINES}",
            f"p50 @{RATE}/s",
            f"p99 @{RATE}/s",
            "answered at once",
            "late",
        ],
        rows=rows,
        notes=(
            "ours: signature, window, decryption, line and turn committed to disk, the bot's echo"
            " written down, answered passively; in a rush committed to disk, acknowledged and taken"
            " in afterwards; all but Rasa is the product",
            "WeRoBot: the same uvicorn, one worker; signature and decryption, echo; what comes"
            " twice is answered twice, what dies with the process is gone",
            "late: callbacks that the platform would have delivered again",
        ),
        goals=[
            Goal(
                f"at {RATE}/s ours acknowledges long before the platform delivers again:"
                f" p99 {worst * 1000:.0f} ms, wanted {PROMPT * 1000:.0f}",
                worst < PROMPT,
            )
        ],
    )


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(table.as_text() for table in tables()) + "\n")
