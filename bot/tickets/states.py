"""The states of a case and every way from one to another: one table, kept by the service and by
the database, and drawn in docs/cases.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class TicketState(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    REVIEWING = "reviewing"
    APPROVED = "approved"
    REJECTED = "rejected"
    AWAITING_CUSTOMER = "awaiting_customer"
    GOODS_IN_TRANSIT = "goods_in_transit"
    INSPECTING = "inspecting"
    REPAIRING = "repairing"
    REFUNDING = "refunding"
    DONE = "done"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What moves a case, as its history names it."""

    REVIEW = "review_begun"
    APPROVE = "approved"
    REJECT = "rejected"
    ASK = "asked"
    ANSWER = "answered"
    SHIP = "shipped"
    INSPECT = "inspection_begun"
    REPAIR = "repair_begun"
    REFUND = "refund_begun"
    FINISH = "finished"
    CONFIRM = "confirmed"
    DISPUTE = "disputed"
    CLOSE = "closed"
    REOPEN = "reopened"
    WITHDRAW = "withdrawn"
    CHANGE = "changed"


class Who(StrEnum):
    """Who may move a case."""

    SHOPPER = "shopper"
    AGENT = "agent"
    APPROVER = "approver"
    SYSTEM = "system"


@dataclass(frozen=True)
class Transition:
    """One way: on `event` from `start` to `end`, by one of `who`."""

    start: TicketState
    event: Event
    end: TicketState
    who: frozenset[Who]


_S, _E = TicketState, Event
STAFF = frozenset({Who.AGENT, Who.APPROVER, Who.SYSTEM})
BY_PEOPLE = frozenset({Who.SHOPPER, Who.AGENT})
BY_ALL = frozenset(Who)

# Handled by the shop, with the goods not yet in its hands.
_BEFORE = (_S.SUBMITTED, _S.REVIEWING, _S.APPROVED, _S.REOPENED)
_HANDLING = (_S.INSPECTING, _S.REPAIRING, _S.REFUNDING)
_WORKING = (*_BEFORE, _S.GOODS_IN_TRANSIT, *_HANDLING)

# From all of these, on an event, to one state, by those named.
_ROWS: tuple[tuple[tuple[TicketState, ...], Event, TicketState, frozenset[Who]], ...] = (
    ((_S.SUBMITTED, _S.REOPENED), _E.REVIEW, _S.REVIEWING, STAFF),
    (_BEFORE[:2], _E.APPROVE, _S.APPROVED, STAFF),
    ((_S.REOPENED, _S.INSPECTING), _E.APPROVE, _S.APPROVED, STAFF),
    ((*_BEFORE, _S.INSPECTING), _E.REJECT, _S.REJECTED, STAFF),
    (_WORKING, _E.ASK, _S.AWAITING_CUSTOMER, STAFF),
    ((_S.APPROVED,), _E.SHIP, _S.GOODS_IN_TRANSIT, BY_ALL),
    ((*_BEFORE, _S.GOODS_IN_TRANSIT), _E.INSPECT, _S.INSPECTING, STAFF),
    ((_S.APPROVED, _S.INSPECTING), _E.REPAIR, _S.REPAIRING, STAFF),
    ((_S.APPROVED, _S.INSPECTING, _S.REPAIRING), _E.REFUND, _S.REFUNDING, STAFF),
    ((*_BEFORE, *_HANDLING), _E.FINISH, _S.DONE, STAFF),
    ((_S.DONE,), _E.CONFIRM, _S.CONFIRMED, BY_PEOPLE),
    ((_S.DONE, _S.CONFIRMED, _S.REJECTED), _E.DISPUTE, _S.REOPENED, BY_PEOPLE),
    ((_S.DONE, _S.CONFIRMED, _S.REJECTED), _E.CLOSE, _S.CLOSED, STAFF),
    ((_S.SUBMITTED, _S.REVIEWING, _S.AWAITING_CUSTOMER), _E.CLOSE, _S.CLOSED, STAFF),
    ((_S.CLOSED,), _E.REOPEN, _S.REOPENED, BY_PEOPLE),
    ((_S.APPROVED,), _E.CHANGE, _S.REVIEWING, BY_ALL),
    (
        (*_BEFORE, _S.AWAITING_CUSTOMER, _S.GOODS_IN_TRANSIT, _S.INSPECTING),
        _E.WITHDRAW,
        _S.WITHDRAWN,
        BY_PEOPLE,
    ),
)


def _transitions() -> Iterator[Transition]:
    for starts, event, end, who in _ROWS:
        for start in starts:
            yield Transition(start, event, end, who)
    # An answer takes a case back to where it was when the shopper was asked.
    for end in _WORKING:
        yield Transition(_S.AWAITING_CUSTOMER, _E.ANSWER, end, BY_ALL)


TRANSITIONS: tuple[Transition, ...] = tuple(_transitions())

# Nothing is left for the shop to do; a case may still come back out of all but the last.
SETTLED = (_S.DONE, _S.CONFIRMED, _S.REJECTED, _S.CLOSED, _S.WITHDRAWN)
# For good, unless somebody opens it again.
OVER = (_S.WITHDRAWN, _S.CLOSED)


def ways(start: str, event: str) -> list[Transition]:
    """The ways out of a state on an event: one, but for an answer."""
    return [each for each in TRANSITIONS if (each.start, each.event) == (start, event)]


def possible(start: str, who: Who) -> list[Event]:
    """What somebody may do to a case in a state, in the order of the table."""
    found = (each.event for each in TRANSITIONS if each.start == start and who in each.who)
    return list(dict.fromkeys(found))


def pairs() -> list[str]:
    """Every change of state that there is, as the database's guard compares it: `from>to`."""
    return sorted({f"{each.start}>{each.end}" for each in TRANSITIONS})


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {_S.SUBMITTED}"]
    drawn: dict[tuple[str, str], list[str]] = {}
    for each in TRANSITIONS:
        drawn.setdefault((each.start, each.end), []).append(each.event)
    for (start, end), events in drawn.items():
        lines.append(f"    {start} --> {end}: {' / '.join(events)}")
    lines += [f"    {state} --> [*]" for state in OVER]
    return "\n".join(lines)
