"""The commands: JSON alone on stdout, exit codes, and the whole way from file to roll-back."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.db import Database
from bot.policy.service import FOLDER, PolicyService
from bot.settings import Settings
from tests.policy_store.conftest import CORNER, MONDAY, RULES

Run = Callable[..., tuple[int, Any]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def run(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a command on a migrated database: its exit code and its JSON."""
    url = str(request.getfixturevalue(f"migrated_{request.param}"))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("CLOCK", MONDAY.isoformat())

    def command(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = cli.main([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small shop's files."""
    made = tmp_path / "policy"
    made.mkdir()
    for path in (*RULES.glob("*.yml"), FOLDER / "phrases.yml"):
        shutil.copy(path, made / path.name)
    (made / "corner.yml").write_text(CORNER, "utf-8")
    return made


def test_the_whole_way_from_file_to_rollback(run: Run, folder: Path, tmp_path: Path) -> None:
    code, told = run("policy", "import", "--folder", str(folder), "--dry-run")
    assert (code, told["changed"], told["dry_run"]) == (0, True, True)
    assert run("policy", "history") == (0, [])
    code, told = run("policy", "import", "--folder", str(folder))
    assert (code, set(told["sets"])) == (0, {"corner"})
    assert run("policy", "import", "--folder", str(folder))[1]["changed"] is False

    wider = tmp_path / "wider.yml"
    wider.write_text(CORNER.replace("max: 3", "max: 7"), "utf-8")
    code, told = run("policy", "draft", str(wider), "--by", "li", "--note", "七天")
    assert code == 0
    assert "+    when: {wants: refund, days_since_purchase: {max: 7}}" in told["diff"]["corner"]
    number = str(told["draft"])

    code, told = run("policy", "lint", number)
    assert (code, told["counts"]["error"]) == (0, 0)
    code, told = run("policy", "replay", number)
    assert (code, told["decisions"]) == (0, 0)
    code, told = run("policy", "publish", number, "--by", "Li", "--reason", "七天")
    assert (code, told["error"]["code"]) == (1, "same_person")
    code, told = run("policy", "publish", number, "--by", "wang", "--reason", " ")
    assert (code, told["error"]["code"]) == (1, "bad_input")
    code, told = run(
        "policy", "publish", number, "--by", "wang", "--reason", "七天", "--at", "soon"
    )
    assert (code, told["error"]["code"]) == (1, "bad_input")
    publish = ("policy", "publish", number, "--by", "wang", "--reason", "七天")
    code, told = run(*publish, "--at", "2026-12-01")
    assert (code, told["takes_effect_at"]) == (0, "2026-12-01T00:00:00+08:00")
    assert set(told["sets"]) == {"corner"}

    code, told = run("policy", "rollback", "corner", "--by", "zhao")
    assert code == 0
    back = ("policy", "publish", str(told["draft"]), "--by", "qian", "--reason", "改回")
    assert run(*back, "--at", "2026-12-01T00:00")[0] == 0
    _, history = run("policy", "history")
    assert [each["published_by"] for each in history][:2] == ["qian", "wang"]
    _, listed = run("policy", "drafts")
    assert [each["state"] for each in listed] == ["published", "published"]


def test_a_kept_decision_is_explained_and_an_unknown_one_is_not(run: Run, folder: Path) -> None:
    from bot.clock import Clock

    run("policy", "import", "--folder", str(folder))
    settings = Settings()
    db, clock = Database(settings.database), Clock(settings.zone, settings.clock)
    service = PolicyService.running(db, clock)
    decision = service.decide("corner", {"wants": "repair"}, clock.today())
    with db.write() as session:
        service.save(session, decision, {}, clock.now())
    db.close()
    code, told = run("policy", "explain", decision.decision_id)
    assert (code, told["same"]) == (0, True)
    assert told["record"] == decision.record()
    assert [rule["id"] for rule in told["rules"]] == ["mend"]
    assert told["rules"][0]["facts"] == {"wants": "repair"}
    code, told = run("policy", "explain", "nothing")
    assert (code, told["error"]["code"]) == (1, "not_found")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("policy", "publish", "99", "--by", "a", "--reason", "b"), "no_such_draft"),
        (("policy", "replay", "99"), "no_such_draft"),
        (("policy", "lint", "nowhere"), "no_such_policy"),
        (("policy", "draft", "/nowhere.yml", "--by", "a"), "bad_policy"),
        (("policy", "rollback", "corner", "--by", "a"), "not_found"),
        (("policy", "withdraw", "99"), "no_such_draft"),
    ],
)
def test_what_is_not_there_is_said_in_one_shape(
    run: Run, folder: Path, words: tuple[str, ...], code: str
) -> None:
    run("policy", "import", "--folder", str(folder))
    exit_code, told = run(*words)
    assert (exit_code, told["error"]["code"]) == (1, code)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told["error"]["message"])


