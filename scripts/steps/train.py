"""Trains a model when what it is made of changed since the last one.

A model is named after a digest of everything it is made of, so going back to earlier data finds
the earlier model again, and a failed training leaves the last model where it was.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.steps.places import MODELS, RASA_PYTHON, ROOT, var
from scripts.steps.tell import Command, Failure, alone, main, say, watch

INGREDIENTS = (
    "domain.yml",
    "config.yml",
    "data/nlu",
    "data/rules",
    "data/stories",
    "data/dictionary",
    "rasa_ext",
    "requirements/rasa.txt",
)
TRAINING_DATA = ("data/nlu", "data/rules", "data/stories")
MODELS_KEPT = 3
RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}


def ensure_model(*, force: bool = False) -> Path:
    """The model of the present data, trained first when there is none.

    Raises:
        Failure: training failed; the models from before are still there.
    """
    with alone("train"):
        model = MODELS / f"desk-{digest(ROOT)[:12]}.tar.gz"
        if model.exists() and not force:
            os.utime(model)
            say("✓ 训练数据没有变化,沿用已有模型")
        else:
            _train(model)
        _prune()
        return model


def digest(root: Path) -> str:
    """A digest over the names and contents of everything a model is made of."""
    total = hashlib.sha256()
    for path in _ingredients(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root)} {content}\n".encode())
    return total.hexdigest()


def _ingredients(root: Path) -> Iterator[Path]:
    for name in INGREDIENTS:
        place = root / name
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (path for path in found if path.is_file() and _counts(path))


def _counts(path: Path) -> bool:
    return "__pycache__" not in path.parts and not path.name.startswith(".")


def _train(model: Path) -> None:
    """Train into a folder beside the models, so that only a whole model gets its name."""
    if not RASA_PYTHON.exists():
        raise Failure("还没有安装 Rasa:先运行 scripts/install")
    MODELS.mkdir(exist_ok=True)
    var().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=MODELS) as folder:
        watch(_command(folder), "训练模型", log="train.log", env=RASA_ENVIRONMENT)
        made = Path(folder) / "model.tar.gz"
        if not made.exists():
            raise Failure("训练结束了,却没有得到模型;见 var/log/train.log")
        made.replace(model)


def _command(folder: str) -> Command:
    """`data/` itself is not given: policy files there could be taken for Rasa's rules."""
    data = [name for name in TRAINING_DATA if (ROOT / name).exists()]
    files = ["--domain", "domain.yml", "--config", "config.yml", "--data", *data]
    output = ["--out", folder, "--fixed-model-name", "model"]
    return [RASA_PYTHON, "-m", "rasa", "train", *files, *output]


def _prune() -> None:
    models = sorted(MODELS.glob("desk-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for path in models[:-MODELS_KEPT]:
        path.unlink()


def _main() -> None:
    say(f"  {ensure_model(force='--force' in sys.argv[1:])}")


if __name__ == "__main__":
    main(_main)
