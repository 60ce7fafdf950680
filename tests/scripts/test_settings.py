"""Secrets are made once and kept private; ports that are taken are named."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.steps import settings
from scripts.steps.settings import SECRETS, Address
from scripts.steps.tell import Failure

NAMES = (*SECRETS, "APP_HOST", "APP_PORT", "RASA_URL", "ACTIONS_URL")


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout and an environment with no setting in it; what a test loads is undone."""
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    yield tmp_path
    for name in NAMES:
        os.environ.pop(name, None)


def forget() -> None:
    for name in SECRETS:
        del os.environ[name]


def test_secrets_are_private_and_the_same_the_next_time(tmp_path: Path) -> None:
    settings.load()
    first = {name: os.environ[name] for name in SECRETS}
    forget()
    settings.load()
    path = tmp_path / "var" / "secrets.env"
    assert {name: os.environ[name] for name in SECRETS} == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(set(first.values())) == len(SECRETS)
    assert min(map(len, first.values())) >= 32


def test_a_secret_of_the_environment_goes_before_the_kept_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.load()
    forget()
    monkeypatch.setenv("RASA_TOKEN", "mine")
    settings.load()
    assert os.environ["RASA_TOKEN"] == "mine"


def test_a_secret_of_the_env_file_is_used_and_never_written_elsewhere(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("export SECRET_KEY='from the file' # ours\n", "utf-8")
    settings.load()
    assert os.environ["SECRET_KEY"] == "from the file"
    assert "SECRET_KEY" not in (tmp_path / "var" / "secrets.env").read_text("utf-8")


def test_a_secrets_file_opened_to_others_is_closed_again(tmp_path: Path) -> None:
    settings.load()
    path = tmp_path / "var" / "secrets.env"
    path.chmod(0o644)
    settings.load()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_kind_of_secret_is_added_to_the_kept_ones(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    first = settings.keep_secrets(path, ["SECRET_KEY"])
    second = settings.keep_secrets(path, ["SECRET_KEY", "RASA_TOKEN"])
    assert second["SECRET_KEY"] == first["SECRET_KEY"]
    assert settings.read_env_file(path) == second


def test_env_files_may_hold_comments_quotes_and_equal_signs(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text('# A=1\n\nB = two\nC="x=y # z"\nD=1 # why\nno line\n', "utf-8")
    assert settings.read_env_file(path) == {"B": "two", "C": "x=y # z", "D": "1"}


def test_only_the_app_may_leave_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_HOST", "0.0.0.0")
    assert settings.addresses()["app"].near == "127.0.0.1"
    monkeypatch.setenv("RASA_URL", "http://0.0.0.0:5005")
    with pytest.raises(Failure, match="RASA_URL"):
        settings.addresses()


@pytest.mark.parametrize("url", ["http://127.0.0.1", "http://127.0.0.1:http", "elsewhere"])
def test_an_inner_address_without_a_port_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONS_URL", url)
    with pytest.raises(Failure, match="ACTIONS_URL"):
        settings.addresses()


@pytest.mark.parametrize("port", ["", "0", "70000", "http"])
def test_an_app_port_that_is_no_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_PORT", port)
    if port:
        with pytest.raises(Failure, match="APP_PORT"):
            settings.addresses()
    else:
        assert settings.addresses()["app"].port == 8000


def test_a_taken_port_is_named_with_the_setting_and_a_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("RASA_URL", f"http://127.0.0.1:{port}")
        rasa = settings.addresses()["rasa"]
        with pytest.raises(Failure) as refusal:
            settings.check_free({"rasa": rasa})
    assert f"端口 {port} 已被占用" in str(refusal.value)
    assert f"RASA_URL=http://127.0.0.1:{port + 1} scripts/run" in str(refusal.value)


def test_a_port_taken_on_loopback_is_seen_when_we_would_listen_everywhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert settings.is_taken(Address("APP_PORT", "0.0.0.0", port, ""))


def test_two_of_ours_on_one_port_are_refused() -> None:
    place = Address("RASA_URL", "127.0.0.1", 59999, "")
    with pytest.raises(Failure, match="用了两次"):
        settings.check_free({"rasa": place, "actions": place})
