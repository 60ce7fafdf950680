"""A table of labelled shopper lines for measuring what is understood."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation import tables

_INTENT = re.compile(r"[a-z_]+")
_MOODS = ("0", "1", "2")


@dataclass(frozen=True)
class Utterance:
    """A line with its intent, others that a careful reader accepts, and its mood 0, 1 or 2
    (None: not labelled)."""

    text: str
    intent: str
    also_right: frozenset[str] = frozenset()
    mood: int | None = None

    def accepts(self, intent: str | None) -> bool:
        """Whether that intent counts as understood."""
        return intent == self.intent or intent in self.also_right


def read(path: Path) -> list[Utterance]:
    """Every line of a table text, intent, also_right (`a|b`), mood. Raises BadTable."""
    return [_utterance(row) for row in tables.read(path, ("text", "intent"))]


def _utterance(row: tables.Row) -> Utterance:
    also = [name.strip() for name in row.cell("also_right").split("|") if name.strip()]
    for name in (row.cell("intent"), *also):
        if not _INTENT.fullmatch(name):
            raise row.wrong(f"“{name}”不是意图的名称，应为小写字母和下划线。")
    mood = row.cell("mood")
    if mood and mood not in _MOODS:
        raise row.wrong(f"情绪要写 0、1 或 2，这里是“{mood}”。")
    return Utterance(
        row.cell("text"), row.cell("intent"), frozenset(also), int(mood) if mood else None
    )
