"""Ask the running Rasa what it makes of labelled lines, and our reader how upset they sound."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.dialogue.service import Rasa, Understood
from bot.evaluation.scores import Heard, scores
from bot.evaluation.utterances import Utterance
from bot.language.service import Reader

AT_ONCE = 20  # lines of one call: Rasa takes a hundred, but a slow machine needs 0.1 s for each
FALLBACK = "nlu_fallback"


def measure(said: Sequence[Utterance], rasa: Rasa, reader: Reader, today: date) -> dict[str, Any]:
    """The figures of `scores`. Raises RasaUnavailable."""
    parsed: list[Understood] = []
    for start in range(0, len(said), AT_ONCE):
        parsed += rasa.parse([one.text for one in said[start : start + AT_ONCE]])
    return scores(
        [
            Heard(one, _likeliest(understood), _acted(understood), _mood(reader, one, today))
            for one, understood in zip(said, parsed, strict=True)
        ]
    )


def as_text(found: dict[str, Any]) -> str:
    """The main figures and the ten worst confusions, for people."""
    low, high = found["accuracy_interval"]
    lines = [f"{'lines':<18}{found['lines']:>8}"]
    for name in (
        "accuracy",
        "strict_accuracy",
        "macro_f1",
        "coverage",
        "precision_acted",
        "mood_recall",
        "mood_precision",
    ):
        share = "-" if found[name] is None else f"{100 * found[name]:.1f} %"
        between = f"   95 %: {100 * low:.1f}–{100 * high:.1f}" if name == "accuracy" else ""
        lines.append(f"{name:<18}{share:>8}{between}")
    lines.append("")
    for pair in found["confusions"][:10]:
        example = pair["lines"][0][:40]
        lines.append(f"{pair['times']:>3} × {pair['intent']} → {pair['taken_for']}   {example}")
    return "\n".join(lines)


def _likeliest(understood: Understood) -> str | None:
    """What it would be, were it acted on."""
    if _acted(understood):
        return understood.intent
    return next((name for name, _ in understood.ranking if name != FALLBACK), None)


def _acted(understood: Understood) -> bool:
    return understood.intent not in (None, FALLBACK)


def _mood(reader: Reader, one: Utterance, today: date) -> int:
    return reader.read(one.text, today=today).mood
