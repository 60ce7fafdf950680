"""A PostgreSQL server of one's own for a benchmark, with the settings that it comes with."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.steps.tell import Failure

START_SECONDS = 60.0


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server; gives the SQLAlchemy address of its empty database."""
    initdb, program = _program("initdb"), _program("postgres")
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        shutil.chown(home, *_owner(user))
    try:
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        _run([initdb, "-D", str(home / "data"), *options], user)
        listen = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={home}"]
        process = subprocess.Popen(
            [program, "-D", str(home / "data"), *listen],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            cwd="/",
        )
        try:
            _wait(home)
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _program(name: str) -> str:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, places), None)
    if found is None:
        raise Failure("没有找到 PostgreSQL 的服务程序:apt-get install postgresql")
    return found


def _owner(user: str) -> tuple[int, int]:
    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def _run(command: list[str], user: str | None) -> None:
    subprocess.run(command, check=True, capture_output=True, user=user, cwd="/")


def _wait(home: Path) -> None:
    import psycopg

    end = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(home), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
