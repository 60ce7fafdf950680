"""Runs several processes under supervisord: restarts with back-off, logs, an end without orphans.

Each process is started through `child.py`, so that it dies with supervisord, and supervisord
through `child.py`, so that it dies with us, however either of them ended.
"""

import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scripts.steps.places import APP_PYTHON, CHILD, ROOT, logs, var
from scripts.steps.tell import Command, say

STOP_SECONDS = 10
RETRIES = 100  # the wait grows by a second each time: more than an hour of trying
EVENTS = (
    (re.compile(r"exited: (\w+) \((.+)\)"), "! {label}停了({detail}),自动重启;其余照常运行"),
    (re.compile(r"gave up: (\w+) entered FATAL"), "✗ {label}一直起不来,已放弃;见 {log}"),
    (re.compile(r"spawnerr: (.+)()"), "✗ 启动不了:{detail}"),
)


@dataclass(frozen=True)
class Process:
    """One process: its name in logs, its name for people, and how long it needs to settle."""

    name: str
    label: str
    command: Command
    settle_seconds: int = 5
    environment: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """The running supervisord and what it reports."""

    def __init__(self, processes: Sequence[Process]) -> None:
        """Start every process; returns at once."""
        self._labels = {process.name: process.label for process in processes}
        self._stopping = False
        options: Command = ["--nodaemon", "--configuration", _write_configuration(processes)]
        self._process = subprocess.Popen(
            [APP_PYTHON, CHILD, APP_PYTHON, "-m", "supervisor.supervisord", *options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop it in order
        )
        self._reader = threading.Thread(target=self._report, daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether supervisord still runs."""
        return self._process.poll() is None

    def wait(self, seconds: float) -> None:
        """Wait for the end, at most so long."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return

    def stop(self, *_signal: int | FrameType | None) -> None:
        """Ask for an orderly end; asked again, end everything at once."""
        again, self._stopping = self._stopping, True
        if self.alive:
            self._process.send_signal(signal.SIGKILL if again else signal.SIGTERM)

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stopping

    def _report(self) -> None:
        """Tell the person at the terminal of what supervisord saw, in their words."""
        for line in self._process.stdout or ():
            if not self._stopping and (told := describe(line, self._labels)):
                say(told)


def describe(line: str, labels: Mapping[str, str]) -> str | None:
    """A line of supervisord's log as a sentence; None for what need not be told."""
    for pattern, sentence in EVENTS:
        if found := pattern.search(line):
            name, detail = found[1], found[found.re.groups]
            label = labels.get(name, name)
            return sentence.format(label=label, detail=detail, log=logs() / f"{name}.log")
    return None


def run(processes: Sequence[Process], *, meanwhile: Callable[[Supervisor], None]) -> int:
    """Run the processes until a signal ends us; `meanwhile` is called once they are started.

    Returns 0 after an end that was asked for, 1 when supervisord itself was lost.
    """
    supervisor = Supervisor(processes)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.stop)
    meanwhile(supervisor)
    while supervisor.alive:
        supervisor.wait(1.0)
    say("已停止" if supervisor.stopping else "✗ 进程管理器意外退出,全部进程已随之结束")
    return 0 if supervisor.stopping else 1


def _write_configuration(processes: Sequence[Process]) -> Path:
    folder = var() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "supervisord.conf"
    sections = [_main_section(folder), *map(_program_section, processes)]
    path.write_text("\n".join(sections), "utf-8")
    return path


def _main_section(folder: Path) -> str:
    """No server section of any kind: supervisord then listens on nothing."""
    settings = {
        "logfile": logs() / "supervisord.log",
        "logfile_maxbytes": "5MB",
        "logfile_backups": 2,
        "pidfile": folder / "supervisord.pid",
        "childlogdir": logs(),
    }
    if os.geteuid() == 0:
        settings["user"] = "root"  # said aloud, or it warns at each start
    return _section("supervisord", settings)


def _program_section(process: Process) -> str:
    command = [str(part) for part in (APP_PYTHON, CHILD, *process.command)]
    environment = ",".join(f'{name}="{value}"' for name, value in process.environment.items())
    return _section(
        f"program:{process.name}",
        {
            "command": shlex.join(command),
            "directory": ROOT,
            "environment": environment,
            "autorestart": "true",
            "startsecs": process.settle_seconds,
            "startretries": RETRIES,
            "stopwaitsecs": STOP_SECONDS,
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": logs() / f"{process.name}.log",
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": 4,
        },
    )


def _section(name: str, settings: Mapping[str, object]) -> str:
    """A section of supervisord's file, in which a percent sign would start a substitution."""
    lines = [f"{key} = {str(value).replace('%', '%%')}" for key, value in settings.items()]
    return "\n".join([f"[{name}]", *lines, ""])
