"""The words a policy is written in: facts, conditions, clauses, rules and remedies."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | date
UNKNOWN = "unknown"


class Kind(StrEnum):
    """What sort of value a fact has."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    WORD = "word"


class Stage(StrEnum):
    """Where a rule stands in the order of reading."""

    FIRST = "first"
    OWN = "own"
    LAW = "law"
    UNSURE = "unsure"
    ALSO = "also"


@dataclass(frozen=True, slots=True)
class Is:
    """One fact against its allowed values, or an inclusive range, or its mere presence."""

    fact: str
    values: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    present: bool | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; no parts: always."""

    parts: tuple["Expr", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; no parts: never."""

    parts: tuple["Expr", ...] = ()


@dataclass(frozen=True, slots=True)
class NotOf:
    """The part is known not to hold."""

    part: "Expr"


Expr = Is | AllOf | AnyOf | NotOf
ALWAYS: Expr = AllOf()


@dataclass(frozen=True, slots=True)
class Suppose:
    """The value an untold fact takes when a condition on other facts holds.

    `value` None means that the fact does not exist in such a case. A `standing` supposition
    holds even for a caller who wants nothing presumed, and is never told to the shopper.
    """

    when: Expr
    value: str | None
    standing: bool = False


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact that a shopper can state: its values, what is supposed without it, how to ask."""

    key: str
    kind: Kind
    label: str
    values: tuple[str, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    suppose: tuple[Suppose, ...] = ()
    if_unknown: str = "needs_inspection"
    evidence: str | None = None
    because: str = ""
    order: int = 0
    follows: tuple[str, ...] = ()
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a policy in one version, in force from one day to another (inclusive)."""

    id: str
    title: str
    text: str
    source: str
    version: int
    effective_from: date
    effective_to: date | None = None
    open: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time and the event that it is counted from; one that the law sets ends on a
    working day."""

    n: int
    unit: str
    from_event: str
    statutory: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """A named formula over the prices told; `round` is "cents" or "yuan", half up."""

    formula: str
    percent: Decimal | None = None
    round: str = "cents"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing the shopper gets."""

    type: str
    amount: Amount | None = None
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """If `when` then `outcome`, by the clauses named; the first rule that holds decides."""

    id: str
    stage: Stage
    when: Expr
    clauses: tuple[str, ...]
    outcome: str
    reason: str
    remedies: tuple[Remedy, ...] = ()
    escalate_to: str | None = None
    next_steps: tuple[str, ...] = ()
    worth: int | None = None
    facts: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A whole policy set as read: header, clauses and rules of all versions, overlays included.

    `promises` are carried along with them and read by nobody here.
    """

    name: str
    title: str
    version: str
    facts: tuple[FactSpec, ...]
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    plain: tuple[tuple[str, str], ...] = ()
    profile: tuple[tuple[str, str], ...] = field(default=())
    promises: tuple[object, ...] = ()
