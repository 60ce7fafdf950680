"""One thing found in a set: how bad, where, and a case that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """An error stops a publication; a warning is to be read; a note only on demand."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """`kind` is a stable code, `subjects` the ids of rules or clauses it is about."""

    level: Level
    kind: str
    policy_set: str
    subjects: tuple[str, ...]
    message: str
    example: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """The same for the same trouble in another version."""
        return (self.kind, self.policy_set, *self.subjects)

    def record(self) -> dict[str, object]:
        """As JSON."""
        return {
            "level": self.level.value,
            "kind": self.kind,
            "policy_set": self.policy_set,
            "subjects": list(self.subjects),
            "message": self.message,
            "example": dict(self.example),
        }
