"""How well lines were understood: shares, F1 and their uncertainty."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from bot.evaluation.utterances import Utterance

Z = 1.959964  # of the normal distribution, for 95 %


@dataclass(frozen=True)
class Heard:
    """A labelled line and what was made of it: the likeliest intent, whether it is likely
    enough to be acted on, and the mood."""

    said: Utterance
    intent: str | None
    acted: bool
    mood: int

    @property
    def right(self) -> bool:
        """Whether the intent is the line's own or another acceptable one."""
        return self.said.accepts(self.intent)


def scores(heard: Sequence[Heard]) -> dict[str, Any]:
    """All figures; a share of nothing is None.

    F1 is counted against each line's own intent only and averaged over the intents that the
    table holds; `coverage` is the share acted on and `precision_acted` the accuracy in it.
    """
    acted = [one for one in heard if one.acted]
    right = sum(one.right for one in heard)
    per_intent = _per_intent(heard)
    return {
        "lines": len(heard),
        "accuracy": _share(right, len(heard)),
        "accuracy_interval": [round(limit, 4) for limit in wilson(right, len(heard))],
        "strict_accuracy": _share(sum(one.intent == one.said.intent for one in heard), len(heard)),
        "macro_f1": _share(sum(each["f1"] for each in per_intent.values()), len(per_intent)),
        "coverage": _share(len(acted), len(heard)),
        "precision_acted": _share(sum(one.right for one in acted), len(acted)),
        **_mood(heard),
        "per_intent": per_intent,
        "confusions": _confusions(heard),
    }


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); unlike the plain one it stays within 0 and 1."""
    if of == 0:
        return 0.0, 1.0
    share, square = right / of, Z * Z / of
    middle = (share + square / 2) / (1 + square)
    half = Z * sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def _share(part: float, of: int) -> float | None:
    return round(part / of, 4) if of else None


def _per_intent(heard: Sequence[Heard]) -> dict[str, dict[str, Any]]:
    support = Counter(one.said.intent for one in heard)
    given = Counter(one.intent for one in heard)
    hits = Counter(one.said.intent for one in heard if one.intent == one.said.intent)
    return {
        name: {
            "precision": _share(hits[name], given[name]),
            "recall": _share(hits[name], support[name]),
            "f1": round(2 * hits[name] / (support[name] + given[name]), 4),
            "support": support[name],
        }
        for name in sorted(support)
    }


def _mood(heard: Sequence[Heard]) -> dict[str, float | None]:
    labelled = [one for one in heard if one.said.mood is not None]
    upset = [one for one in labelled if one.said.mood]
    noticed = [one for one in labelled if one.mood >= 1]
    both = sum(one.mood >= 1 for one in upset)
    return {
        "mood_recall": _share(both, len(upset)),
        "mood_precision": _share(both, len(noticed)),
    }


def _confusions(heard: Sequence[Heard]) -> list[dict[str, Any]]:
    """Pairs taken for one another, the most frequent first, each with a few of its lines."""
    wrong: dict[tuple[str, str], list[str]] = {}
    for one in heard:
        if not one.right:
            wrong.setdefault((one.said.intent, one.intent or "-"), []).append(one.said.text)
    worst = sorted(wrong.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        {"intent": own, "taken_for": taken, "times": len(texts), "lines": texts[:3]}
        for (own, taken), texts in worst
    ]
