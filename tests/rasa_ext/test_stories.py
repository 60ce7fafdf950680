"""The stories of `tests/stories` come true with our own model, and Rasa finds no contradiction."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

VALIDATE = "data validate --domain domain.yml --config config.yml --data data/nlu data/rules"


def rasa(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rasa_ext.serve", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.fixture
def own_model(root: Path) -> Path:
    """The model that was trained last; `scripts/test` sees to it that it is of the present data."""
    models = sorted((root / "models").glob("desk-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        pytest.skip("no model: run scripts/train")
    return models[-1]


def test_every_story_comes_true(root: Path, own_model: Path, tmp_path: Path) -> None:
    told = rasa(
        root,
        *("test", "core", "--stories", "tests/stories", "--model", str(own_model)),
        *("--out", str(tmp_path), "--fail-on-prediction-errors"),
    )

    assert told.returncode == 0, told.stderr[-2000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text("utf-8")
    assert "None of the test stories failed" in failed, failed


def test_rasa_finds_no_contradiction_in_our_data(root: Path) -> None:
    told = rasa(root, *VALIDATE.split())

    assert told.returncode == 0, told.stderr[-2000:]
    assert "No story structure conflicts found" in told.stdout + told.stderr
