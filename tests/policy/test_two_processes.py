"""What one process publishes the others decide by a moment later, and never by half of it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.policy_store.conftest import MONDAY, Store, database_url, postgres_desk_url, store

__all__ = ["database_url", "postgres_desk_url", "store"]

ROOT = Path(__file__).resolve().parents[2]
MOMENT = 10.0  # seconds; they look once a second, on a machine that may be busy
Told = tuple[str, str, str]


class Process:
    """A process that decides, on its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, days: int) -> Told:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{days}\n")
        self._process.stdin.flush()
        version, outcome, reason = json.loads(self._process.stdout.readline())
        return version, outcome, reason


@contextmanager
def deciding(store: Store) -> Iterator[Process]:
    url = store.db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.policy.deciding", url, str(store.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield Process(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.processes
def test_two_processes_change_over_as_one_and_answer_wholly_by_one_version(store: Store) -> None:
    store.bring_in()
    with ExitStack() as stack:
        both = [stack.enter_context(deciding(store)) for _ in range(2)]
        before = {process.ask(0) for process in both}
        assert {outcome for _, outcome, _ in before} == {"refund"}
        assert len(before) == 1
        change = ("{max: 3}", "{min: 1, max: 3}"), ("已经过了三天，", "只限当天，")
        store.publish(store.change(*change).id, at=MONDAY)
        seen = [_until_changed(process, before) for process in both]
    after = set().union(*seen) - before
    assert len(after) == 1
    _, outcome, reason = next(iter(after))
    assert outcome == "refuse"
    assert reason.startswith("只限当天")


def _until_changed(process: Process, before: set[Told]) -> set[Told]:
    """Every different answer up to and with the first new one."""
    seen: set[Told] = set()
    end = time.monotonic() + MOMENT
    while time.monotonic() < end and not seen - before:
        seen.add(process.ask(0))
        time.sleep(0.02)
    assert seen - before, "still the former rules"
    return seen
