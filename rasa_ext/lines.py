"""A sparse linear model over the characters of a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
_NUMBER = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Settings:
    """`longest`: characters in a gram; `seen_in`: lines a gram must be in to count;
    `penalty`: inverse strength of the L2 penalty, smaller fits the examples less closely.
    """

    longest: int = 3
    seen_in: int = 2
    penalty: float = 5.0


@dataclass(frozen=True)
class LineModel:
    """Grams weighed by rarity into multinomial logistic regression.

    Read with numpy alone: scikit-learn's own prediction copies the whole table of weights for
    each line (6 ms of a turn's 14), and what it pickles is tied to its version.
    """

    longest: int
    intents: list[str]
    places: dict[str, int]
    rarity: Floats
    weights: Floats
    bias: Floats

    @classmethod
    def fit(cls, lines: Sequence[str], intents: Sequence[str], settings: Settings) -> LineModel:
        counted = [Counter(grams(line, settings.longest)) for line in lines]
        lines_with = Counter(gram for counts in counted for gram in counts)
        kept = sorted(gram for gram, lines in lines_with.items() if lines >= settings.seen_in)
        places = {gram: place for place, gram in enumerate(kept)}
        seen = np.array([float(lines_with[gram]) for gram in kept])
        rarity: Floats = np.log((1 + len(lines)) / (1 + seen)) + 1
        rows = [_weighed(counts, places, rarity) for counts in counted]
        regression = LogisticRegression(
            C=settings.penalty, class_weight="balanced", max_iter=300
        ).fit(_matrix(rows, len(kept)), intents)
        return cls(
            settings.longest,
            [str(intent) for intent in regression.classes_],
            places,
            rarity,
            np.ascontiguousarray(regression.coef_.T),
            regression.intercept_,
        )

    def probabilities(self, line: str) -> Floats | None:
        """One for each of `intents`; None when nothing in the line was seen in training."""
        places, values = _weighed(Counter(grams(line, self.longest)), self.places, self.rarity)
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


def grams(line: str, longest: int) -> Iterator[str]:
    """Each run of up to `longest` characters, spaces left out.

    Which number it is tells nothing about the intent, that it is long or short may: a size, a
    price and an order number become one, two and three zeros.
    """
    written = _NUMBER.sub(_as_length, _SPACES.sub("", line))
    for length in range(1, longest + 1):
        for start in range(len(written) - length + 1):
            yield written[start : start + length]


def _as_length(number: re.Match[str]) -> str:
    digits = len(number[0])
    return "0" if digits < 3 else "00" if digits < 7 else "000"


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
