"""Real processes: restarted alone when one dies, and none left however the manager ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from scripts.steps.places import CHILD, ROOT
from scripts.steps.supervise import describe
from tests.fixtures.servers import wait_until

WAIT = 20.0
SLEEP = "import time\ntime.sleep(600)\n"
DEAF = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SLEEP}"
PLAIN = {"one": SLEEP, "two": SLEEP}

pytestmark = pytest.mark.processes


class Stand:
    """The supervisor over stand-in commands, and who they are."""

    def __init__(self, home: Path, programs: dict[str, str], environment: dict[str, str]) -> None:
        self.paths = {name: str(home / f"{name}.py") for name in programs}
        for name, path in self.paths.items():
            Path(path).write_text(programs[name], "utf-8")
        self.output = home / "out.txt"
        commands = {name: [sys.executable, path] for name, path in self.paths.items()}
        with self.output.open("wb") as output:
            self.manager = subprocess.Popen(
                [sys.executable, "-m", "tests.scripts.stand_in", json.dumps(commands)],
                cwd=ROOT,
                env={**os.environ, "VAR_DIR": str(home), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def pids(self) -> dict[str, int]:
        """The stand-ins that run, without what watches over them."""
        found: dict[str, int] = {}
        for process in self.family():
            try:
                line = process.cmdline()
            except psutil.Error:
                continue
            found |= {name: process.pid for name, path in self.paths.items() if line[1:] == [path]}
        return found

    def family(self) -> list[psutil.Process]:
        """Everything that the manager started, down to the last descendant."""
        try:
            return psutil.Process(self.manager.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def supervisord(self) -> int:
        path = self.output.parent / "run" / "supervisord.pid"
        wait_until(path.exists, WAIT, "supervisord writing its pid")
        return int(path.read_text("utf-8"))

    def says(self, words: str) -> bool:
        return words in self.output.read_text("utf-8")


@contextmanager
def standing(
    home: Path, programs: dict[str, str], *, wait_for: str | None = None, **environment: str
) -> Iterator[tuple[Stand, list[psutil.Process]]]:
    """A stand with its programs (or one of them) running, and its processes as they were then."""
    stand = Stand(home, programs, environment)
    awaited = {wait_for} if wait_for else set(programs)
    family: list[psutil.Process] = []
    try:
        wait_until(lambda: awaited <= set(stand.pids()), WAIT, "all programs running")
        family = stand.family()
        yield stand, family
    finally:
        for process in [*family, *stand.family()]:
            if process.is_running():
                process.kill()
        stand.manager.kill()
        stand.manager.wait()


def assert_gone(processes: list[psutil.Process]) -> None:
    _, left = psutil.wait_procs(processes, WAIT)
    assert left == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_that_was_asked_for_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    with standing(tmp_path, PLAIN) as (stand, family):
        wait_until(lambda: stand.says("started"), WAIT, "the manager being set up")
        stand.manager.send_signal(number)
        assert stand.manager.wait(WAIT) == 0
        assert_gone(family)


def test_asked_twice_it_waits_for_nobody(tmp_path: Path) -> None:
    with standing(tmp_path, {"one": SLEEP, "deaf": DEAF}) as (stand, family):
        wait_until(lambda: stand.says("started"), WAIT, "the manager being set up")
        stand.manager.terminate()
        wait_until(lambda: "one" not in stand.pids(), WAIT, "the first one stopping")
        stand.manager.terminate()
        stand.manager.wait(5)
        assert_gone(family)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere see the watching launcher below")
def test_killing_the_manager_leaves_no_process_even_one_deaf_to_term(tmp_path: Path) -> None:
    with standing(tmp_path, {"one": SLEEP, "deaf": DEAF}) as (stand, family):
        stand.manager.kill()
        assert_gone(family)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere see the watching launcher below")
def test_killing_supervisord_leaves_no_process_and_is_a_failure(tmp_path: Path) -> None:
    with standing(tmp_path, {"one": SLEEP, "deaf": DEAF}) as (stand, family):
        os.kill(stand.supervisord(), signal.SIGKILL)
        assert stand.manager.wait(WAIT) == 1
        assert_gone(family)


def test_without_the_kernels_help_a_watching_launcher_leaves_no_process_either(
    tmp_path: Path,
) -> None:
    with standing(tmp_path, {"one": SLEEP, "deaf": DEAF}, CHILD_STAYS="1") as (stand, family):
        stand.manager.kill()
        assert_gone(family)


def test_one_that_dies_is_restarted_and_the_others_are_left_alone(tmp_path: Path) -> None:
    with standing(tmp_path, PLAIN) as (stand, _family):
        before = stand.pids()
        os.kill(before["one"], signal.SIGKILL)
        wait_until(lambda: stand.pids().get("one") not in (None, before["one"]), WAIT, "a restart")
        wait_until(lambda: stand.says("«one»停了"), WAIT, "the person being told")
        assert stand.pids()["two"] == before["two"]


def test_one_that_cannot_start_is_tried_again_ever_more_slowly(tmp_path: Path) -> None:
    starts = tmp_path / "starts.txt"
    broken = f"open({str(starts)!r}, 'a').write('x')\nraise SystemExit(3)\n"
    with standing(tmp_path, {"one": SLEEP, "broken": broken}, wait_for="one") as (stand, _family):
        wait_until(lambda: starts.exists() and starts.read_text() == "xxx", WAIT, "two restarts")
        assert "one" in stand.pids()


@pytest.mark.skipif(sys.platform != "linux", reason="reading sockets needs root on macOS")
def test_the_manager_listens_on_nothing(tmp_path: Path) -> None:
    with standing(tmp_path, PLAIN) as (stand, family):
        sockets = [psutil.Process(stand.manager.pid), *family]
        assert [process.net_connections("all") for process in sockets] == [[]] * len(sockets)


def test_output_of_a_process_goes_to_a_log_of_its_own(tmp_path: Path) -> None:
    with standing(tmp_path, {"one": f"print('hello', flush=True)\n{SLEEP}"}):
        log = tmp_path / "log" / "one.log"
        wait_until(lambda: log.exists() and "hello" in log.read_text(), WAIT, "the log")


def test_a_launcher_whose_parent_is_already_gone_starts_nothing(tmp_path: Path) -> None:
    made = tmp_path / "made"
    late = (
        "import os, runpy, sys\n"
        "parents = iter([7, 1])\n"
        "os.getppid = lambda: next(parents)\n"
        f"sys.argv = ['', 'touch', {str(made)!r}]\n"
        f"runpy.run_path({str(CHILD)!r}, run_name='__main__')\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != "CHILD_STAYS"}
    subprocess.run([sys.executable, "-c", late], env=environment, check=False, timeout=WAIT)
    assert sys.platform != "linux" or not made.exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("WARN exited: rasa (terminated by SIGKILL; not expected)", "Rasa停了"),
        ("INFO gave up: rasa entered FATAL state, too many start retries", "Rasa一直起不来"),
        ("INFO spawned: 'rasa' with pid 7", None),
    ],
)
def test_what_matters_is_told_in_words(line: str, told: str | None) -> None:
    sentence = describe(line, {"rasa": "Rasa"})
    assert (sentence is None) if told is None else (sentence is not None and told in sentence)
