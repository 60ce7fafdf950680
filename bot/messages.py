"""The shapes that travel between rooms: a line said, a button, a reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

import yaml

from bot.settings import ROOT


class Author(StrEnum):
    """Who said a line."""

    SHOPPER = "shopper"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Mode(StrEnum):
    """Who answers a conversation now."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


class Button(TypedDict):
    """A choice under a line; `payload` is what pressing it sends back."""

    title: str
    payload: str


@dataclass(frozen=True)
class Line:
    """One line to be said. `ask` is the policy fact asked for, `decision` a decision record,
    `ticket` `{"no", "state", "due"}` of the case it speaks of."""

    text: str
    buttons: Sequence[Button] = ()
    ask: str | None = None
    decision: Mapping[str, Any] | None = None
    ticket: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Pressed:
    """What a pressed button means: an intent and the facts it gives."""

    intent: str
    given: Mapping[str, str] = field(default_factory=dict)


class Spoken:
    """Lines said when Rasa is not asked or not there, from `data/lines.yml`."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self._lines = lines

    @classmethod
    def load(cls, path: Path = ROOT / "data" / "lines.yml") -> "Spoken":
        """Read the file of lines."""
        return cls(yaml.safe_load(path.read_text("utf-8")))

    def line(self, name: str, buttons: Sequence[Button] = (), **values: str) -> Line:
        """The line of that name with its blanks filled in."""
        return Line(self._lines[name].format(**values).strip(), buttons)
