"""Rasa served without TensorFlow: what is left out, when it is not, and that it still understands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rasa_ext.serve import needs_tensorflow

ASK = """
import asyncio, json, sys
from rasa_ext import absent
absent.leave_out()
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
parsed = asyncio.run(Agent.load(sys.argv[1]).processor.parse_message(UserMessage("请问有人在吗")))
loaded = [name for name in sys.modules if name.partition(".")[0] in ("tensorflow", "jax")]
real = [name for name in loaded if getattr(sys.modules[name], "__file__", None)]
print(json.dumps({"intent": parsed["intent"]["name"], "real": real}))
"""


def config(folder: Path, text: str) -> Path:
    path = folder / "config.yml"
    path.write_text(text, "utf-8")
    return path


def test_our_own_configuration_needs_no_tensorflow(root: Path) -> None:
    assert not needs_tensorflow(root / "config.yml")


@pytest.mark.parametrize(
    "text",
    [
        "pipeline: [{name: DIETClassifier}]\npolicies: [{name: RulePolicy}]",
        "pipeline: [{name: rasa.nlu.classifiers.diet_classifier.DIETClassifier}]\npolicies: [RulePolicy]",
        "pipeline: [{name: KeywordIntentClassifier}]\npolicies: [{name: TEDPolicy}]",
        "pipeline: [{name: KeywordIntentClassifier}]",
        "",
    ],
    ids=["component", "full name", "policy", "Rasa's default policies", "all defaults"],
)
def test_one_that_does_keeps_it(tmp_path: Path, text: str) -> None:
    assert needs_tensorflow(config(tmp_path, text))


def test_it_can_be_kept_in_any_case(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_WITH_TENSORFLOW", "1")
    assert needs_tensorflow(root / "config.yml")


def test_a_model_of_ours_understands_without_it(model: Path, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(model)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"intent": "greet", "real": []}
