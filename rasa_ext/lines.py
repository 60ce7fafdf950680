"""A sparse linear model over the characters and fragments of a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from rasa_ext.fragments import grams, marks

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """`longest`: characters in a gram; `seen_in`: lines a gram must be in to count;
    `penalty`: inverse strength of the L2 penalty, smaller fits the examples less closely;
    `sharpness`: margins are multiplied by it before they are made probabilities.
    """

    longest: int = 3
    seen_in: int = 3
    penalty: float = 0.6
    sharpness: float = 4.0


@dataclass(frozen=True)
class LineModel:
    """Grams weighed by rarity into one linear support vector machine per intent.

    Read with numpy alone: scikit-learn's own prediction copies the whole table of weights for
    each line, and what it pickles is tied to its version.
    """

    longest: int
    intents: list[str]
    places: dict[str, int]
    rarity: Floats
    weights: Floats
    bias: Floats

    @classmethod
    def fit(cls, lines: Sequence[str], intents: Sequence[str], settings: Settings) -> LineModel:
        counted = [_counted(line, settings.longest) for line in lines]
        lines_with = Counter(gram for counts in counted for gram in counts)
        kept = sorted(gram for gram, lines in lines_with.items() if lines >= settings.seen_in)
        places = {gram: place for place, gram in enumerate(kept)}
        seen = np.array([float(lines_with[gram]) for gram in kept])
        rarity: Floats = np.log((1 + len(lines)) / (1 + seen)) + 1
        rows = [_weighed(counts, places, rarity) for counts in counted]
        machine = LinearSVC(C=settings.penalty, random_state=0).fit(
            _matrix(rows, len(kept)), intents
        )
        weights, bias = machine.coef_, machine.intercept_
        if len(machine.classes_) == 2:  # scikit-learn keeps one machine for two intents
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        return cls(
            settings.longest,
            [str(intent) for intent in machine.classes_],
            places,
            rarity,
            np.ascontiguousarray(weights.T) * settings.sharpness,
            bias * settings.sharpness,
        )

    def probabilities(self, line: str) -> Floats | None:
        """One for each of `intents`; None when nothing in the line was seen in training."""
        places, values = _weighed(_counted(line, self.longest), self.places, self.rarity)
        if not len(places):
            return None
        scores = values @ self.weights[places] + self.bias
        likelihoods = np.exp(scores - scores.max())
        return np.asarray(likelihoods / likelihoods.sum())

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            longest=self.longest,
            intents=np.array(self.intents),
            grams=np.array(list(self.places)),
            rarity=self.rarity,
            weights=self.weights.astype(np.float32),
            bias=self.bias,
        )

    @classmethod
    def load(cls, path: Path) -> LineModel:
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                int(kept["longest"]),
                [str(intent) for intent in kept["intents"]],
                {str(gram): place for place, gram in enumerate(kept["grams"])},
                kept["rarity"],
                kept["weights"].astype(np.float64),
                kept["bias"],
            )


def _counted(line: str, longest: int) -> Counter[str]:
    return Counter(chain(grams(line, longest), marks(line)))


def _weighed(
    counts: Counter[str], places: dict[str, int], rarity: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """Places and weights of the known grams; a line's weights have the length 1 together."""
    known = [(places[gram], count) for gram, count in counts.items() if gram in places]
    at = np.array([place for place, _ in known], dtype=np.int64)
    values = (1 + np.log([count for _, count in known])) * rarity[at]
    return at, values / (np.linalg.norm(values) or 1)


def _matrix(rows: Sequence[tuple[NDArray[np.int64], Floats]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, places, ends), shape=(len(rows), width))
