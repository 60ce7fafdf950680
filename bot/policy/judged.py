"""A decision together with all that it was made of, so that it can be kept and made again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter

from bot.policy.engine import Decision
from bot.policy.engine.words import Source, Value

_told = attrgetter(*(each.name for each in fields(Decision)))


@dataclass(frozen=True, slots=True)
class Judged(Decision):
    """A decision, the facts as they were read, and what the caller let be presumed."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    presume: bool = True
    profile: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, repr=False, compare=False)


def judged(
    decision: Decision,
    facts: Mapping[str, Value],
    presume: bool,
    profile: Mapping[str, str],
    source: Source,
) -> Judged:
    """The decision with what it was made of."""
    # A tenth of the time of naming each field; the order is the fields' own.
    return Judged(*(*_told(decision), facts, presume, profile, source))
