"""The rules by which a shop sends conversations to people, as they are handed in at composition."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol


class Rule(Protocol):
    """A rule of the shop that sends a conversation to people."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def when(self) -> Mapping[str, Any]:
        """The signals that it looks at, each with what it must be."""

    @property
    def to(self) -> str:
        """The department or rung that it goes to."""

    @property
    def priority(self) -> int:
        """0 for the top of the queue, 9 for its end."""

    @property
    def clauses(self) -> Any:
        """The ids of the clauses that it rests on."""


class Rules(Protocol):
    """The rules of a shop on a day."""

    def fired(self, signals: Mapping[str, Any]) -> Rule | None:
        """The first rule that fits."""


Promises = Callable[[str, date], Rules]
