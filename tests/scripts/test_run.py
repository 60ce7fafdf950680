"""The product as scripts/run starts it."""

import os
import signal
import stat

import psutil
import pytest

from scripts.steps.run import is_ready
from tests.fixtures.servers import wait_until
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.rasa

BACK_SECONDS = 60.0
LOOPBACK = ("127.0.0.1", "::1")


def test_all_run_and_say_so(stack: Stack) -> None:
    assert set(stack.pids) == {"app", "actions", "worker", "desk", "rasa"}
    assert "ready" in (stack.var / "run.txt").read_text("utf-8")


@pytest.mark.skipif(os.geteuid() != 0 and not hasattr(os, "O_PATH"), reason="macOS asks for root")
def test_nothing_listens_beyond_this_machine(stack: Stack) -> None:
    family = psutil.Process(stack.manager).children(recursive=True)
    listening = [
        connection.laddr.ip
        for process in family
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN or not connection.raddr
    ]
    assert len(listening) == 4  # app, actions, desk, rasa
    assert set(listening) <= set(LOOPBACK)


def test_its_secrets_are_for_us_alone(stack: Stack) -> None:
    assert stat.S_IMODE((stack.var / "secrets.env").stat().st_mode) == 0o600


def test_a_dead_action_server_is_missed_then_back_while_the_others_stay(stack: Stack) -> None:
    before = stack.pids
    os.kill(before["actions"], signal.SIGKILL)
    ready = f"{stack.url}/readyz"
    wait_until(lambda: not is_ready(ready), BACK_SECONDS, "readyz missing the action server")
    wait_until(lambda: is_ready(ready), BACK_SECONDS, "the action server being back")
    after = stack.pids
    assert after["actions"] != before["actions"]
    assert (after["app"], after["rasa"]) == (before["app"], before["rasa"])
