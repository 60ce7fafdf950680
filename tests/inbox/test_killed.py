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
    for number in range(LINES):
        for conversation in opened:
            desk.hear(conversation, str(number))

    with _victim(database_url) as victim:
        killed = sum(_run(victim, random.uniform(0.0, 0.25)) for _ in range(KILLS))
        _run(victim, None)

    assert killed > 0
    _each_line_was_answered_once_in_order(desk, opened)
    desk.db.close()


def _each_line_was_answered_once_in_order(desk: Desk, opened: list[str]) -> None:
    assert {turn.state for turn in desk.turns()} == {TurnState.DONE}
    for conversation in opened:
        assert desk.said(conversation) == [f"答：{number}" for number in range(LINES)]
        seqs = [line.seq for line in desk.lines(conversation)]
        assert seqs == list(range(2, 2 + 2 * LINES))


@contextmanager
def _victim(url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.inbox.victim", url]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _run(victim: subprocess.Popen[str], seconds: float | None) -> bool:
    """Let one process run, killing it after `seconds`; whether it was killed at work."""
    assert victim.stdin is not None
    assert victim.stdout is not None
    victim.stdin.write(f"{'' if seconds is None else seconds}\n")
    victim.stdin.flush()
    return os.WIFSIGNALED(int(victim.stdout.readline()))
