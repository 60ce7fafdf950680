"""Finds interpreters by running them: a pyenv shim can exist and still fail."""

import glob
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts.steps.tell import Failure, say

PROBE = "import sys, ssl, sqlite3, ctypes; print(*sys.version_info[:2], sys._base_executable)"
PROBE_SECONDS = 30


def python310(uv: str) -> str:
    """The absolute path of a Python 3.10 that runs; fetched with uv when there is none.

    Raises:
        Failure: none was found and uv could not fetch one.
    """
    for candidate in _candidates("3.10"):
        if found := runs_as(candidate, (3, 10)):
            return found
    say("… 没有找到可用的 Python 3.10,用 uv 下载一个(Rasa 只支持 3.10)")
    _fetch(uv)
    found = runs_as(_managed(uv), (3, 10))
    if found is None:
        raise Failure("下载的 Python 3.10 不能运行;请自行安装 python3.10 后再试")
    return found


def runs_as(candidate: str, version: tuple[int, int]) -> str | None:
    """The interpreter's own absolute path if it runs, is whole and is of this version."""
    try:
        result = subprocess.run(
            [candidate, "-c", PROBE],
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    major, minor, path = result.stdout.strip().split(" ", 2)
    return path if (int(major), int(minor)) == version else None


def _candidates(version: str) -> Iterator[str]:
    """Every `python3.10` on PATH, not only the first, then those below pyenv's `versions/`."""
    for folder in os.get_exec_path():
        if found := shutil.which(f"python{version}", path=folder):
            yield str(Path(found).absolute())
    roots = [os.environ.get("PYENV_ROOT"), Path.home() / ".pyenv"]
    for root in roots:
        if root:
            # glob and not Path.glob, which fails on a folder of another user.
            pattern = f"{glob.escape(str(root))}/versions/{version}.*/bin/python{version}"
            yield from sorted(glob.glob(pattern), key=_patch, reverse=True)  # noqa: PTH207


def _patch(interpreter: str) -> int:
    digits = Path(interpreter).parent.parent.name.split(".")[-1]
    return int(digits) if digits.isdigit() else -1


def _fetch(uv: str) -> None:
    result = subprocess.run([uv, "python", "install", "3.10"], check=False)
    if result.returncode:
        raise Failure(
            "Python 3.10 下载失败:检查网络,或用 UV_PYTHON_INSTALL_MIRROR 指定镜像,"
            "或自行安装 python3.10 后再试"
        )


def _managed(uv: str) -> str:
    command = [uv, "python", "find", "--python-preference", "only-managed", "3.10"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout.strip() or "python3.10"
