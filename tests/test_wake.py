"""A wake-up told in one process is heard in every other, and its loss harms nobody."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import wake
from bot.settings import ROOT, Settings
from bot.wake import LocalWake, RedisWake, Wake
from tests.fixtures.desk import until

LISTENER = """
import sys
from bot.settings import Settings
from bot import wake
listening = wake.make(Settings()).listen(lambda topic: print(topic, flush=True))
print("ready", flush=True)
sys.stdin.read()
listening.stop()
"""


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The settings of processes that share a folder or a Redis."""
    shared = {"VAR_DIR": str(tmp_path)}
    if request.param == "redis":
        shared["REDIS_URL"] = str(request.getfixturevalue("redis_url"))
    return shared


@pytest.fixture
def made(place: dict[str, str]) -> Callable[[], Wake]:
    """Makes what another process would make."""
    chosen = {name.lower(): value for name, value in place.items()}
    return lambda: wake.make(Settings(_env_file=None, **chosen))  # type: ignore[call-arg,arg-type]


@contextmanager
def another_process(place: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", LISTENER]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **place},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()


def test_two_other_processes_hear_what_is_told_here(
    place: dict[str, str], made: Callable[[], Wake]
) -> None:
    here = made()
    with another_process(place) as one, another_process(place) as other:
        for topic in ("inbox", "conversation:7"):
            here.tell(topic)
        for process in (one, other):
            assert process.stdout is not None
            assert process.stdout.readline() == "inbox\n"
            assert process.stdout.readline() == "conversation:7\n"


def test_a_burst_is_heard_whole_while_the_listener_is_slow(made: Callable[[], Wake]) -> None:
    heard: list[str] = []
    here, there = made(), made()

    def slow(topic: str) -> None:
        time.sleep(0.001)
        heard.append(topic)

    listening = there.listen(slow)
    for number in range(200):
        here.tell(f"conversation:{number}")
    assert until(lambda: len(heard) == 200, 10)
    listening.stop()

    assert heard == [f"conversation:{number}" for number in range(200)]


def test_a_listener_may_be_deaf_to_its_own_process(made: Callable[[], Wake]) -> None:
    here, there = made(), made()
    everything: list[str] = []
    of_others: list[str] = []
    listening = [here.listen(everything.append), here.listen(of_others.append, own=False)]

    here.tell("queue")
    there.tell("tickets")

    assert until(lambda: everything == ["queue", "tickets"] and of_others == ["tickets"], 5)
    for each in listening:
        each.stop()


def test_after_a_stop_nothing_is_heard_and_telling_is_no_error(made: Callable[[], Wake]) -> None:
    heard: list[str] = []
    here = made()
    here.listen(heard.append).stop()

    here.tell("queue")

    assert heard == []


def test_a_failure_in_one_wake_up_does_not_stop_the_next(
    made: Callable[[], Wake], caplog: pytest.LogCaptureFixture
) -> None:
    heard = threading.Event()

    def fails_once(topic: str) -> None:
        if topic == "queue":
            raise ValueError(topic)
        heard.set()

    here = made()
    listening = here.listen(fails_once)
    with caplog.at_level(logging.CRITICAL):
        here.tell("queue")
        here.tell("inbox")
        assert heard.wait(5)
    listening.stop()


def test_telling_without_a_listener_or_a_folder_is_no_error(tmp_path: Path) -> None:
    LocalWake(tmp_path / "nowhere").tell("queue")

    assert not (tmp_path / "nowhere").exists()


def test_the_socket_of_a_process_that_died_is_removed(tmp_path: Path) -> None:
    with another_process({"VAR_DIR": str(tmp_path)}) as process:
        process.kill()
        process.wait()
    folder = tmp_path / "run" / "wake"
    assert len(list(folder.iterdir())) == 1

    LocalWake(folder).tell("queue")

    assert list(folder.iterdir()) == []


def test_a_folder_too_deep_for_a_socket_is_replaced_by_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    heard = threading.Event()
    listening = LocalWake(deep).listen(lambda topic: heard.set())

    LocalWake(deep).tell("queue")

    assert heard.wait(5)
    listening.stop()
    assert not deep.exists()


def test_a_redis_that_is_away_holds_nobody_up() -> None:
    away = RedisWake("redis://127.0.0.1:1/0")
    begun = time.monotonic()

    for _ in range(50):
        away.tell("queue")

    assert time.monotonic() - begun < 2
