"""Ask the running Rasa and our reader what the product would make of labelled lines."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.dialogue.service import Rasa, Understood
from bot.evaluation.scores import Heard, scores
from bot.evaluation.utterances import Utterance
from bot.language.mood import mood_with
from bot.language.service import Reader

AT_ONCE = 20  # lines of one call: Rasa takes a hundred, but a slow machine needs 0.1 s for each
FALLBACK = "nlu_fallback"
PERSON = "request_human"


def measure(said: Sequence[Utterance], rasa: Rasa, reader: Reader, today: date) -> dict[str, Any]:
    """The figures of `scores`. Raises RasaUnavailable."""
    return scores(heard(said, rasa, reader, today))


def heard(said: Sequence[Utterance], rasa: Rasa, reader: Reader, today: date) -> list[Heard]:
    """Each line with what it is taken for. Raises RasaUnavailable.

    As in a turn, a person whom the reader hears asked for counts, whatever Rasa says.
    """
    parsed: list[Understood] = []
    for start in range(0, len(said), AT_ONCE):
        parsed += rasa.parse([one.text for one in said[start : start + AT_ONCE]])
    return [_heard(one, got, reader, today) for one, got in zip(said, parsed, strict=True)]


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


def _heard(one: Utterance, understood: Understood, reader: Reader, today: date) -> Heard:
    reading = reader.read(one.text, today=today)
    asks = any(fact.key == "wants" and fact.value == "human" for fact in reading.facts)
    intent = PERSON if asks else _likeliest(understood)
    acted = asks or _acted(understood)
    return Heard(one, intent, acted, mood_with(reading.mood, intent if acted else None))
