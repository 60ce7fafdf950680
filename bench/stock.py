"""The rival: stock Rasa with the pipeline and policies of `rasa init`, on our own data."""

import contextlib
import hashlib
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.servers import Place, serving, wait_for
from scripts.steps.places import APP_PYTHON, RASA_PYTHON, ROOT
from scripts.steps.run import RASA_SERVING
from scripts.steps.tell import Failure, say, watch
from scripts.steps.train import RASA_ENVIRONMENT, TRAINING_DATA

MODELS_KEPT = 2
LOCK = ROOT / "requirements" / "rasa.txt"

# Rasa writes its default file out as comments; this is where it takes the content from.
_DEFAULTS = "import rasa.engine.recipes.config_files as c; print(list(c.__path__)[0])"


def config() -> str:
    """Rasa's own default configuration with the one change that Chinese needs.

    Raises:
        Failure: the default is not the one this was written for.
    """
    folder = subprocess.run(
        [RASA_PYTHON, "-c", _DEFAULTS], capture_output=True, text=True, check=True
    ).stdout.strip()
    default = (Path(folder) / "default_config.yml").read_text("utf-8")
    changes = {
        "name: WhitespaceTokenizer": "name: JiebaTokenizer",
        "language: en": "language: zh",
        "assistant_id: placeholder_default": "assistant_id: stock",
    }
    for old, new in changes.items():
        if default.count(old) != 1:
            raise Failure(f"Rasa's default configuration has no single {old!r}")
        default = default.replace(old, new)
    return default


def ensure_model(cache: Path) -> Path:
    """The stock model of the present data, trained when there is none (minutes)."""
    cache.mkdir(parents=True, exist_ok=True)
    text = config()
    model = cache / f"stock-{_digest(text)[:12]}.tar.gz"
    if model.exists():
        say("✓ 训练数据没有变化,沿用已有的原版 Rasa 模型")
        return model
    with tempfile.TemporaryDirectory(prefix="run-stock-", dir=cache) as folder:
        (Path(folder) / "config.yml").write_text(text, "utf-8")
        watch(
            _training(Path(folder)),
            "训练原版 Rasa(要十几分钟;数据不变就不再训练)",
            log="bench-stock-train.log",
            env=RASA_ENVIRONMENT,
        )
        (Path(folder) / "model.tar.gz").replace(model)
    _prune(cache)
    return model


@contextlib.contextmanager
def serving_stock(where: Place, model: Path) -> Iterator[None]:
    """Stock Rasa behind its REST channel with stores of its default, and our action server."""
    folder = where.folder
    endpoint = {"action_endpoint": {"url": where.actions_url, "token": where.actions_token}}
    (folder / "endpoints.yml").write_text(json.dumps(endpoint), "utf-8")
    (folder / "credentials.yml").write_text("rest:\n", "utf-8")
    listen = ["--interface", "127.0.0.1", "--port", str(where.rasa)]
    files = [f"--{name}={folder / name}.yml" for name in ("endpoints", "credentials")]
    rasa = [str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(model), *listen, *files]
    actions = [str(APP_PYTHON), "-m", "actions"]
    settings = where.environment()
    with (
        serving("actions", actions, settings, folder),
        serving("rasa", rasa, {**settings, **RASA_SERVING}, folder),
    ):
        health = f"{where.url(where.actions)}/health?token={where.actions_token}"
        wait_for(health, folder)
        wait_for(where.url(where.rasa), folder)
        yield


def _training(folder: Path) -> list[str | Path]:
    data = [name for name in TRAINING_DATA if (ROOT / name).exists()]
    files = ["--domain", "domain.yml", "--config", f"{folder}/config.yml", "--data", *data]
    output = ["--out", str(folder), "--fixed-model-name", "model"]
    return [RASA_PYTHON, "-m", "rasa", "train", *files, *output]


def _digest(text: str) -> str:
    total = hashlib.sha256(text.encode())
    for name in ("domain.yml", *TRAINING_DATA):
        place = ROOT / name
        for path in sorted(place.rglob("*.yml")) if place.is_dir() else [place]:
            if path.exists():
                total.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    total.update(LOCK.read_bytes())
    return total.hexdigest()


def _prune(cache: Path) -> None:
    models = sorted(cache.glob("stock-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for path in models[:-MODELS_KEPT]:
        path.unlink()
