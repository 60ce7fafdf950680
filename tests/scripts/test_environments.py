"""An environment is made when it has to be, and only then."""

import sys
from pathlib import Path

import pytest

from scripts.steps import environments
from scripts.steps.environments import Environment

PLAIN = Environment(".venv", "环境", "app", "dev", "version >= (3, 11)")
PACKAGE = "lib/python3/site-packages/thing-1.dist-info"
FAKE_UV = """#!/bin/sh
echo "$1 $2" >> "$0.calls"
for last; do :; done
case "$1" in
  venv) mkdir -p "$last/bin" && ln -s {python} "$last/bin/python" ;;
  pip) mkdir -p "$(dirname "$4")/../{package}" ;;
esac
"""


class Checkout:
    """A checkout with locked files and a uv that notes what it was asked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.uv = root / "uv"
        self.uv.write_text(FAKE_UV.format(python=sys.executable, package=PACKAGE), "utf-8")
        self.uv.chmod(0o755)
        for lock in ("app", "dev"):
            (root / f"{lock}.txt").write_text(lock, "utf-8")

    def ensure(self, *, tests: bool = False) -> bool:
        return environments.ensure(
            PLAIN, tests=tests, uv=lambda: str(self.uv), python=lambda: sys.executable
        )

    @property
    def calls(self) -> list[str]:
        return self.uv.with_name("uv.calls").read_text("utf-8").splitlines()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return Checkout(tmp_path)


def test_a_second_time_nothing_is_done_and_uv_is_not_even_looked_for(checkout: Checkout) -> None:
    assert checkout.ensure()
    assert not checkout.ensure()
    assert checkout.calls == ["venv --no-project", "pip sync"]


def test_a_changed_lock_is_installed_into_the_same_environment(checkout: Checkout) -> None:
    checkout.ensure()
    (checkout.root / "app.txt").write_text("newer", "utf-8")
    assert checkout.ensure()
    assert checkout.calls == ["venv --no-project", "pip sync", "pip sync"]


def test_a_half_made_environment_is_made_anew(checkout: Checkout) -> None:
    (checkout.root / ".venv" / "bin").mkdir(parents=True)
    (checkout.root / ".venv" / "bin" / "python").symlink_to("/no/such/python")
    assert checkout.ensure()
    assert checkout.calls == ["venv --no-project", "pip sync"]


def test_an_interrupted_installation_is_finished(checkout: Checkout) -> None:
    checkout.ensure()
    (checkout.root / ".venv" / environments.STAMP).unlink()
    assert checkout.ensure()


def test_a_package_removed_by_hand_is_put_back(checkout: Checkout) -> None:
    checkout.ensure()
    (checkout.root / ".venv" / PACKAGE).rmdir()
    assert checkout.ensure()
    assert (checkout.root / ".venv" / PACKAGE).exists()


def test_a_moved_checkout_is_installed_again_as_scripts_hold_its_path(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.ensure()
    moved = checkout.root / "moved"
    moved.mkdir()
    (checkout.root / ".venv").rename(moved / ".venv")
    monkeypatch.setattr(environments, "ROOT", moved)
    assert checkout.ensure()


def test_an_environment_filled_for_tests_serves_a_plain_run(checkout: Checkout) -> None:
    assert checkout.ensure(tests=True)
    assert not checkout.ensure()


def test_a_plain_environment_does_not_serve_the_tests(checkout: Checkout) -> None:
    assert checkout.ensure()
    assert checkout.ensure(tests=True)
