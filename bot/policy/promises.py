"""What a shop promises around its cases: clocks, approvals, departments, ladder, hand-off rules.

Read from the same versioned files as the clauses; every entry names the clause it rests on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.shops.service import Term

ANY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Deadline:
    """One clock of a case. `clock` is first_response, next_step, finish or call_back; `kinds`
    the kinds of case it runs for (none: all); `state` the state whose entry starts it (None:
    the application). A statutory term that ends on a day of rest moves as the law says."""

    clock: str
    term: Term
    clause: str
    kinds: frozenset[str] = ANY
    state: str | None = None
    statutory: bool = False


@dataclass(frozen=True)
class Rung:
    """One step of the ladder of complaints, from 1; `limit` is how long it may keep a case."""

    place: int
    who: str
    clause: str
    limit: Term | None = None


@dataclass(frozen=True)
class Approval:
    """A case of `kind` needs the consent of `by` before it may enter `state`."""

    kind: str
    state: str
    by: str
    clause: str
    term: Term | None = None


@dataclass(frozen=True)
class HandOffRule:
    """When a conversation goes to people. `when` holds what must be so: signal → the value it
    must have, the values one of which it must have, or {"at_least": number}. The first rule
    that fits decides; `priority` 0 is the top of the queue, 9 its end."""

    id: str
    when: Mapping[str, Any]
    to: str
    priority: int = 5
    clauses: Sequence[str] = ()

    def fits(self, signals: Mapping[str, Any]) -> bool:
        """Whether all that the rule names is so."""
        return all(_is_so(wanted, signals.get(name)) for name, wanted in self.when.items())


@dataclass(frozen=True)
class Promises:
    """All of it for one policy set as it is in force on one day."""

    policy_set: str
    as_of: date
    deadlines: Sequence[Deadline] = ()
    ladder: Sequence[Rung] = ()
    approvals: Sequence[Approval] = ()
    hand_offs: Sequence[HandOffRule] = ()
    departments: Mapping[str, str] = field(default_factory=dict)

    def clocks(self, kind: str, state: str | None = None) -> list[Deadline]:
        """The clocks that start for a case of `kind` on entering `state` (None: on applying)."""
        return [
            each
            for each in self.deadlines
            if each.state == state and (not each.kinds or kind in each.kinds)
        ]

    def department(self, kind: str, complaint: str | None = None) -> str | None:
        """Who handles a case: by the kind of complaint first (`complaint:quality`), then by the
        kind of case, then `*`."""
        wanted = [f"complaint:{complaint}"] if complaint else []
        found = (self.departments.get(name) for name in (*wanted, kind, "*"))
        return next((name for name in found if name), None)

    def approval(self, kind: str, state: str) -> Approval | None:
        """The consent needed before a case of `kind` may enter `state`."""
        fits = (each for each in self.approvals if (each.kind, each.state) == (kind, state))
        return next(fits, None)

    def rung(self, place: int) -> Rung | None:
        """The rung of that number; None above the top."""
        return next((each for each in self.ladder if each.place == place), None)

    def fired(self, signals: Mapping[str, Any]) -> HandOffRule | None:
        """The first rule that sends a conversation with these signals to people."""
        return next((each for each in self.hand_offs if each.fits(signals)), None)


def _is_so(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, Mapping):
        return given is not None and bool(given >= wanted["at_least"])
    if isinstance(wanted, (list, tuple, frozenset, set)):
        return given in wanted
    return bool(given == wanted)
