"""Best match of a question among short texts: BM25, and the share of the question that is met."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import yaml
from bm25s import BM25

Cut = Callable[[str], Sequence[str]]
WORDS = Path(__file__).parent / "words.yml"
_K1, _B = 1.2, 0.4  # clauses are all about as long: length says little


@dataclass(frozen=True, slots=True)
class Words:
    """`same` gives a word the one it counts as; `stop` are left out."""

    same: Mapping[str, str]
    stop: frozenset[str]
    least_score: float
    least_share: float
    inside_families: frozenset[str]
    inside: frozenset[str]
    kept: frozenset[str]
    generic: frozenset[str]

    @classmethod
    def load(cls, path: Path = WORDS) -> "Words":
        """From `words.yml`."""
        read = yaml.safe_load(path.read_text("utf-8"))
        inside = read["inside"]
        return cls(
            same={str(word): str(group[0]) for group in read["same"] for word in group},
            stop=frozenset(map(str, read["stop"])),
            least_score=read["least"]["score"],
            least_share=read["least"]["share"],
            inside_families=frozenset(inside["families"]),
            inside=frozenset(inside["ids"]),
            kept=frozenset(inside["keep"]),
            generic=frozenset(read["generic"]),
        )

    def without_generic(self) -> "Words":
        """The same, where the words said of anything count for nothing."""
        return replace(self, stop=self.stop | self.generic)

    def of(self, cut: Iterable[str]) -> list[str]:
        """The words that count."""
        said = (word.strip() for word in cut)
        plain = (self.same.get(word, word) for word in said if word and word not in self.stop)
        return [word for word in plain if any(character.isalnum() for character in word)]


@dataclass(frozen=True, slots=True)
class Hit:
    """The best text for a question; `share` from 0 to 1 is what of the question it meets."""

    id: str
    score: float
    share: float


class Index:
    """Texts by id, searched by their words; immutable and shared between threads."""

    def __init__(self, texts: Mapping[str, str], cut: Cut, words: Words) -> None:
        self._cut, self._words = cut, words
        self._ids = list(texts)
        cuts = [words.of(cut(text)) for text in texts.values()]
        self._met = [frozenset(each) for each in cuts]
        held = Counter(word for each in self._met for word in each)
        self._rarest = math.log(1 + len(cuts))
        self._rarity = {word: math.log(1 + len(cuts) / n) for word, n in held.items()}
        self._bm25 = BM25(k1=_K1, b=_B)
        self._bm25.index(cuts, show_progress=False)

    def best(self, question: str) -> Hit | None:
        """The text that answers a question best, however badly; None when none shares a word."""
        asked = list(dict.fromkeys(self._words.of(self._cut(question))))
        known = [word for word in asked if word in self._rarity]
        if not known:
            return None
        scores = cast(Sequence[float], self._bm25.get_scores(known))
        # Whatever else a text shares, without the rarest word it is about something else.
        rarest = max(known, key=self._rarity.__getitem__)
        places = [place for place, met in enumerate(self._met) if rarest in met]
        at = max(places, key=lambda place: scores[place])
        whole = sum(self._rarity.get(word, self._rarest) for word in asked)
        met = sum(self._rarity[word] for word in known if word in self._met[at])
        return Hit(self._ids[at], float(scores[at]), met / whole)
