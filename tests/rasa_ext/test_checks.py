"""Examples that contradict each other or the domain fail the training, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_ext.checks import BadExamples, check
from rasa_ext.classifier import LineClassifier

DOMAIN = "intents: [greet, {goodbye: {use_entities: true}}]\nentities: [size]\n"
GOOD = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 要[大](size)的\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "domain.yml").write_text(DOMAIN, "utf-8")
    (tmp_path / "nlu" / "a.yml").write_text(GOOD, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(project: Path) -> str:
    with pytest.raises(BadExamples) as wrong:
        check(Path("nlu"), Path("domain.yml"))
    return str(wrong.value)


def test_good_examples_pass(project: Path) -> None:
    check(Path("nlu"), Path("domain.yml"))


def test_a_line_under_two_intents_is_named_with_both_places(project: Path) -> None:
    other = "nlu:\n- intent: goodbye\n  examples: |\n    - 再见\n    - 你 好\n"
    (project / "nlu" / "b.yml").write_text(other, "utf-8")

    assert refused(project) == "nlu/b.yml:5: “你 好” is goodbye here, but greet in nlu/a.yml:5"


def test_an_unknown_intent_is_named_with_its_place(project: Path) -> None:
    (project / "nlu" / "b.yml").write_text(
        "nlu:\n- intent: gret\n  examples: |\n    - 哈\n", "utf-8"
    )

    assert refused(project) == "nlu/b.yml:2: intent gret is not in the domain"


def test_so_is_one_of_the_patterns(project: Path) -> None:
    (project / "nlu" / "generate").mkdir()
    (project / "nlu" / "generate" / "p.txt").write_text("# note\n@ gret\n[你|您]好\n", "utf-8")

    assert refused(project) == "nlu/generate/p.txt:2: intent gret is not in the domain"


@pytest.mark.parametrize("marked", ["[红](colour)", '[红]{"entity": "colour", "value": "red"}'])
def test_an_unknown_entity_is_named_with_its_place(project: Path, marked: str) -> None:
    bad = GOOD + f"    - 要{marked}的\n"
    (project / "nlu" / "a.yml").write_text(bad, "utf-8")

    assert refused(project) == "nlu/a.yml:7: entity colour is not in the domain"


def test_training_stops_at_them(project: Path) -> None:
    (project / "nlu" / "b.yml").write_text(
        "nlu:\n- intent: gret\n  examples: |\n    - 哈\n", "utf-8"
    )
    config = {**LineClassifier.get_default_config(), "checked": "nlu"}

    with pytest.raises(BadExamples, match=r"b\.yml:2"):
        LineClassifier(config, None, None).train(TrainingData([Message({"text": "哈"})]))


def test_our_own_examples_are_fit_to_be_trained_on(root: Path) -> None:
    check(root / "data" / "nlu", root / "domain.yml")
