"""Appointments of cases, as a person at the desk deals with them."""

import ast
from collections.abc import Iterator

import pytest

from bot.accounts.roles import Role
from bot.accounts.service import Forbidden, Identity
from bot.desk import entries
from bot.desk.cases import TakenDown
from bot.errors import BadInput, Conflict
from bot.settings import ROOT
from bot.tickets.appointments import SlotTaken
from bot.tickets.models import Origin, TicketKind
from bot.tickets.models_work import VisitKind, VisitState
from tests.desk.house import House

HOME, COUNTER = VisitKind.FIELD_REPAIR, VisitKind.COUNTER_VISIT
BROKEN = TakenDown("dept_generic", Origin.PHONE, TicketKind.REPAIR, "冰箱不制冷", "13800138000")


def part(house: House, who: Identity, no: str, title: str = "约好的时间") -> str:
    """The words of a section of a case's page."""
    sections = house.all.cases.board.show(who, no).sections
    return str([each["rows"] for each in sections if each["title"] == title])


def times(house: House, who: Identity, no: str, kind: VisitKind = COUNTER) -> list[str]:
    """The free times of the next days, soonest first."""
    return [at for day in house.all.visits.free(who, no, kind).values() for at in day]


def test_a_time_is_taken_confirmed_moved_and_given_back(each_house: House) -> None:
    lin, visits = each_house.hire("lin", "林晓"), each_house.all.visits
    no = each_house.all.cases.take_down(lin, BROKEN)
    first, second = times(each_house, lin, no, HOME)[:2]

    visits.book(lin, no, HOME, first, "幸福路18号")
    shown = part(each_house, lin, no)
    assert "还没确认" in shown
    assert "幸福路18号" in shown
    assert "上门维修" in shown

    visits.confirm(lin, no)
    visits.book(lin, no, HOME, first)
    assert "已确认" in part(each_house, lin, no)  # the same time stays as it is

    visits.book(lin, no, HOME, second)
    visit = each_house.all.cases.board.show(lin, no).visit
    assert visit is not None
    assert not visit.confirmed  # the new time has to be confirmed anew
    assert "幸福路18号" in part(each_house, lin, no)
    assert visits.kind(lin, no) == HOME

    visits.end(lin, no, VisitState.CANCELLED)
    assert each_house.all.cases.board.show(lin, no).visit is None
    assert {first, second} <= set(times(each_house, lin, no, HOME))
    history = part(each_house, lin, no, "经过")
    assert all(word in history for word in ("约好时间", "上门维修 11月", "确认约定", "取消约定"))


def test_a_time_that_is_gone_changes_nothing(house: House) -> None:
    lin, visits = house.hire("lin", "林晓"), house.all.visits
    first, *rest = (house.all.cases.take_down(lin, BROKEN) for _ in range(3))
    gone, other = times(house, lin, first, HOME)[:2]
    for no in rest:
        visits.book(lin, no, HOME, gone)
    visits.book(lin, first, HOME, other)
    before = part(house, lin, first)
    with pytest.raises(SlotTaken):
        visits.book(lin, first, HOME, gone)
    assert gone not in times(house, lin, first, HOME)
    assert part(house, lin, first) == before
    with pytest.raises(BadInput):
        visits.book(lin, first, HOME, "")


def test_a_time_is_only_for_whoever_works_on_cases_and_its_address_for_whoever_may_see_it(
    house: House,
) -> None:
    lin, approver = house.hire("lin", "林晓"), house.hire("shen", "沈", Role.APPROVER)
    no = house.all.cases.take_down(lin, BROKEN)
    house.all.visits.book(lin, no, HOME, times(house, lin, no, HOME)[0], "绿洲家园甲区王府")
    assert "绿洲家园" not in str(house.all.cases.board.show(approver, no).sections)
    for refused in (
        lambda: house.all.visits.confirm(approver, no),
        lambda: house.all.visits.end(approver, no, VisitState.CANCELLED),
    ):
        with pytest.raises(Forbidden):
            refused()
    house.all.visits.end(lin, no, VisitState.MISSED)
    with pytest.raises(Conflict):
        house.all.visits.confirm(lin, no)


def test_a_time_stands_in_the_packet_of_the_conversation(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    no = house.all.cases.open_in(lin, shopper, TicketKind.REPAIR, "想来店里看看")
    titles = [each["title"] for each in house.all.board.conversation(lin, shopper).sections]
    assert "约好的时间" not in titles
    house.all.visits.book(lin, no, COUNTER, times(house, lin, no)[0])
    sections = house.all.board.conversation(lin, shopper).sections
    (shown,) = [each["rows"] for each in sections if each["title"] == "约好的时间"]
    assert (shown[0]["name"], shown[0]["href"]) == ("到柜台", f"/tickets/{no}")
    assert shown[1]["value"] == house.all.shops.get("dept_fashion").desk


def test_every_entry_that_a_case_can_hold_has_words() -> None:
    written = set(_written())
    assert {"says_done", "visit_address", "booked", "rated"} <= written
    ends = {VisitState.CANCELLED, VisitState.KEPT, VisitState.MISSED}
    written |= {f"visit_{state}" for state in ends}
    assert written - entries.EVENTS.keys() == set()


def _written() -> Iterator[str]:
    """The names that `note` is called with, wherever cases are written to."""
    for folder in ("bot/tickets", "actions"):
        for path in (ROOT / folder).glob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "note":
                    at = 4 if getattr(call.func.value, "id", "") == "history" else 3  # type: ignore[attr-defined]
                    told = call.args[at] if len(call.args) > at else None
                    if isinstance(told, ast.Constant):
                        yield str(told.value)
