"""Makes an environment from a locked file, and knows when there is nothing to do."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.steps.places import REQUIREMENTS, ROOT
from scripts.steps.tell import Command, say, watch

STAMP = "installed.json"


@dataclass(frozen=True)
class Environment:
    """One virtual environment: its folder, its locked file and the larger one used for tests."""

    folder: str
    label: str
    lock: str
    test_lock: str
    versions: str

    @property
    def path(self) -> Path:
        """The folder of the environment."""
        return ROOT / self.folder

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.path / "bin" / "python"


APP = Environment(".venv", "应用环境", "app", "dev", "(3, 11) <= version")
RASA = Environment(".venv-rasa", "Rasa 环境", "rasa", "rasa-test", "version == (3, 10)")


def ensure(
    environment: Environment, *, tests: bool, uv: Callable[[], str], python: Callable[[], str]
) -> bool:
    """Make the environment hold exactly its locked file; False if it already did.

    An environment filled for tests also serves a plain run: it holds the same pins and more.
    `uv` and `python` are asked only when there is work to do.
    """
    accepted = [environment.test_lock] if tests else [environment.lock, environment.test_lock]
    if any(is_current(environment, lock) for lock in accepted):
        return False
    if not _runs(environment):
        _create(environment, uv(), python())
    _sync(environment, accepted[0], uv())
    return True


def is_current(environment: Environment, lock: str) -> bool:
    """Whether the environment works and holds what this locked file says."""
    try:
        stamp = json.loads((environment.path / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(stamp == _stamp(environment, lock)) and _runs(environment)


def _runs(environment: Environment) -> bool:
    probe = f"import sys; version = sys.version_info[:2]; assert {environment.versions}"
    try:
        subprocess.run([environment.python, "-c", probe], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _create(environment: Environment, uv: str, python: str) -> None:
    if environment.path.exists():
        say(f"… {environment.folder} 不完整,重新建立")
        shutil.rmtree(environment.path)
    command: Command = [uv, "venv", "--no-project", "--python", python, environment.path]
    watch(command, f"建立{environment.label}", log=f"{environment.lock}-install.log")


def _sync(environment: Environment, lock: str, uv: str) -> None:
    stamp = environment.path / STAMP
    stamp.unlink(missing_ok=True)
    locked: Command = ["--require-hashes", "--build-constraints", REQUIREMENTS / "build.txt"]
    # Rasa's import takes 11 s of processor time uncompiled, and not everyone lets Python write.
    options: Command = ["--python", environment.python, "--compile-bytecode", *locked]
    watch(
        [uv, "pip", "sync", *options, REQUIREMENTS / f"{lock}.txt"],
        f"安装{environment.label}的依赖(首次要下载,需几分钟)",
        log=f"{environment.lock}-install.log",
    )
    stamp.write_text(json.dumps(_stamp(environment, lock)), "utf-8")


def _stamp(environment: Environment, lock: str) -> dict[str, str]:
    """What must be unchanged: the place (scripts hold it), the lock and the packages there."""
    packages = sorted(found.name for found in environment.path.glob("lib/*/site-packages/*-info"))
    return {
        "place": str(environment.path),
        "lock": _digest((REQUIREMENTS / f"{lock}.txt").read_bytes()),
        "packages": _digest("\n".join(packages).encode()),
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
