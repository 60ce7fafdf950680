"""A process killed in the middle of turns, again and again, loses no line and answers none twice."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.inbox.models import TurnState
from bot.settings import ROOT
from tests.fixtures.desk import Desk, make_desk

CONVERSATIONS, LINES, KILLS = 3, 6, 6


def test_lines_survive_processes_killed_at_any_moment(database_url: str) -> None:
    desk = make_desk(database_url, start=None)
    opened = [desk.open() for _ in range(CONVERSATIONS)]
    with _victim(database_url) as victim:
        for number in range(KILLS):
            _hear(desk, opened, range(number * LINES, (number + 1) * LINES))
            # The child dies while lines are left: more wait than it can have been asked.
            assert _run(victim, f"{random.randint(1, LINES)} {random.uniform(0.0, 0.02)}")
        _run(victim, "")

    _each_line_was_answered_once_in_order(desk, opened)
    desk.db.close()


def _hear(desk: Desk, opened: list[str], numbers: range) -> None:
    for number in numbers:
        for conversation in opened:
            desk.hear(conversation, str(number))


def _each_line_was_answered_once_in_order(desk: Desk, opened: list[str]) -> None:
    assert {turn.state for turn in desk.turns()} == {TurnState.DONE}
    numbers = [str(number) for number in range(KILLS * LINES)]
    for conversation in opened:
        lines = desk.lines(conversation)
        assert [line.seq for line in lines] == list(range(2, 2 + 2 * len(numbers)))
        assert [line.text for line in lines if line.author == "shopper"] == numbers
        assert desk.said(conversation) == [f"答：{number}" for number in numbers]


@contextmanager
def _victim(url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.inbox.victim", url]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _run(victim: subprocess.Popen[str], death: str) -> bool:
    """Let one process run until its death ("question seconds-after", ""=none); if it died."""
    assert victim.stdin is not None
    assert victim.stdout is not None
    victim.stdin.write(f"{death}\n")
    victim.stdin.flush()
    return os.WIFSIGNALED(int(victim.stdout.readline()))
