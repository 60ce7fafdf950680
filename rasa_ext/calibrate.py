"""How sure is sure enough: python -m rasa_ext.calibrate  (see docs/nlu.md).

Every line is judged by a model that was trained without it and without the pattern it was made of,
so that no sibling of it leaks; the share right is then counted by how sure the model was.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rasa_ext import patterns
from rasa_ext.classifier import fitted, told
from rasa_ext.compare import PERSON, Examples
from rasa_ext.lines import LineModel, Settings
from rasa_ext.normalise import plain

FOLDS = 3
THRESHOLDS = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
APART = 0.1
"""What the two likeliest intents must be apart, as in `config.yml`."""


@dataclass(frozen=True)
class Example:
    """A line, its intent, and what keeps it together with its siblings."""

    line: str
    intent: str
    family: str
    by_hand: bool

    @property
    def fold(self) -> int:
        """The fold in which this line is judged."""
        return zlib.crc32(self.family.encode()) % FOLDS


@dataclass(frozen=True)
class Judged:
    """How sure the model was of a line, how far ahead its guess was, and whether it was right."""

    sure: float
    ahead: float
    right: bool


def examples(each: float = 2.9, most: int = 50) -> list[Example]:
    """Those by hand and those of the patterns, a pattern's lines being one family."""
    by_hand = Examples.read("*.yml")
    found = [
        Example(line, intent, line, by_hand=True)
        for line, intent in zip(by_hand.lines, by_hand.intents, strict=True)
    ]
    further = patterns.drawn(patterns.PATTERNS, by_hand.lines, each, most)
    return [*found, *(Example(plain(line), *rest, by_hand=False) for line, *rest in further)]


def trained(known: Sequence[Example]) -> LineModel:
    """A model of these lines, made as the component makes its own."""
    return fitted([e.line for e in known], [e.intent for e in known], Settings(), 1)


def judged(model: LineModel, example: Example) -> Judged:
    """What the model makes of one line."""
    likely = told(model, example.line, PERSON, 0.6)
    if likely is None:
        return Judged(0.0, 0.0, right=False)
    first, second = np.argsort(-likely)[:2]
    ahead = float(likely[first] - likely[second])
    return Judged(float(likely[first]), ahead, model.intents[first] == example.intent)


def main() -> None:
    """Print coverage and share right for each threshold, by the kind of line."""
    lines = examples()
    results: dict[bool, list[Judged]] = {True: [], False: []}
    for fold in range(FOLDS):
        model = trained([example for example in lines if example.fold != fold])
        for example in (each for each in lines if each.fold == fold):
            results[example.by_hand].append(judged(model, example))
    for by_hand, all_ in results.items():
        _put(
            f"\n{'by hand' if by_hand else 'of patterns'}: {len(all_)} lines, {_share(all_)} right"
        )
        for threshold in THRESHOLDS:
            acted = [one for one in all_ if one.sure >= threshold and one.ahead >= APART]
            _put(f"  {threshold:.2f}  acted on {len(acted) / len(all_):.3f}  right {_share(acted)}")


def _share(some: Sequence[Judged]) -> str:
    return f"{sum(one.right for one in some) / max(1, len(some)):.3f}"


def _put(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
