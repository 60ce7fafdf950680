"""Accounts from settings and files, their menu, and the commands that look after them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.channels.wechat.account import NoticeWay, Security
from bot.errors import BadInput
from bot.messages import Pressed
from bot.settings import Settings
from bot.wechat import menu
from bot.wechat.accounts import Accounts, UnknownAccount
from tests.twins.wechat.platform import Platform
from tests.twins.wechat.server import running
from tests.wechat.stage import AES_KEY, TOKEN, Stage, account, settings_of

YAML = """
name: kids
app_id: wx2
shop: kids
security: secure
menu_messages: false
notice:
  way: template
  template_id: abc
  fields: {thing1: text, character_string2: "no"}
"""


def test_without_settings_there_is_no_account(tmp_path: Path) -> None:
    accounts = Accounts.load(_settings(), tmp_path)
    assert accounts.by_name == {}
    with pytest.raises(UnknownAccount):
        accounts.get(None)


@pytest.mark.parametrize(
    ("given", "security"),
    [
        ({}, Security.PLAIN),
        ({"wechat_aes_key": AES_KEY}, Security.COMPATIBLE),
        ({"wechat_aes_key": AES_KEY, "wechat_security": "secure"}, Security.SECURE),
    ],
)
def test_the_default_account_comes_from_the_settings(
    tmp_path: Path, given: dict[str, str], security: Security
) -> None:
    settings = _settings(wechat_app_id="wx1", wechat_token=TOKEN, **given)
    found = Accounts.load(settings, tmp_path).get(None)
    assert (found.app_id, found.security) == ("wx1", security)
    assert TOKEN not in repr(found)


def test_more_accounts_come_from_files_and_their_secrets_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kids.yml").write_text(YAML, "utf-8")
    for name, value in (("TOKEN", TOKEN), ("AES_KEY", AES_KEY), ("APP_SECRET", "s")):
        monkeypatch.setenv(f"WECHAT_KIDS_{name}", value)
    found = Accounts.load(_settings(), tmp_path).get("kids")
    assert (found.shop, found.secret, found.menu_messages) == ("kids", "s", False)
    assert found.notice is not None
    assert (found.notice.way, found.notice.fields["character_string2"]) == (
        NoticeWay.TEMPLATE,
        "no",
    )


@pytest.mark.parametrize(
    "yaml",
    [
        "name: kids",
        "name: default\napp_id: wx2",
        "name: ../x\napp_id: wx2",
        "name: kids\napp_id: wx2\nsecret: here",
        "name: kids\napp_id: wx2\nsecurity: sealed",
        "- a list",
        "name: kids\napp_id: wx2\nnotice: {way: pigeon, template_id: a, fields: {}}",
        "name: kids\napp_id: wx2\nnotice: {way: template, template_id: a, fields: {a: b}}",
    ],
)
def test_a_file_that_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, yaml: str
) -> None:
    monkeypatch.setenv("WECHAT_KIDS_TOKEN", TOKEN)
    (tmp_path / "bad.yml").write_text(yaml, "utf-8")
    with pytest.raises(BadInput, match=r"bad\.yml"):
        Accounts.load(_settings(), tmp_path)


def test_every_key_of_our_menu_is_something_the_bot_understands() -> None:
    keys = [entry["key"] for entry in menu._all(menu.STANDARD) if "key" in entry]
    assert len(keys) >= 5
    for key in keys:
        assert Pressed.by(key).intent
    assert len(menu.STANDARD) <= 3
    assert menu.title_of(account(Platform()), "human") == "转人工"


def test_the_menu_is_pushed_and_its_keys_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with _commands(tmp_path, monkeypatch) as platform:
        assert cli.main(["wechat", "menu", "push", "--json"]) == 0
        assert platform.menu == list(menu.STANDARD)
        assert json.loads(capsys.readouterr().out) == {"pushed": ["default"]}
        assert cli.main(["wechat", "status", "--json"]) == 0
        (status,) = json.loads(capsys.readouterr().out)["accounts"]
        assert (status["account"], status["token_calls_today"]) == ("default", 1)


def test_the_doctor_finds_all_well(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _use(monkeypatch, stage)
    url = str(stage.gateway.client.base_url).rstrip("/")
    assert cli.main(["doctor", "--wechat", "--json", "--url", url]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["check"] for each in found["findings"]] == [
        "settings",
        "clock",
        "token",
        "callback",
        "standing",
    ]


@pytest.mark.parametrize(
    ("code", "said"), [(40164, "白名单"), (40125, "AppSecret 不对"), (40013, "AppID 不对")]
)
def test_the_doctor_says_what_is_wrong_with_the_token(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: int,
    said: str,
) -> None:
    with _commands(tmp_path, monkeypatch) as platform:
        platform.token_failure = code
        assert cli.main(["doctor", "--wechat", "--url", "http://127.0.0.1:9"]) == 1
    out = capsys.readouterr().out
    assert said in out
    assert str(code) in out
    assert "连不上" in out  # the callback


def test_the_doctor_without_an_account_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert cli.main(["doctor", "--wechat"]) == 1
    assert "WECHAT_APP_ID" in capsys.readouterr().err


def _settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


def _use(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    api = f"http://127.0.0.1:{_port(stage)}"
    for name, value in settings_of(api, "secure", stage.platform).items():
        monkeypatch.setenv(name.upper(), str(value))
    monkeypatch.setenv("VAR_DIR", str(stage.var))


def _port(stage: Stage) -> int:
    return int(stage.api.rpartition(":")[2])


@contextmanager
def _commands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The environment of the commands, against a twin."""
    platform = Platform()
    with running(platform) as twin:
        monkeypatch.setenv("VAR_DIR", str(folder))
        for name, value in settings_of(twin.url, "plain", platform).items():
            monkeypatch.setenv(name.upper(), str(value))
        assert cli.main(["migrate"]) == 0
        yield platform
