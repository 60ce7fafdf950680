"""What must come of a case, in the words of the evaluation tables, and whether it did."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PART = re.compile(r"[a-z_]+(:[a-z_]+)?")
HANDED_OVER = "handed_over"


@dataclass(frozen=True)
class Part:
    """An outcome with its target: `refund`, `escalate:manager`, `ask:receipt`."""

    outcome: str
    target: str | None = None


@dataclass(frozen=True)
class Expectation:
    """One part, or several joined: the goods' decision, an apology, the person called in."""

    parts: tuple[Part, ...]

    @classmethod
    def parse(cls, text: str) -> "Expectation":
        """Read `a`, `a:target` or `a+b`. Raises ValueError."""
        pieces = text.split("+")
        if not all(_PART.fullmatch(piece) for piece in pieces):
            raise ValueError(text)
        return cls(tuple(Part(*piece.split(":")) for piece in pieces))

    @property
    def asked(self) -> str | None:
        """The fact that must be asked for, if that is what is expected."""
        return next((part.target for part in self.parts if part.outcome == "ask"), None)

    def met_by(self, record: Mapping[str, Any]) -> bool:
        """Whether a decision record says all of it."""
        joined = len(self.parts) > 1
        return all(_met(part, record, joined) for part in self.parts)

    def met_by_person(self) -> bool:
        """Whether handing the shopper to a person, without a decision, is what was to be done."""
        return any(part.outcome == "escalate" for part in self.parts)

    def met_by_telling(self) -> bool:
        """Whether it takes no decision: what was asked is known to the shop and was told."""
        return self.parts == (Part("inform"),)

    def __str__(self) -> str:
        return "+".join(":".join(filter(None, (p.outcome, p.target))) for p in self.parts)


def outcome_of(record: Mapping[str, Any]) -> str:
    """A decision record in the words of the tables."""
    outcome = "escalate" if record.get("status") == "escalate" else str(record.get("outcome"))
    target = record.get("escalate_to")
    apology = "+apologise" if _apologises(record) and outcome != "apologise" else ""
    if outcome in ("escalate", "refer", "route"):
        return f"{outcome}:{target}{apology}"
    return f"{outcome}{apology}" + (f"+escalate:{target}" if target else "")


def _met(part: Part, record: Mapping[str, Any], joined: bool) -> bool:
    if part.outcome == "apologise":
        return _apologises(record)
    if part.target is not None and record.get("escalate_to") != part.target:
        return False
    if part.outcome == "escalate":
        # Beside a decision about the goods the person stands in a field of their own.
        return record.get("status") == "escalate" or joined
    return record.get("outcome") == part.outcome


def _apologises(record: Mapping[str, Any]) -> bool:
    remedies = record.get("remedies") or ()
    return record.get("outcome") == "apologise" or any(r.get("type") == "apology" for r in remedies)
