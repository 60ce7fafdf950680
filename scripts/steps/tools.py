"""Finds uv, or puts the pinned one into an environment of its own under `var/tools`."""

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.steps.places import REQUIREMENTS, TOOLS, this_python
from scripts.steps.tell import Command, Failure, main, watch

OLDEST_UV = (0, 7, 0)
# Else uv knows only the authorities it brings, and fails behind a company's own one. Two names:
# the second is the newer.
TRUST_THE_SYSTEM = ("UV_NATIVE_TLS", "UV_SYSTEM_CERTS")


def find_uv() -> str:
    """The absolute path of a uv that runs and is new enough.

    Raises:
        Failure: there is none and this Python cannot make an environment for one.
    """
    for name in TRUST_THE_SYSTEM:
        os.environ.setdefault(name, "true")
    for candidate in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if candidate and (_version(candidate) or (0,)) >= OLDEST_UV:
            return str(Path(candidate).absolute())
    _bootstrap()
    return str(TOOLS / "bin" / "uv")


def _version(uv: str) -> tuple[int, ...] | None:
    try:
        result = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", result.stdout)
    return tuple(map(int, found.groups())) if found else None


def _bootstrap() -> None:
    _need_ensurepip()
    shutil.rmtree(TOOLS, ignore_errors=True)
    watch([this_python(), "-m", "venv", TOOLS], "准备工具目录", log="tools.log")
    pip: Command = [TOOLS / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
    locked: Command = ["--require-hashes", "-r", REQUIREMENTS / "uv.txt"]
    watch([*pip, *locked], "安装 uv", log="tools.log")


def _need_ensurepip() -> None:
    """Debian splits `ensurepip` off into a package of its own."""
    if _can_make_environments():
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install([package])
    if not _can_make_environments():
        raise Failure(f"这个 Python 缺少 venv,请先运行:sudo apt install {package}")


def _can_make_environments() -> bool:
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def apt_install(packages: list[str]) -> None:
    """Install Debian packages without asking; root only."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    watch(["apt-get", "update", "-q"], "更新软件包列表", log="apt.log", env=quiet)
    install: Command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    watch(install, f"安装 {' '.join(packages)}", log="apt.log", env=quiet)


def _print_uv() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        uv = find_uv()
    print(uv)


if __name__ == "__main__":
    main(_print_uv)
