"""uv is used when there is a good one; without venv the person is told what to install."""

import sys
from pathlib import Path

import pytest

from scripts.steps import tools
from scripts.steps.tell import Failure


def uv(folder: Path, says: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "uv"
    program.write_text(f"#!/bin/sh\n{says}\n", "utf-8")
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH and no bootstrapped uv."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(tools, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(
        tools, "_bootstrap", lambda: uv(tmp_path / "tools" / "bin", "echo uv 9.9.9")
    )
    return tmp_path


def test_a_good_one_on_path_is_used(machine: Path) -> None:
    found = uv(machine / "bin", "echo 'uv 0.7.0 (of a machine)'")
    assert tools.find_uv() == found


@pytest.mark.parametrize("says", ["echo uv 0.4.30", "exit 1", "echo hello"])
def test_one_that_is_too_old_or_does_not_run_is_passed_over(machine: Path, says: str) -> None:
    uv(machine / "bin", says)
    assert tools.find_uv() == str(machine / "tools" / "bin" / "uv")


def test_without_venv_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_can_make_environments", lambda: False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    package = f"python3.{sys.version_info.minor}-venv"
    with pytest.raises(Failure, match=f"sudo apt install {package}"):
        tools._need_ensurepip()


def test_root_installs_that_package_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tools, "_can_make_environments", lambda: bool(asked))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(tools, "apt_install", asked.extend)
    tools._need_ensurepip()
    assert asked == [f"python3.{sys.version_info.minor}-venv"]
