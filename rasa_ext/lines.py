"""A sparse linear model over the characters and fragments of a line."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from rasa_ext.fragments import grams, marks

Floats = NDArray[np.float64]
_OTHERS = ""


@dataclass(frozen=True)
class Settings:
    """`longest`: characters in a gram; `seen_in`: lines a gram must be in to count;
    `penalty`: inverse strength of the L2 penalty, smaller fits the examples less closely;
    `sharpness`: margins are multiplied by it before they are made probabilities;
    `regression`: the mean with a logistic regression, for comparison (`docs/nlu.md`).
    """

    longest: int = 3
    seen_in: int = 3
    penalty: float = 0.6
    sharpness: float = 4.0
    regression: bool = False


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
    weights: NDArray[np.float32]
    bias: Floats

    @classmethod
    def fit(cls, lines: Sequence[str], intents: Sequence[str], settings: Settings) -> LineModel:
        rows, grams_of = _counts(lines, settings.longest)
        seen = np.asarray(rows.getnnz(axis=0))
        kept = np.flatnonzero(seen >= settings.seen_in)
        rarity: Floats = np.log((1 + len(lines)) / (1 + seen[kept])) + 1
        weights, bias = _machines(_as_weights(rows[:, kept], rarity), np.array(intents), settings)
        return cls(
            settings.longest,
            sorted(set(intents)),
            {grams_of[at]: place for place, at in enumerate(kept)},
            rarity,
            np.ascontiguousarray(weights.T * settings.sharpness, dtype=np.float32),
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
            weights=self.weights,
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
                kept["weights"],
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


def _counts(lines: Sequence[str], longest: int) -> tuple[csr_matrix, list[str]]:
    """How often each gram is in each line, and the grams of the columns."""
    columns: dict[str, int] = {}
    at, ends = array("i"), [0]
    for line in lines:
        for gram in chain(grams(line, longest), marks(line)):
            at.append(columns.setdefault(gram, len(columns)))
        ends.append(len(at))
    ones = np.ones(len(at), dtype=np.float64)
    rows = csr_matrix((ones, np.frombuffer(at, np.int32), ends), shape=(len(lines), len(columns)))
    rows.sum_duplicates()
    return rows, list(columns)


def _as_weights(rows: csr_matrix, rarity: Floats) -> csr_matrix:
    """The same as `_weighed`, of all lines at once."""
    rows.data = (1 + np.log(rows.data)) * rarity[rows.indices]
    return normalize(rows)


def _machines(
    rows: csr_matrix, intents: NDArray[np.str_], settings: Settings
) -> tuple[Floats, Floats]:
    """Weights and bias of one machine for each intent against all others, in their order.

    Two threads share the intents: what a machine learns does not depend on the others, and
    scikit-learn lets go of the interpreter meanwhile.
    """
    names = sorted(set(intents))
    halves = [half for half in (names[::2], names[1::2]) if half]
    with ThreadPoolExecutor(len(halves)) as pool:
        made = pool.map(lambda half: _machines_of(rows, intents, half, settings), halves)
    found = {name: machine for each in made for name, machine in each.items()}
    return np.vstack([found[name][0] for name in names]), np.array([found[n][1] for n in names])


def _machines_of(
    rows: csr_matrix, intents: NDArray[np.str_], some: Sequence[str], settings: Settings
) -> dict[str, tuple[Floats, float]]:
    asked = np.where(np.isin(intents, some), intents, _OTHERS)
    machine = LinearSVC(C=settings.penalty, tol=0.1, random_state=0).fit(rows, asked)
    weights, bias = machine.coef_, machine.intercept_
    if settings.regression:
        other = LogisticRegression(C=20.0, solver="liblinear", multi_class="ovr").fit(rows, asked)
        weights = (weights + other.coef_ / settings.sharpness) / 2
        bias = (bias + other.intercept_ / settings.sharpness) / 2
    if len(machine.classes_) == 2:  # scikit-learn keeps one machine for two intents
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    told = zip(machine.classes_, weights, bias, strict=True)
    return {str(name): (weight, float(base)) for name, weight, base in told if name != _OTHERS}
