"""The command line as programs use it."""

import json

import pytest

from bot.cli import main

DECIDE = ["--files", "--shop", "dept_fashion", "--facts", '{"wants": "refund"}']


@pytest.mark.parametrize(
    "command", [["--json", "policy", "decide"], ["policy", "--json", "decide"]]
)
def test_json_may_stand_before_the_command(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, *DECIDE]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "needs_facts"
