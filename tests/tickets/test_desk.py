"""What the desk asks of cases: opening one for somebody, the queue, who has it, what was promised."""

from typing import Any

import pytest

from bot.errors import BadInput
from bot.policy.promises import Deadline
from bot.shops.service import Term
from bot.tickets.models import Origin, TicketKind
from bot.tickets.office import SHOPPER
from bot.tickets.states import Event, Who
from bot.tickets.views import Page, QueueFilter, Row
from tests.fixtures.cases import LI, Cases


def _queue(cases: Cases, size: int = 3, **chosen: Any) -> list[Row]:
    """All pages of a queue, one after another."""
    rows: list[Row] = []
    page: Page | None = Page(size=size)
    while page is not None:
        with cases.db.read() as session:
            found = cases.tickets.queue(session, QueueFilter(**chosen), page)
        assert len(found.rows) <= size
        rows += found.rows
        page = found.next
    return rows


def test_the_queue_has_the_most_urgent_first_and_every_case_on_one_page(cases: Cases) -> None:
    cases.promise([Deadline("finish", Term(1, "working_day"), "X")], departments={"*": "office"})
    first = [cases.open(cases.talk()) for _ in range(4)]
    cases.clock.on(days=1)
    later = [cases.open(cases.talk(), priority=2), cases.open(cases.talk())]
    over = cases.open(cases.talk())
    cases.advance(over, Event.FINISH)

    rows = _queue(cases, department="office")
    assert [row.id for row in rows] == [later[0], *sorted(first), later[1]]
    cases.clock.on(days=1)
    assert [row.overdue for row in _queue(cases)] == [False, True, True, True, True, False]


def test_a_queue_shows_only_what_it_was_asked_for(small_cases: Cases) -> None:
    small_cases.promise(departments={"repair": "qc", "complaint:conduct": "sales", "*": "office"})
    repair = small_cases.open(kind=TicketKind.REPAIR)
    rude = small_cases.open(kind=TicketKind.COMPLAINT, complaint="conduct")
    plain = small_cases.open_for(Origin.COUNTER)
    with small_cases.db.write() as session:
        ticket = small_cases.get(session, plain)
        small_cases.tickets.assign(session, ticket, LI, responsible="zhao")

    def ids(**chosen: Any) -> list[str]:
        return [row.id for row in _queue(small_cases, **chosen)]

    assert ids(department="qc") == [repair]
    assert ids(department="sales") == [rude]
    assert ids(responsible="zhao") == [plain]
    assert ids(origin="counter") == [plain]
    assert ids(kind="complaint", department="qc") == []


@pytest.mark.parametrize("origin", [Origin.PHONE, Origin.COUNTER])
def test_an_agent_opens_a_case_for_a_caller_with_the_same_promises(
    cases: Cases, origin: Origin
) -> None:
    cases.promise([Deadline("finish", Term(3, "working_day"), "DG-T-03")])
    case = cases.open_for(origin, facts={"wants": "refund"}, decision_id="d1")

    found = cases.now(case)
    assert (found.origin, found.opened_by, found.opened_by_agent) == (origin, None, "li")
    assert (found.phone, found.name, found.decision_id) == ("13800001111", "陈女士", "d1")
    assert found.sources["wants"]["source"] == origin
    assert found.due_at is not None
    with cases.db.read() as session:
        assert cases.tickets.history(session, found)[0].who == "li"
        (row,) = cases.tickets.queue(session, QueueFilter(), Page()).rows
    assert row.phone == "138****1111"


def test_nobody_takes_down_what_the_shopper_writes(small_cases: Cases) -> None:
    with pytest.raises(BadInput):
        small_cases.open_for(Origin.WEB)


def test_each_is_offered_what_they_may_do(small_cases: Cases) -> None:
    found = small_cases.now(small_cases.open())
    tickets = small_cases.tickets

    assert tickets.possible(found, Who.SHOPPER) == [Event.WITHDRAW]
    assert Event.APPROVE in tickets.possible(found)


def test_urging_puts_a_case_up_but_not_past_what_is_urgent(small_cases: Cases) -> None:
    case = small_cases.open()
    for _ in range(9):
        with small_cases.db.write() as session:
            small_cases.tickets.urge(session, small_cases.get(session, case), "快点")

    assert small_cases.now(case).priority == 2


def test_a_change_keeps_where_each_fact_came_from(small_cases: Cases) -> None:
    from bot.tickets.service import Application

    case = small_cases.open_for(facts={"wants": "refund", "worn": "no"})
    with small_cases.db.write() as session:
        ticket = small_cases.get(session, case)
        asked = Application(
            TicketKind.RETURN, None, "穿过", facts={"wants": "refund", "worn": "yes"}
        )
        small_cases.tickets.change(session, ticket, asked, SHOPPER)

    sources = small_cases.now(case).sources
    assert (sources["wants"]["source"], sources["worn"]["source"]) == ("phone", "shopper")