def test_lint_of_a_wrong_file_fails_with_its_line(run: Run, folder: Path) -> None:
    run("policy", "import", "--folder", str(folder))
    path = folder / "corner.yml"
    path.write_text(CORNER.replace("overlays: [common, statutory]", "overlays: [common]"), "utf-8")
    code, told = run("policy", "lint", str(path))
    assert (code, told["counts"]["error"]) == (1, 1)
    path.write_text(CORNER.replace("wants: repair", "wish: repair"), "utf-8")
    code, told = run("policy", "lint", str(path))
    assert (code, told["error"]["details"]["line"]) == (1, 25)
    assert told["error"]["details"]["file"] == str(path)


def test_lint_fails_on_warnings_only_when_told_so(run: Run, folder: Path) -> None:
    run("policy", "import", "--folder", str(folder))
    assert run("policy", "lint", "corner")[0] == 0
    assert run("policy", "lint", "corner", "--strict")[0] == 1


def test_a_withdrawn_draft_is_published_no_more(run: Run, folder: Path, tmp_path: Path) -> None:
    run("policy", "import", "--folder", str(folder))
    path = tmp_path / "mine.yml"
    path.write_text(CORNER.replace("max: 3", "max: 7"), "utf-8")
    number = str(run("policy", "draft", str(path), "--by", "li")[1]["draft"])
    assert run("policy", "withdraw", number)[0] == 0
    code, told = run("policy", "publish", number, "--by", "wang", "--reason", "晚了")
    assert (code, told["error"]["code"]) == (1, "draft_closed")


def test_without_a_database_the_commands_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.sqlite3")
    assert cli.main(["policy", "import", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "not_migrated"
    assert cli.main(["policy", "lint", "dept_fashion", "--json"]) == 0


def test_a_decision_needs_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.sqlite3")
    words = [
        "policy",
        "decide",
        "--shop",
        "dept_fashion",
        "--facts",
        '{"wants": "human"}',
        "--json",
    ]
    assert cli.main(words) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "escalate"
    assert not (tmp_path / "none.sqlite3").exists()


def test_a_broken_file_does_not_stop_what_runs(run: Run, folder: Path) -> None:
    broken = CORNER.replace("wants: repair}", "wishes: repair}")
    (folder / "corner.yml").write_text(broken, "utf-8")
    bring = ("policy", "import", "--folder", str(folder), "--keep-running")
    code, told = run(*bring)
    assert (code, told["error"]["code"]) == (1, "bad_policy")  # nothing runs yet

    (folder / "corner.yml").write_text(CORNER, "utf-8")
    assert run(*bring)[1]["changed"] is True
    (folder / "corner.yml").write_text(broken, "utf-8")
    code, told = run(*bring)
    assert (code, told["changed"]) == (0, False)
    assert told["refused"]["details"]["line"] == 25
    assert "corner.yml 第 25 行" in told["refused"]["message"]
    assert told["refused"]["details"]["remedy"]
    assert len(run("policy", "history")[1]) == 1
    assert run("policy", "import", "--folder", str(folder))[0] == 1
