"""Servers started for a run, on free loopback ports, with data and secrets of their own."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.steps import run
from scripts.steps.places import APP_PYTHON, CHILD, ROOT
from scripts.steps.settings import Address
from scripts.steps.tell import Failure, tail

READY_SECONDS = 180.0
STOP_SECONDS = 15.0
UNLIMITED = "1000000/second"


@dataclass(frozen=True)
class Place:
    """Where one set of servers listens and keeps its data, and what it is told."""

    folder: Path
    app: int
    rasa: int
    actions: int
    rasa_token: str
    actions_token: str

    @property
    def database(self) -> str:
        """The SQLAlchemy address of its database."""
        return f"sqlite:///{self.folder / 'desk.sqlite3'}"

    @property
    def actions_url(self) -> str:
        """Where Rasa calls actions."""
        return f"http://127.0.0.1:{self.actions}/webhook"

    def url(self, port: int) -> str:
        """The base address of one of its ports."""
        return f"http://127.0.0.1:{port}"

    def environment(self) -> dict[str, str]:
        """The settings of its processes: ours as deployed, but without rate limits."""
        return {
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "RASA_URL": self.url(self.rasa),
            "RASA_TOKEN": self.rasa_token,
            "ACTIONS_URL": self.actions_url,
            "ACTIONS_TOKEN": self.actions_token,
            "SECRET_KEY": secrets.token_urlsafe(32),
            "APP_HOST": "127.0.0.1",
            "APP_PORT": str(self.app),
            "CHAT_RATE": UNLIMITED,
            "OPEN_RATE": UNLIMITED,
        }


def place(folder: Path) -> Place:
    """A fresh place with a migrated database; `folder` should lie on the disk that is meant."""
    folder.mkdir(parents=True)
    app, rasa, actions = _free_ports(3)
    rasa_token, actions_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    made = Place(folder, app, rasa, actions, rasa_token, actions_token)
    migrated = subprocess.run(
        [APP_PYTHON, "-m", "bot", "migrate"],
        cwd=ROOT,
        env={**os.environ, **made.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    if migrated.returncode:
        raise Failure(f"the database could not be made:\n{migrated.stderr[-2000:]}")
    return made


@contextlib.contextmanager
def product(where: Place, model: Path) -> Iterator[None]:
    """Our three processes, with the very command lines of `scripts/run`."""
    places = {
        "app": Address("APP_PORT", "127.0.0.1", where.app, ""),
        "rasa": Address("RASA_URL", "127.0.0.1", where.rasa, ""),
        "actions": Address("ACTIONS_URL", "127.0.0.1", where.actions, ""),
    }
    with contextlib.ExitStack() as running:
        for process in run.processes(places, model):
            settings = {**where.environment(), **process.environment}
            running.enter_context(serving(process.name, process.command, settings, where.folder))
        wait_for(f"{where.url(where.app)}/readyz", where.folder)
        yield


@contextlib.contextmanager
def serving(
    name: str, command: Sequence[str | Path], settings: Mapping[str, str], folder: Path
) -> Iterator[None]:
    """One process with its output in `folder`; it ends with the block, or with us."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, CHILD, *command],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        _stop(process)


def wait_for(url: str, folder: Path) -> None:
    """Wait until an address answers 200. Raises Failure with the ends of the logs."""
    end = time.monotonic() + READY_SECONDS
    while not _answers(url):
        if time.monotonic() > end:
            raise Failure(f"{url} did not answer within {READY_SECONDS:.0f} s\n{ends(folder)}")
        time.sleep(0.3)


def ends(folder: Path) -> str:
    """The last lines of every log of a place, which goes when the run ends."""
    return "\n".join(f"{log}:\n{tail(log)}" for log in sorted(folder.glob("*.log")))


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_ports(count: int) -> list[int]:
    """Ports free a moment ago, all different."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
