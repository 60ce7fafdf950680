"""Runs the whole suite: lint, types, fast tests, Rasa's extensions, then what needs servers."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scripts.steps import machine
from scripts.steps.install import install
from scripts.steps.places import APP_PYTHON, RASA_PYTHON, ROOT
from scripts.steps.tell import Command, main, say
from scripts.steps.train import RASA_ENVIRONMENT, ensure_model

WHOLE = "rasa or browser"
CLOCKED = "postgres or redis or processes or timed"
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
NOTHING_COLLECTED = 5
# Fast tests share nothing, so that each core takes its part; a file stays together, for what it
# has made once.
BESIDE = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
# Browsers and the whole product wait up to twenty seconds for anything; those who watch the clock
# beside them do not, and go before.
GIVING_WAY = ["nice", "-n", "5"]


@dataclass(frozen=True)
class Run:
    """One run of pytest."""

    title: str
    arguments: Sequence[str]
    python: Path = APP_PYTHON
    before: Sequence[str] = ()


@dataclass(frozen=True)
class Count:
    """How many tests passed, failed (errors included) and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )


def test(options: Sequence[str]) -> int:
    """The whole suite; the last line is the sum, in which a failed check counts as one failure.

    Raises:
        Failure: an environment or the model could not be made.
    """
    began = time.monotonic()
    slow = "--slow" in options
    passed_on = [option for option in options if option != "--slow"]
    machine.prepare()
    install(tests=True)
    ensure_model()
    total = sum((_check(command) for command in CHECKS), Count())
    for lanes in _stages(slow=slow):
        total += _beside(lanes, passed_on)
    say(f"\n用时 {time.monotonic() - began:.0f} 秒,跳过 {total.skipped} 项")
    say(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


def _stages(*, slow: bool) -> list[list[list[Run]]]:
    """What is run one after another: lanes that go beside each other, of runs in their order."""
    fast = Run("快速测试", [*BESIDE, "-m", f"not ({WHOLE} or {CLOCKED} or slow)"])
    whole = Run("整机、浏览器", ["-m", f"({WHOLE}) and not slow"], before=GIVING_WAY)
    rasa = Run("Rasa 扩展", ["tests/rasa_ext"], RASA_PYTHON)
    clocked = Run("计时、PostgreSQL、Redis", ["-m", f"({CLOCKED}) and not ({WHOLE} or slow)"])
    stages = [[[fast]], [[whole], [rasa, clocked]]]
    return [*stages, [[Run("慢测试", ["-m", "slow"])]]] if slow else stages


def _beside(lanes: Sequence[Sequence[Run]], passed_on: Sequence[str]) -> Count:
    """The first lane is seen as it goes, what the others said comes after it."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(lanes)) as pool:
        logs = [None, *(Path(folder) / f"{place}.txt" for place in range(1, len(lanes)))]
        counts = list(pool.map(lambda lane, log: _lane(lane, passed_on, log), lanes, logs))
        for log in filter(None, logs):
            say(log.read_text("utf-8", errors="replace"))
    return sum(counts, Count())


def _lane(runs: Sequence[Run], passed_on: Sequence[str], log: Path | None) -> Count:
    with nullcontext() if log is None else log.open("wb") as output:
        return sum((_pytest(run, passed_on, output) for run in runs), Count())


def _check(command: Sequence[str]) -> Count:
    say(f"\n── {shlex.join(command)}")
    program = APP_PYTHON.parent / command[0]
    code = subprocess.run([program, *command[1:]], cwd=ROOT, check=False).returncode
    return Count(failed=1 if code else 0)


def _pytest(run: Run, passed_on: Sequence[str], output: IO[bytes] | None) -> Count:
    _head(run.title, output)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = [f"--junitxml={report}", *run.arguments, *passed_on]
        command: Command = [*run.before, run.python, "-m", "pytest", *options]
        code = subprocess.run(
            command, cwd=ROOT, env=_environment(), stdout=output, stderr=output, check=False
        ).returncode
        count = read_report(report)
    if code not in (0, NOTHING_COLLECTED) and not count.failed:
        return count + Count(failed=1)  # it ended before it could say which test
    return count


def _head(title: str, output: IO[bytes] | None) -> None:
    say(f"\n── {title}" if output is None else f"\n── 同时开始:{title}")
    if output is not None:
        output.write(f"\n── {title}\n".encode())
        output.flush()


def _environment() -> dict[str, str]:
    environment = {**os.environ, **RASA_ENVIRONMENT}
    # Tests start about a hundred processes: each would compile all of the house anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def read_report(report: Path) -> Count:
    """The sum over a JUnit report; nothing when there is none."""
    if not report.exists():
        return Count()
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314  # our own file
    total = Count()
    for suite in suites:
        tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        total += Count(max(tests - skipped - failed, 0), failed, skipped)
    return total


if __name__ == "__main__":
    main(lambda: test(sys.argv[1:]))
