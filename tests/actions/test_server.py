"""The action server opens to its token only and does not start without one."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.settings import ROOT


def _start(tmp_path: Path, token: str, port: int) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "VAR_DIR": str(tmp_path),
        "ACTIONS_URL": f"http://127.0.0.1:{port}/webhook",
        "ACTIONS_TOKEN": token,
    }
    command = [sys.executable, "-m", "actions"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running action server."""
    port = _port()
    with _start(tmp_path_factory.mktemp("actions"), "secret", port) as process:
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            try:
                requests.get(f"{url}/health", timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.1)
        yield url
        process.terminate()
        process.communicate()


@pytest.mark.parametrize("path", ["/webhook", "/webhook?token=wrong", "/webhook?token=", "/health"])
def test_without_its_token_the_server_says_nothing(url: str, path: str) -> None:
    answer = requests.request("GET" if "health" in path else "POST", url + path, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"


def test_with_its_token_the_server_is_alive_and_has_every_action(url: str) -> None:
    assert requests.get(f"{url}/health?token=secret", timeout=5).json() == {"status": "ok"}
    listed = requests.get(f"{url}/actions?token=secret", timeout=5).json()
    assert {"action_intake", "action_request_human"} <= {each["name"] for each in listed}


def test_a_call_without_the_domain_reaches_the_action(url: str) -> None:
    """Rasa sends none, to keep it out of each call; the stock executor would answer 449."""
    call = {
        "next_action": "action_talk",
        "sender_id": "m",
        "tracker": {"sender_id": "m", "slots": {}, "latest_message": {}, "events": []},
        "version": "3.6.21",
    }
    answer = requests.post(f"{url}/webhook?token=secret", json=call, timeout=5)
    assert answer.status_code == 500
    assert "message_id" in answer.json()["error"]


def test_without_a_token_set_the_server_refuses_to_start(tmp_path: Path) -> None:
    with _start(tmp_path, "", _port()) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"ACTIONS_TOKEN" in errors
