"""A model is trained again exactly when what it is made of changed."""

import os
from pathlib import Path

import pytest

from scripts.steps import train
from scripts.steps.tell import Failure

INGREDIENTS = (
    "domain.yml",
    "config.yml",
    "data/nlu/a.yml",
    "data/nlu/new.yml",
    "data/rules/a.yml",
    "data/dictionary/words.txt",
    "rasa_ext/channel.py",
    "requirements/rasa.txt",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("data/nlu/a.yml", "data/rules/a.yml", "rasa_ext/channel.py", "domain.yml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    for name in ("config.yml", "requirements/rasa.txt", "data/dictionary/words.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    return tmp_path


@pytest.fixture
def trainings(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Training without Rasa: each run is noted and makes a file."""
    done: list[str] = []

    def pretend(command: list[str | Path], *_label: str, **_options: object) -> None:
        done.append(train.digest(checkout))
        (Path(command[command.index("--out") + 1]) / "model.tar.gz").write_text("model")

    monkeypatch.setattr(train, "ROOT", checkout)
    monkeypatch.setattr(train, "MODELS", checkout / "models")
    monkeypatch.setattr(train, "RASA_PYTHON", checkout)
    monkeypatch.setattr(train, "watch", pretend)
    monkeypatch.setenv("VAR_DIR", str(checkout / "var"))
    return done


@pytest.mark.parametrize("name", INGREDIENTS)
def test_a_change_to_what_a_model_is_made_of_is_seen(checkout: Path, name: str) -> None:
    before = train.digest(checkout)
    (checkout / name).write_text("changed", "utf-8")
    assert train.digest(checkout) != before


def test_a_renamed_file_is_seen(checkout: Path) -> None:
    before = train.digest(checkout)
    (checkout / "data/nlu/a.yml").rename(checkout / "data/nlu/b.yml")
    assert train.digest(checkout) != before


@pytest.mark.parametrize("name", ["data/policy/a.yml", "rasa_ext/__pycache__/x.pyc", "README.md"])
def test_a_change_elsewhere_is_not(checkout: Path, name: str) -> None:
    before = train.digest(checkout)
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text("changed", "utf-8")
    assert train.digest(checkout) == before


def test_nothing_is_trained_twice_and_going_back_finds_the_earlier_model(
    checkout: Path, trainings: list[str]
) -> None:
    first = train.ensure_model()
    assert train.ensure_model() == first
    (checkout / "domain.yml").write_text("other", "utf-8")
    assert train.ensure_model() != first
    (checkout / "domain.yml").write_text("domain.yml", "utf-8")
    assert train.ensure_model() == first
    assert len(trainings) == 2


def test_training_can_be_forced(trainings: list[str]) -> None:
    train.ensure_model()
    train.ensure_model(force=True)
    assert len(trainings) == 2


def test_a_failed_training_leaves_the_models_as_they_were(
    checkout: Path, trainings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = train.ensure_model()

    def fail(*_command: object, **_options: object) -> None:
        raise Failure("no")

    monkeypatch.setattr(train, "watch", fail)
    (checkout / "domain.yml").write_text("broken", "utf-8")
    with pytest.raises(Failure):
        train.ensure_model()
    assert list((checkout / "models").iterdir()) == [model]


def test_the_newest_models_are_kept_and_the_one_in_use_is_the_newest(
    checkout: Path, trainings: list[str]
) -> None:
    made = []
    for number in range(5):
        (checkout / "domain.yml").write_text(str(number), "utf-8")
        made.append(train.ensure_model())
        os.utime(made[-1], (number, number))
    (checkout / "domain.yml").write_text("2", "utf-8")
    used = train.ensure_model()
    kept = sorted((checkout / "models").iterdir(), key=lambda path: path.stat().st_mtime)
    assert len(kept) == train.MODELS_KEPT
    assert kept[-1] == used
