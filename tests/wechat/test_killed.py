"""Gateway and courier killed again and again: one line, one turn, one answer for each message."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from bot.conversations.models import Message
from bot.db import Database
from bot.inbox.models import Turn, TurnState
from bot.messages import Author
from bot.outbox.models import Delivery, DeliveryState
from bot.settings import ROOT
from tests.fixtures.desk import until
from tests.fixtures.servers import free_port
from tests.twins.wechat.callbacks import Caller
from tests.twins.wechat.platform import Platform
from tests.twins.wechat.server import running
from tests.wechat.stage import AES_KEY, TOKEN, make_database

FOLLOWERS = 4
OVER = {
    DeliveryState.OFFERED,
    DeliveryState.SENT,
    DeliveryState.UNCONFIRMED,
    DeliveryState.HELD,  # the five sends are spent: it goes with the next answer
}


@pytest.mark.processes
def test_messages_survive_processes_killed_at_any_moment(tmp_path: Path) -> None:
    _survives(f"sqlite:///{tmp_path / 'desk.sqlite3'}", tmp_path, messages=8, kills=2)


@pytest.mark.slow
def test_a_hundred_messages_survive_twenty_kills(database_url: str, tmp_path: Path) -> None:
    _survives(database_url, tmp_path, messages=100, kills=20)


def _survives(url: str, folder: Path, messages: int, kills: int) -> None:
    platform, port, database = Platform(), free_port(), make_database(url)
    with running(platform) as twin, _victim(port, folder, url, twin.url) as victim:
        caller = Caller(platform, f"http://127.0.0.1:{port}/wechat", TOKEN, AES_KEY, "secure")
        sending = threading.Thread(target=_send_all, args=(caller, messages))
        sending.start()
        for _ in range(kills):
            assert os.WIFSIGNALED(_run(victim, random.uniform(0.5, 1.5)))
        with _last(victim):
            sending.join()
            assert until(lambda: _settled(database, messages), 60)
    _each_was_answered_once_in_order(database, platform, messages)
    database.close()


def _send_all(caller: Caller, messages: int) -> None:
    """Each follower's messages one after the other, each delivered four times at once until
    the platform has heard an answer."""
    lanes = [
        [caller.fields(f"o{n}", "text", Content=f"{k}") for k in range(n, messages, FOLLOWERS)]
        for n in range(FOLLOWERS)
    ]
    threads = [threading.Thread(target=_send_lane, args=(caller, lane)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send_lane(caller: Caller, lane: list[dict[str, object]]) -> None:
    for fields in lane:
        caller.platform.spoke(str(fields["FromUserName"]))
        while not _delivered(caller, fields):
            time.sleep(0.05)


def _delivered(caller: Caller, fields: dict[str, object]) -> bool:
    answers: list[bytes] = []

    def once() -> None:
        try:
            response = caller.post(fields, timeout=5)
        except requests.RequestException:
            return
        if response.status_code == 200:
            answers.append(response.content)

    threads = [threading.Thread(target=once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return bool(answers)


def _settled(database: Database, messages: int) -> bool:
    with database.read() as session:
        turns = session.scalars(select(Turn.state)).all()
        deliveries = set(session.scalars(select(Delivery.state)).all())
    return len(turns) == messages and set(turns) == {TurnState.DONE} and deliveries <= OVER


def _each_was_answered_once_in_order(database: Database, platform: Platform, messages: int) -> None:
    with database.read() as session:
        lines = session.scalars(
            select(Message).order_by(Message.conversation_id, Message.seq)
        ).all()
    heard = [line for line in lines if line.author == Author.SHOPPER]
    assert sorted(int(line.text) for line in heard) == list(range(messages))
    replies = [line for line in lines if line.author == Author.BOT and line.place == "0"]
    assert sorted(line.reply_to or "" for line in replies) == sorted(line.id for line in heard)
    for conversation in {line.conversation_id for line in lines}:
        said = [int(line.text) for line in heard if line.conversation_id == conversation]
        assert said == sorted(said)
    for openid in (f"o{n}" for n in range(FOLLOWERS)):
        shown = "\n\n".join(platform.follower(openid).texts("custom")).split("\n\n")
        assert len(shown) == len(set(shown)), "a line was sent twice"
        numbers = [int(line.removeprefix("答：")) for line in shown if line.startswith("答：")]
        assert numbers == sorted(numbers)


@contextmanager
def _victim(port: int, folder: Path, url: str, api: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.wechat.victim", str(port), str(folder), url, api]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _ask(victim: subprocess.Popen[str], seconds: float) -> int:
    assert victim.stdin is not None
    assert victim.stdout is not None
    victim.stdin.write(f"{seconds}\n")
    victim.stdin.flush()
    return int(victim.stdout.readline())


def _run(victim: subprocess.Popen[str], seconds: float) -> int:
    """Let one process run until its death; how it ended."""
    _ask(victim, seconds)
    assert victim.stdout is not None
    return int(victim.stdout.readline())


@contextmanager
def _last(victim: subprocess.Popen[str]) -> Iterator[None]:
    """One that lives to the end."""
    child = _ask(victim, 0)
    try:
        yield
    finally:
        os.kill(child, signal.SIGTERM)
        assert victim.stdout is not None
        victim.stdout.readline()
