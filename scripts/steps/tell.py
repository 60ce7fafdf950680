"""Lines for the person at the terminal, and long commands run under a heartbeat."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts.steps.places import ROOT, logs

Command = list[str | Path]

HEARTBEAT_SECONDS = 10.0
TAIL_LINES = 20


class Failure(Exception):
    """A step cannot go on; the message says why and what to do."""


def say(line: str) -> None:
    """One line on the terminal, at once even when piped."""
    print(line, flush=True)


def main(step: Callable[[], int | None]) -> None:
    """Run a step as a program: a `Failure` becomes one line and exit code 1."""
    try:
        sys.exit(step() or 0)
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def watch(command: Command, label: str, *, log: str, env: Mapping[str, str] | None = None) -> None:
    """Run a long command with its output in `var/log/<log>`; say now and then that it lives.

    Raises:
        Failure: the command failed; the message ends with the last lines of its output.
    """
    path = logs() / log
    began = time.monotonic()
    say(f"… {label}")
    with path.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=None if env is None else {**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        code = _wait(process, label, began)
    if code:
        raise Failure(f"{label}没有成功(日志:{path})\n{tail(path)}")
    say(f"✓ {label},用时 {time.monotonic() - began:.0f} 秒")


def _wait(process: subprocess.Popen[bytes], label: str, began: float) -> int:
    try:
        while True:
            try:
                return process.wait(HEARTBEAT_SECONDS)
            except subprocess.TimeoutExpired:
                say(f"  {label}:已用 {time.monotonic() - began:.0f} 秒")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log file, indented."""
    text = path.read_text("utf-8", errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in text[-lines:])


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one process at a time through: two terminals must not fill one environment at once."""
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("… 另一个终端正在做同一件事,等它做完")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
