"""The shapes that travel between rooms: a line said, a button, a reply."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

import yaml

from bot.errors import BadInput
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
    `ticket` `{"no", "state", "due"}` of the case it speaks of, `card` what was looked up."""

    text: str
    buttons: Sequence[Button] = ()
    ask: str | None = None
    decision: Mapping[str, Any] | None = None
    ticket: Mapping[str, Any] | None = None
    facts: Sequence[Mapping[str, Any]] | None = None
    card: Mapping[str, Any] | None = None


_WORD = re.compile(r"[a-z_]{1,40}")
_VALUE = re.compile(r"[A-Za-z0-9_.+-]{1,64}")
_NUMBER = re.compile(r"[0-9]{11,16}")
_TIME = re.compile(r"[0-9]{12}")
_CASE_VERBS = ("confirm", "dispute", "urge")
# `bot` leaves the queue for people; pressed later it is a mere hello.
_PLAIN = {"yes": "affirm", "no": "deny", "human": "request_human", "bot": "greet"}


@dataclass(frozen=True)
class Pressed:
    """What a pressed button means: an intent, the facts it gives, the fact it wants to change,
    or that it is a photo."""

    intent: str
    given: Mapping[str, str] = field(default_factory=dict)
    edit: str | None = None
    photo: bool = False

    @classmethod
    def by(cls, payload: str) -> "Pressed":
        """The meaning of `yes`, `no`, `human`, `bot`, `photo`, `intent:NAME`, `edit:KEY`,
        `fact:KEY=VALUE`, `rate:1` to `rate:5`, `visit:202611241000`, or `case:confirm=NO`,
        `dispute`, `urge`.

        Raises BadInput for a payload that no button of ours has.
        """
        if payload in _PLAIN:
            return cls(_PLAIN[payload])
        if payload == "photo":
            return cls("inform", photo=True)
        kind, _, rest = payload.partition(":")
        if kind == "edit" and _WORD.fullmatch(rest):
            return cls("inform", edit=rest)
        if kind == "intent" and _WORD.fullmatch(rest):
            return cls(rest)
        key, _, value = rest.partition("=")
        if kind == "rate" and rest in ("1", "2", "3", "4", "5"):
            return cls("inform", {"rating": rest})
        if kind == "case" and key in _CASE_VERBS and _NUMBER.fullmatch(value):
            return cls("inform", {f"case_{key}": value})
        if kind == "visit" and _TIME.fullmatch(rest):
            return cls("inform", {"visit": rest})
        if kind == "fact" and _WORD.fullmatch(key) and _VALUE.fullmatch(value):
            return cls("inform", {key: value})
        raise BadInput("这个按钮已经失效，请直接打字告诉我。")


class Spoken:
    """Lines said when Rasa is not asked or not there, from `data/lines.yml`."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self._lines = lines

    @classmethod
    def load(cls, path: Path = ROOT / "data" / "lines.yml") -> "Spoken":
        """Read the file of lines."""
        return cls(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))

    def line(self, name: str, buttons: Sequence[Button] = (), **values: str) -> Line:
        """The line of that name with its blanks filled in."""
        return Line(self._lines[name].format(**values).strip(), buttons)
