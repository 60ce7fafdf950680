"""A start takes the policy files in, and says aloud when one of them cannot be used."""

from pathlib import Path
from typing import Any

import pytest

from scripts.steps import run
from scripts.steps.tell import Command, Failure


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run, "logs", lambda: tmp_path)
    return tmp_path / "policy.log"


def test_a_start_says_which_file_it_goes_on_without(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Command] = []

    def refused(command: Command, _label: str, **_more: Any) -> None:
        asked.append(command)
        log.write_text("INFO 读取\n! kids.yml 第 9 行：没有“wishes”这个事实。请改名。\n", "utf-8")

    monkeypatch.setattr(run, "watch", refused)
    run.bring_in_rules()
    assert asked[0][-3:] == ["policy", "import", "--keep-running"]
    assert capsys.readouterr().out == "! kids.yml 第 9 行：没有“wishes”这个事实。请改名。\n"


def test_without_rules_to_go_on_with_a_start_stops(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failed(*_command: Any, **_more: Any) -> None:
        raise Failure("kids.yml 第 9 行")

    monkeypatch.setattr(run, "watch", failed)
    with pytest.raises(Failure, match="第 9 行"):
        run.bring_in_rules()
