"""Measures what understands shoppers: python -m rasa_ext.compare FILE…  (see docs/nlu.md).

Each FILE is a table with the columns text, intent and, if there are any, also_right (`a|b`).
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from rasa_ext import patterns
from rasa_ext.classifier import fitted, told
from rasa_ext.lines import Floats, Settings
from rasa_ext.normalise import plain

ROOT = Path(__file__).resolve().parents[1]
PERSON = "request_human"
COVERAGE = 0.7

Likelihoods = Callable[[str], Floats]


@dataclass(frozen=True)
class Examples:
    """Training lines and their intents."""

    lines: list[str]
    intents: list[str]

    @classmethod
    def read(cls, *patterns: str) -> Examples:
        entries = [
            (plain(line.removeprefix("- ")), entry["intent"])
            for pattern in patterns
            for path in sorted((ROOT / "data" / "nlu").glob(pattern))
            for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
            for line in entry["examples"].splitlines()
        ]
        return cls([line for line, _ in entries], [intent for _, intent in entries])


@dataclass(frozen=True)
class Line:
    """One line of a test table and the intents that are right for it."""

    text: str
    intent: str
    right: frozenset[str]


@dataclass(frozen=True)
class Way:
    """A trained classifier."""

    intents: Sequence[str]
    likelihoods: Likelihoods


def ours(examples: Examples, joined: int = 1, wherever: str | None = PERSON) -> Way:
    model = fitted(examples.lines, examples.intents, Settings(), joined)
    nothing = np.full(len(model.intents), 1 / len(model.intents))

    def likelihoods(text: str) -> Floats:
        found = told(model, text, wherever, 0.6)
        return nothing if found is None else found

    return Way(model.intents, likelihoods)


def counts_and_regression(examples: Examples) -> Way:
    """What Rasa's CountVectorsFeaturizer (characters in words, up to four) and
    LogisticRegressionClassifier do with their settings unchanged, tokenizer left out.
    """
    counts = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4))
    rows = counts.fit_transform(examples.lines)
    regression = LogisticRegression(
        solver="lbfgs", tol=1e-4, C=1.0, class_weight="balanced", max_iter=100
    ).fit(rows, examples.intents)

    def likelihoods(text: str) -> Floats:
        return np.asarray(regression.predict_proba(counts.transform([text]))[0])

    return Way([str(intent) for intent in regression.classes_], likelihoods)


WAYS: dict[str, Callable[[], Way]] = {
    "ours": lambda: ours(everything()),
    "ours, nothing drawn": lambda: ours(_all()),
    "ours, nothing joined": lambda: ours(everything(), joined=0),
    "ours, no fragment asked": lambda: ours(everything(), wherever=None),
    "ours, examples by hand only": lambda: ours(Examples.read("*.yml")),
    "Rasa's counts + regression": lambda: counts_and_regression(_all()),
    "Rasa's, by hand only": lambda: counts_and_regression(Examples.read("*.yml")),
}


def _all() -> Examples:
    """What Rasa's files hold."""
    return Examples.read("*.yml", "made/*.yml")


def everything(each: float = 2.9, most: int = 50) -> Examples:
    """What `config.yml` trains on: that, and what is drawn of the patterns beyond it."""
    known = _all()
    more = list(patterns.drawn(patterns.PATTERNS, known.lines, each, most))
    return Examples(
        [*known.lines, *(plain(line) for line, _, _ in more)],
        [*known.intents, *(intent for _, intent, _ in more)],
    )


def table(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Line(
            plain(row["text"]),
            row["intent"],
            frozenset({row["intent"], *filter(None, (row.get("also_right") or "").split("|"))}),
        )
        for row in rows
    ]


def measured(way: Way, lines: Sequence[Line]) -> str:
    """The figures of one classifier on one table, as cells."""
    begun = time.perf_counter()
    found = np.array([way.likelihoods(line.text) for line in lines])
    each = (time.perf_counter() - begun) / len(lines) * 1000
    told_ = [way.intents[place] for place in found.argmax(axis=1)]
    right = np.array([intent in line.right for intent, line in zip(told_, lines, strict=True)])
    third = [
        not line.right.isdisjoint(way.intents[place] for place in places)
        for line, places in zip(lines, np.argsort(-found, axis=1)[:, :3], strict=True)
    ]
    surest = np.argsort(-found.max(axis=1), kind="stable")[: round(COVERAGE * len(lines))]
    asked = [
        intent == PERSON for intent, line in zip(told_, lines, strict=True) if line.intent == PERSON
    ]
    mistaken = sum(
        intent == PERSON and PERSON not in line.right
        for intent, line in zip(told_, lines, strict=True)
    )
    cells = (
        f"{right.mean():.3f}",
        f"{np.mean(third):.3f}",
        f"{right[surest].mean():.3f}",
        f"{sum(asked)}/{len(asked)}",
        str(mistaken),
        f"{each:.1f} ms",
    )
    return " | ".join(cells)


def main() -> None:
    """Print one row for each classifier and file."""
    parser = argparse.ArgumentParser(prog="python -m rasa_ext.compare")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--only", choices=sorted(WAYS), help="one of the ways")
    options = parser.parse_args()
    tables = {path.name: table(path) for path in options.files}
    out = sys.stdout
    out.write("| way | file | right | in the first three | right in the surest 70 % ")
    out.write("| people asked for, found | people by mistake | one line | training |\n")
    out.write("|---|---|---|---|---|---|---|---|---|\n")
    for name in [options.only] if options.only else list(WAYS):
        begun = time.perf_counter()
        way = WAYS[name]()
        took = time.perf_counter() - begun
        for file, lines in tables.items():
            out.write(f"| {name} | {file} | {measured(way, lines)} | {took:.0f} s |\n")
            out.flush()


if __name__ == "__main__":
    main()
