"""axe-core, fetched once for the tests and checked; nothing of it is shipped."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "var" / "axe"
VERSION = "4.11.0"
SHA256 = "39bed7d72308f6d620789c169d699bfd7e8da80f65b545821a6b2215c3e83107"


@cache
def source() -> str:
    """The script, or a skip that says what is missing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run side by side
        archive = FOLDER / f"axe-core-{VERSION}.tgz"
        if not archive.exists():
            _fetch()
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256, "axe-core was changed"
    with tarfile.open(archive) as packed:
        member = packed.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode("utf-8")


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm found: install it to check accessibility with axe-core")
    command = [npm, "pack", "--silent", f"axe-core@{VERSION}"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"axe-core could not be fetched: {done.stderr.strip()[-200:]}")
