"""Runs the whole suite: lint, types, fast tests, Rasa's extensions, then what needs servers."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.steps import machine
from scripts.steps.install import install
from scripts.steps.places import APP_PYTHON, RASA_PYTHON, ROOT
from scripts.steps.tell import Command, main, say
from scripts.steps.train import RASA_ENVIRONMENT, ensure_model

SERVERS = "rasa or browser or postgres or redis or processes"
ALONE = f"{SERVERS} or timed"
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
NOTHING_COLLECTED = 5
# Fast tests share nothing, so that each core takes its part; a file stays together, for what it
# has made once. The others have servers and browsers, which want the machine to themselves.
BESIDE = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]


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
    for title, python, arguments in _runs(slow=slow):
        total += _pytest(title, python, [*arguments, *passed_on])
    say(f"\n用时 {time.monotonic() - began:.0f} 秒,跳过 {total.skipped} 项")
    say(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


def _runs(*, slow: bool) -> list[tuple[str, Path, list[str]]]:
    runs = [
        ("快速测试", APP_PYTHON, [*BESIDE, "-m", f"not ({ALONE} or slow)"]),
        ("Rasa 扩展", RASA_PYTHON, ["tests/rasa_ext"]),
        ("整机、浏览器、PostgreSQL、Redis", APP_PYTHON, ["-m", f"({ALONE}) and not slow"]),
    ]
    return [*runs, ("慢测试", APP_PYTHON, ["-m", "slow"])] if slow else runs


def _check(command: Sequence[str]) -> Count:
    say(f"\n── {shlex.join(command)}")
    program = APP_PYTHON.parent / command[0]
    code = subprocess.run([program, *command[1:]], cwd=ROOT, check=False).returncode
    return Count(failed=1 if code else 0)


def _pytest(title: str, python: Path, arguments: Sequence[str]) -> Count:
    say(f"\n── {title}")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command: Command = [python, "-m", "pytest", f"--junitxml={report}", *arguments]
        environment = {**os.environ, **RASA_ENVIRONMENT}
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        count = read_report(report)
    if code not in (0, NOTHING_COLLECTED) and not count.failed:
        return count + Count(failed=1)  # it ended before it could say which test
    return count


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
