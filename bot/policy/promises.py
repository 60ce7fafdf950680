"""What a shop promises around its cases: clocks, approvals, departments, ladder, hand-off rules.

Read from the same versioned files as the clauses; every entry names the clause it rests on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from bot.policy.engine.words import Source
from bot.shops.service import Term

ANY: frozenset[str] = frozenset()
# In a hand-off rule: whoever the decision names.
BY_DECISION = "@decision"


@dataclass(frozen=True)
class Deadline:
    """One clock of a case. `clock` is first_response, next_step, finish or call_back; `kinds`
    the kinds of case it runs for (none: all); `state` the state whose entry starts it (None:
    the application); `facts` what the case has to have told: fact → the values one of which
    it has. A statutory term that ends on a day of rest moves as the law says."""

    clock: str
    term: Term
    clause: str
    kinds: frozenset[str] = ANY
    state: str | None = None
    statutory: bool = False
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def runs(self, kind: str, state: str | None, facts: Mapping[str, Any]) -> bool:
        """Whether it starts for a case with these facts on entering `state`."""
        here = self.state == state and (not self.kinds or kind in self.kinds)
        return here and all(facts.get(key) in values for key, values in self.facts.items())


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
class Department:
    """Who handles a kind of case: `kind` is one, `complaint:quality` or the like, or `*`."""

    kind: str
    to: str
    clause: str


Promise = Deadline | Rung | Approval | HandOffRule | Department


@dataclass(frozen=True)
class Entry:
    """One promise as its file writes it: `id` names it among those of its sort, `borrowed` says
    that an overlay wrote it. It holds from one day to another, both included (None: no end)."""

    id: str
    item: Promise
    clauses: tuple[str, ...]
    borrowed: bool = False
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def sort(self) -> str:
        """Deadline, Rung, Approval, HandOffRule or Department."""
        return type(self.item).__name__

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    def overlaps(self, other: "Entry") -> bool:
        """Whether there is a day on which both are in force."""
        latest = max(self.effective_from or date.min, other.effective_from or date.min)
        earliest = min(self.effective_to or date.max, other.effective_to or date.max)
        return latest <= earliest


@dataclass(frozen=True)
class Promises:
    """All of it for one policy set as it is in force on one day.

    Deadlines, approvals and departments stand in order of precedence, the set's own before
    those of its overlays; hand-off rules by priority, the most urgent first.
    """

    policy_set: str
    as_of: date
    deadlines: Sequence[Deadline] = ()
    ladder: Sequence[Rung] = ()
    approvals: Sequence[Approval] = ()
    hand_offs: Sequence[HandOffRule] = ()
    departments: Mapping[str, str] = field(default_factory=dict)

    def clocks(
        self, kind: str, state: str | None = None, facts: Mapping[str, Any] | None = None
    ) -> list[Deadline]:
        """The clocks that start for a case of `kind` on entering `state` (None: on applying);
        `facts` are what the case has told: clocks for certain goods only start by them.

        Of each clock the first that fits, so that the set's own goes before an overlay's; the
        law's runs beside it, for neither can be known to end first.
        """
        fits = [each for each in self.deadlines if each.runs(kind, state, facts or {})]
        first = {(each.clock, each.statutory): each for each in reversed(fits)}
        return [each for each in fits if first[each.clock, each.statutory] is each]

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
        """The first rule that sends a conversation with these signals to people; where it goes
        by the decision, to whom the decision says."""
        rule = next((each for each in self.hand_offs if each.fits(signals)), None)
        if rule is None or rule.to != BY_DECISION:
            return rule
        insist = next((each.to for each in self.hand_offs if "asks" in each.when), "manager")
        return replace(rule, to=str(signals.get("escalate_to") or insist))


def entries(source: Source) -> tuple[Entry, ...]:
    """Every promise of a set in all its dated forms, overlays included."""
    return tuple(each for each in source.promises if isinstance(each, Entry))


def in_force(source: Source, day: date) -> Promises:
    """What a set promises on a day. A ladder of its own takes the place of an overlay's."""
    held = [each for each in entries(source) if each.holds(day)]
    held.sort(key=lambda each: each.borrowed)
    ladder = _items([each for each in held if not each.borrowed], Rung) or _items(held, Rung)
    departments = {each.kind: each.to for each in reversed(_items(held, Department))}
    return Promises(
        policy_set=source.name,
        as_of=day,
        deadlines=tuple(_items(held, Deadline)),
        ladder=tuple(sorted(ladder, key=lambda rung: rung.place)),
        approvals=tuple(_items(held, Approval)),
        hand_offs=tuple(sorted(_items(held, HandOffRule), key=lambda rule: rule.priority)),
        departments=departments,
    )


_Item = TypeVar("_Item", Deadline, Rung, Approval, HandOffRule, Department)


def _items(held: Iterable[Entry], sort: type[_Item]) -> list[_Item]:
    return [each.item for each in held if isinstance(each.item, sort)]


def _is_so(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, Mapping):
        return given is not None and bool(given >= wanted["at_least"])
    if isinstance(wanted, (list, tuple, frozenset, set)):
        return given in wanted
    return bool(given == wanted)
