"""Programs that the tests need from the system: finds them, installs them when it may."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.steps.tell import Failure, say
from scripts.steps.tools import apt_install

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
HOMEBREW = Path("/opt/homebrew/opt")


@dataclass(frozen=True)
class Need:
    """Something the tests use: its name in each package system, and whether it is here."""

    debian: str
    homebrew: str
    is_here: Callable[[], bool]


def _has_chromium() -> bool:
    return "CHROMIUM" in os.environ or any(map(_runs, CHROMIUMS))


def _runs(program: str) -> bool:
    """Ubuntu's `chromium-browser` can be a stub that only says to install a snap."""
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return Path("/System/Library/Fonts/PingFang.ttc").exists()
    found = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def _has_postgres() -> bool:
    """Debian keeps the server program out of PATH."""
    places = (Path("/usr/lib/postgresql").glob("*/bin"), HOMEBREW.glob("postgresql@*/bin"))
    kept = (place / "initdb" for group in places for place in group)
    return shutil.which("initdb") is not None or any(path.exists() for path in kept)


NEEDS = (
    Need("chromium", "--cask chromium", _has_chromium),
    Need("fonts-noto-cjk", "--cask font-noto-sans-cjk", _has_chinese_font),
    Need("postgresql", "postgresql@16", _has_postgres),
    Need("redis-server", "redis", lambda: shutil.which("redis-server") is not None),
)


def prepare() -> None:
    """Install what is missing when root on Debian; else say how, and let those tests skip."""
    missing = [need for need in NEEDS if not need.is_here()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            apt_install([need.debian for need in missing])
        except Failure as failure:
            say(f"! {failure}")
        missing = [need for need in missing if not need.is_here()]
    if missing:
        say(f"! 缺少 {_names(missing)},相关测试会跳过。安装:{_remedy(missing)}")


def _names(needs: list[Need]) -> str:
    return "、".join(need.debian for need in needs)


def _remedy(needs: list[Need]) -> str:
    if shutil.which("apt-get"):
        return "sudo apt-get install -y " + " ".join(need.debian for need in needs)
    return "brew install " + " ".join(need.homebrew for need in needs)
