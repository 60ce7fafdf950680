"""An interpreter is believed only after it ran."""

import os
from pathlib import Path

import pytest

from scripts.steps import pythons
from scripts.steps.tell import Failure


def program(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty machine: nothing on PATH, no pyenv."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'first'}:{tmp_path / 'second'}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return tmp_path


def test_a_shim_that_fails_is_passed_over_for_the_next_on_path(machine: Path) -> None:
    program(machine / "first" / "python3.10", "echo 'command not found' >&2; exit 127")
    program(machine / "second" / "python3.10", "echo 3 10 /real/python3.10")
    assert pythons.python310("no-uv") == "/real/python3.10"


def test_one_of_another_version_under_the_right_name_is_not_believed(machine: Path) -> None:
    wrong = program(machine / "first" / "python3.10", "echo 3 12 /real/python3.12")
    assert pythons.runs_as(str(wrong), (3, 10)) is None


def test_a_path_with_spaces_is_given_whole(machine: Path) -> None:
    program(machine / "first" / "python3.10", "echo 3 10 /a place/python3.10")
    assert pythons.python310("no-uv") == "/a place/python3.10"


def test_pyenv_versions_are_searched_newest_first_and_only_those_that_run(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = machine / "pyenv"
    monkeypatch.setenv("PYENV_ROOT", str(root))
    program(root / "versions" / "3.10.2" / "bin" / "python3.10", "echo 3 10 /old")
    program(root / "versions" / "3.10.11" / "bin" / "python3.10", "echo 3 10 /new")
    program(root / "versions" / "3.10.14" / "bin" / "python3.10", "exit 1")
    assert pythons.python310("no-uv") == "/new"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_pyenv_of_another_user_is_passed_over(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "theirs").mkdir(mode=0)
    monkeypatch.setenv("PYENV_ROOT", str(machine / "theirs" / "pyenv"))
    usual = machine / "home" / ".pyenv" / "versions" / "3.10.9" / "bin" / "python3.10"
    program(usual, "echo 3 10 /usual")
    assert pythons.python310("no-uv") == "/usual"


def test_pyenv_in_its_usual_place_needs_no_setting(machine: Path) -> None:
    usual = machine / "home" / ".pyenv" / "versions" / "3.10.9" / "bin" / "python3.10"
    program(usual, "echo 3 10 /usual")
    assert pythons.python310("no-uv") == "/usual"


def test_with_none_on_the_machine_uv_fetches_one(machine: Path) -> None:
    fetched = program(machine / "fetched", "echo 3 10 /fetched/python3.10")
    uv = program(machine / "uv", f'[ "$2" = install ] || echo {fetched}')
    assert pythons.python310(str(uv)) == "/fetched/python3.10"


def test_a_fetch_that_fails_says_what_to_do(machine: Path) -> None:
    uv = program(machine / "uv", "exit 2")
    with pytest.raises(Failure, match=r"自行安装 python3\.10"):
        pythons.python310(str(uv))
