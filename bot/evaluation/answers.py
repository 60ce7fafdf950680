"""What a shopper types when asked for a fact of the case."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bot.evaluation import daysaid

PHRASES = Path(__file__).with_name("answers.yml")
UNKNOWN = "unknown"
EVENTS = {
    "days_since_purchase": "买的",
    "days_since_received": "收到的",
    "days_since_exchange": "换的",
}


class Answers:
    """The phrases by fact and value; a fact that has none of its own gets a plain answer."""

    def __init__(self, phrases: Mapping[str, Any]) -> None:
        self._phrases = phrases

    @classmethod
    def load(cls, path: Path = PHRASES) -> "Answers":
        """Read the file of phrases."""
        return cls(yaml.safe_load(path.read_text("utf-8")))

    def held(self, facts: Mapping[str, str], fact: str, today: date) -> str:
        """The case's value of a fact; what follows from others counts, what is open is unknown."""
        if fact in facts:
            return facts[fact]
        if fact == "days_since_purchase" and "purchase_date" in facts:
            return str((today - date.fromisoformat(facts["purchase_date"])).days)
        if fact == "problem" and "defect" in facts:
            return "quality"
        return str(self._phrases["absent"].get(fact, UNKNOWN))

    def say(self, fact: str, value: str, today: date, choice: Random) -> str:
        """One way of saying that value, as `choice` falls."""
        if fact in EVENTS and value.isdigit():
            return choice.choice(daysaid.ways(int(value), EVENTS[fact], today))
        return choice.choice(self._ways(fact, value))

    def has_own(self, fact: str, value: str) -> bool:
        """Whether there are words for exactly this value."""
        return bool(self._own(fact, value))

    def _ways(self, fact: str, value: str) -> Sequence[str]:
        unknown = self._phrases["unknown"]
        if value == UNKNOWN:
            return _list(unknown.get(fact, unknown["default"]))
        return self._own(fact, value) or self._plain(value) or _list(unknown["default"])

    def _own(self, fact: str, value: str) -> Sequence[str]:
        phrases = self._phrases
        if fact in ("defect", "special_reason"):
            return _list(phrases["defects"].get(value, ()))
        if fact in phrases["numbers"]:
            return _counted(phrases["numbers"][fact], value)
        kind = "yes_no" if value in ("yes", "no") else "values"
        return _list(phrases[kind].get(fact, {}).get(value, ()))

    def _plain(self, value: str) -> Sequence[str]:
        if value in ("yes", "no"):
            return _list(self._phrases["yes_no"]["default"][value])
        return _counted(self._phrases["numbers"]["default"], value)


def _list(ways: Any) -> Sequence[str]:
    return [str(way) for way in ways]


def _counted(ways: Mapping[str, Sequence[str]], value: str) -> Sequence[str]:
    if value in ways:
        return ways[value]
    if not value.replace(".", "", 1).isdigit():
        return ()
    spoken = daysaid.count(int(value)) if value.isdigit() else value
    return [way.format(n=value, cn=spoken) for way in ways["any"]]
