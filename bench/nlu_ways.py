"""The pipelines that are measured beside ours, and the runs of each in Rasa's own Python."""

import csv
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bench import stock
from bench.figures import Sample
from scripts.steps.places import RASA_PYTHON, ROOT
from scripts.steps.tell import Failure, say, tail
from scripts.steps.train import RASA_ENVIRONMENT

HELD_OUT = ROOT / "tests" / "nlu" / "held_out.tsv"
COVERAGE = 0.7
QUIET = {"LOG_LEVEL": "ERROR", "OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}

Component = dict[str, Any]
_WORDS: list[Component] = [
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_FALLBACK: Component = {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}
_NORMALISER: Component = {"name": "rasa_ext.normalise.Normaliser"}


@dataclass(frozen=True)
class Line:
    """A line of a test table and the intents that are right for it."""

    text: str
    right: frozenset[str]


@dataclass(frozen=True)
class Pipeline:
    """One way to tell intents; `lean` runs without TensorFlow, as `scripts/run` runs ours."""

    name: str
    components: Sequence[Component]
    lean: bool = False
    note: str = ""

    def config(self) -> str:
        """The text of its `config.yml`."""
        recipe = {"recipe": "default.v1", "assistant_id": "bench", "language": "zh"}
        return yaml.safe_dump({**recipe, "pipeline": [*self.components]}, allow_unicode=True)


@dataclass(frozen=True)
class Measured:
    """What training and parsing with one pipeline cost, and how well it understood."""

    pipeline: Pipeline
    training: float
    load: float
    memory: float
    sample: Sample
    told: Sequence[tuple[str | None, float]] = field(repr=False)

    def part(self, start: int, end: int) -> "Measured":
        """The same of some of the lines only."""
        return replace(self, told=self.told[start:end])

    def right(self, lines: Sequence[Line]) -> float:
        """The share understood."""
        return _share(self._rights(lines))

    def right_of_surest(self, lines: Sequence[Line]) -> float:
        """The share understood among the lines of which the pipeline is surest."""
        rights = self._rights(lines)
        order = sorted(range(len(lines)), key=lambda at: -self.told[at][1])
        return _share([rights[at] for at in order[: round(COVERAGE * len(lines))]])

    def _rights(self, lines: Sequence[Line]) -> list[bool]:
        return [intent in line.right for line, (intent, _) in zip(lines, self.told, strict=True)]


def ours(*, drawn: bool) -> Pipeline:
    """Our own pipeline; without what it draws of its patterns it has the lines that all have."""
    told = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    parts: list[Component] = [dict(part) for part in told["pipeline"]]
    for part in parts:
        part.pop("checked", None)
        if not drawn:
            part.pop("patterns", None)
        elif "patterns" in part:
            part["patterns"] = str(ROOT / part["patterns"])
    return Pipeline("ours" if drawn else "ours, same lines", parts, lean=True)


def stock_diet(epochs: int) -> Pipeline:
    """The pipeline of `rasa init` with JiebaTokenizer; its response selector has nothing to do."""
    parts: list[Component] = yaml.safe_load(stock.config())["pipeline"]
    kept = [dict(part) for part in parts if part["name"] != "ResponseSelector"]
    for part in kept:
        if "epochs" in part:
            part["epochs"] = epochs
    return Pipeline("stock Rasa (DIET)", kept, note=f"{epochs} epochs")


def rivals(epochs: int) -> Sequence[Pipeline]:
    """The other ways of the table, all on the lines of Rasa's files."""
    diet = {
        "name": "DIETClassifier",
        "epochs": epochs,
        "constrain_similarities": True,
        "entity_recognition": False,
        "number_of_transformer_layers": 1,
        "hidden_layers_sizes": {"text": [256]},
        "batch_size": [64, 128],
        "drop_rate": 0.25,
        "learning_rate": 0.002,
    }
    line = "rasa_ext.classifier.LineClassifier"
    plain = {"name": line, "joined": 0}
    return (
        Pipeline("DIET tuned", [_NORMALISER, *_WORDS, diet, _FALLBACK], note=f"{epochs} epochs"),
        Pipeline(
            "logistic regression on n-grams",
            [_NORMALISER, *_WORDS, {"name": "LogisticRegressionClassifier"}, _FALLBACK],
        ),
        Pipeline("linear SVM on n-grams", [_NORMALISER, plain, _FALLBACK]),
        Pipeline(
            "SVM and regression, added",
            [_NORMALISER, {**plain, "joined": 1, "regression": True}, _FALLBACK],
        ),
    )


def lines(path: Path) -> Sequence[Line]:
    """A table text, intent, also_right (`a|b`)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Line(row["text"], frozenset(filter(None, [row["intent"], *_also(row)]))) for row in rows
    ]


def measure(
    pipeline: Pipeline, data: Sequence[Path], asked: Sequence[Line], cache: Path
) -> Measured:
    """Train on the files and parse every line, each alone in a process; `cache` holds the run."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-nlu-", dir=cache) as name:
        folder = Path(name)
        (folder / "config.yml").write_text(pipeline.config(), "utf-8")
        (folder / "lines.json").write_text(json.dumps([line.text for line in asked]), "utf-8")
        examples = folder / "data"
        examples.mkdir()
        for path in data:
            shutil.copy(path, examples / path.name)
        model = folder / "model.tar.gz"
        say(f"… 训练 {pipeline.name} {pipeline.note}")
        made = _child("train", folder / "config.yml", model, examples, folder=folder)
        say(f"… 解析 {len(asked)} 行:{pipeline.name}")
        lean = ["lean"] if pipeline.lean else []
        got = _child("parse", model, folder / "lines.json", *lean, folder=folder)
    return Measured(
        pipeline,
        made["training_seconds"],
        got["load_seconds"],
        got["memory_mb"],
        Sample(tuple(got["times"]), sum(got["times"])),
        [(intent, sure) for intent, sure in got["told"]],
    )


def _child(*arguments: str | Path, folder: Path) -> Mapping[str, Any]:
    log = folder / "child.log"
    with log.open("wb") as errors:
        done = subprocess.run(
            [RASA_PYTHON, "-m", "bench.nlu_child", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, **RASA_ENVIRONMENT, **QUIET},
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
        )
    if done.returncode:
        raise Failure(f"bench.nlu_child {arguments[0]}\n{tail(log)}")
    told: Mapping[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return told


def _also(row: Mapping[str, str | None]) -> list[str]:
    return (row.get("also_right") or "").split("|")


def _share(rights: Sequence[bool]) -> float:
    return sum(rights) / len(rights) if rights else 0.0
