"""Cases, rules and accounts, as the pages call them."""

import pytest

from bot.accounts.roles import Role
from bot.accounts.service import Forbidden, NewUser, Reach
from bot.accounts.sessions import Entered
from bot.desk.cases import TakenDown
from bot.errors import BadInput, NotFound
from bot.tickets.models import Origin, TicketKind
from bot.tickets.moves import NotYourConsent
from bot.tickets.states import Event
from bot.tickets.views import QueueFilter
from tests.desk.agent import OWN
from tests.desk.house import House
from tests.fixtures.desk import SHOP

CALLED = TakenDown(SHOP, Origin.PHONE, TicketKind.RETURN, "裙子想退", "13800138000", "王女士")


def test_a_case_taken_down_for_a_caller_is_listed_and_moves(house: House) -> None:
    lin = house.hire("lin", "林晓")
    no = house.all.cases.take_down(lin, CALLED)
    (row,) = house.all.cases.board.queue(lin, QueueFilter(), overdue=False)
    assert (row["no"], row["origin"], row["state"]) == (no, "电话", "已提交")
    assert house.all.cases.advance(lin, no, Event.REVIEW, "看一下") == "已变为“审核中”。"
    shown = house.all.cases.board.show(lin, no)
    assert shown.phone == "王女士 13800138000"
    assert "review_begun" not in shown.possible
    assert house.all.cases.board.queue(lin, QueueFilter(state="submitted"), overdue=False) == []


def test_whoever_may_not_see_phones_sees_them_masked(house: House) -> None:
    no = house.all.cases.take_down(house.hire("lin", "林晓"), CALLED)
    approver = house.hire("shen", "沈", Role.APPROVER)
    assert house.all.cases.board.show(approver, no).phone == "王女士 138****8000"


def test_whoever_may_not_see_phones_finds_none_in_the_history(house: House) -> None:
    lin, approver = house.hire("lin", "林晓"), house.hire("shen", "沈", Role.APPROVER)
    no = house.all.cases.take_down(lin, CALLED)
    house.all.cases.note(lin, no, "改打 13900139000，家住幸福路18号")

    assert "13900139000" in str(house.all.cases.board.show(lin, no).sections)
    hidden = str(house.all.cases.board.show(approver, no).sections)
    assert "139****9000" in hidden
    assert "18号" not in hidden


def test_consent_is_for_approvers_and_never_for_who_asked(house: House) -> None:
    lin = house.hire("lin", "林晓", Role.AGENT, Role.APPROVER)
    other, plain = house.hire("shen", "沈", Role.APPROVER), house.hire("wu", "吴桐")
    taken = TakenDown("dept_generic", Origin.COUNTER, TicketKind.COMPENSATION, "要赔偿")
    no = house.all.cases.take_down(lin, taken)
    house.all.cases.advance(lin, no, Event.APPROVE, "情况属实")
    waits = house.all.cases.board.show(lin, no).waits
    if waits is None:
        pytest.skip("the shop asks nobody's consent for this")
    with pytest.raises(Forbidden):
        house.all.cases.consent(plain, no, waits["id"], "好", granted=True)
    with pytest.raises(NotYourConsent):
        house.all.cases.consent(lin, no, waits["id"], "好", granted=True)
    house.all.cases.consent(other, no, waits["id"], "同意", granted=True)
    assert house.all.cases.board.show(lin, no).state == "approved"


@pytest.mark.parametrize("no", ["1", "x" * 500, "' OR 1=1", "261123000139"])
def test_a_number_that_is_none_is_not_found(house: House, no: str) -> None:
    with pytest.raises(NotFound):
        house.all.cases.board.show(house.hire("lin", "林晓"), no)


def test_a_phone_that_is_none_opens_no_case(house: House) -> None:
    lin = house.hire("lin", "林晓")
    with pytest.raises(BadInput):
        house.all.cases.take_down(
            lin, TakenDown(SHOP, Origin.PHONE, TicketKind.RETURN, "想退", "不知道")
        )
    assert house.all.cases.board.queue(lin, QueueFilter(), overdue=False) == []


def test_accounts_are_changed_by_administrators_and_never_ones_own(house: House) -> None:
    boss, lin = house.hire("boss", "陈", Role.ADMIN), house.hire("lin", "林晓")
    with pytest.raises(Forbidden):
        house.all.staff.set_roles(lin, lin.user_id, [Role.ADMIN])
    with pytest.raises(Forbidden):
        house.all.staff.set_roles(boss, boss.user_id, [Role.ADMIN, Role.SUPERVISOR])
    house.all.staff.add(boss, NewUser("wu", "吴桐", frozenset({Role.AGENT})))
    acts = [row["what"] for row in house.all.staff.audit(boss)]
    assert acts[0] == "新增账号"


def test_what_comes_to_somebody_is_changed_at_once_and_written_down(each_house: House) -> None:
    boss, lin = each_house.hire("boss", "陈", Role.ADMIN), each_house.at_desk("lin", "林晓")
    staff, wanted = each_house.all.staff, Reach(frozenset({SHOP}), frozenset({"counter"}), 2)
    with pytest.raises(Forbidden):
        staff.set_reach(lin, lin.user_id, wanted)
    with pytest.raises(Forbidden):  # nobody widens what they see themselves
        staff.set_reach(boss, boss.user_id, wanted)
    with pytest.raises(BadInput):
        staff.set_reach(boss, lin.user_id, Reach(frozenset({"nowhere"}), frozenset(), 2))
    with pytest.raises(BadInput):
        staff.set_reach(boss, lin.user_id, Reach(frozenset(), frozenset(), 0))

    assert staff.set_reach(boss, lin.user_id, wanted)
    assert not staff.set_reach(boss, lin.user_id, wanted)
    (row,) = [each for each in staff.listed(boss) if each["login"] == "lin"]
    assert (row["serves"], row["places"], row["capacity"]) == ([SHOP], ["counter"], 2)
    assert each_house.all.board.queue(lin).capacity == 2  # at the desk already
    (entry,) = [each for each in staff.audit(boss) if each["what"] == "修改负责范围"]
    assert "同时接待：2" in entry["details"]
    assert staff.set_reach(boss, boss.user_id, Reach(boss.shops, boss.departments, 8))


@pytest.mark.parametrize(("capacity_only", "ends"), [(True, False), (False, True)])
def test_a_session_ends_where_it_was_given_for_other_shops(
    house: House, capacity_only: bool, ends: bool
) -> None:
    boss, lin = house.hire("boss", "陈", Role.ADMIN), house.hire("lin", "林晓")
    with house.all.db.write() as session:
        came = house.all.sessions.enter(session, "lin", OWN, "", house.all.clock.now())
    shops = lin.shops if capacity_only else frozenset({SHOP})
    house.all.staff.set_reach(boss, lin.user_id, Reach(shops, lin.departments, 3))
    assert isinstance(came, Entered)
    with house.all.db.write() as session:
        still = house.all.sessions.who(session, came.token, house.all.clock.now())
    assert (still is None) == ends


def test_rules_show_their_open_points_first(house: House) -> None:
    clauses = house.all.rules.clauses("dept_fashion")
    opened = [clause["open"] for clause in clauses]
    assert opened == sorted(opened, reverse=True)
    assert opened[0] == "待定"


def test_a_draft_is_checked_and_published_by_another_person(house: House) -> None:
    editor = house.hire("edit", "编辑", Role.POLICY_EDITOR)
    publisher = house.hire("pub", "发布", Role.PUBLISHER)
    with pytest.raises(Forbidden):
        house.all.rules.draft(publisher, "dept_fashion", "", "")
    assert house.all.rules.text("dept_fashion") == ""  # nothing imported: nothing to draft over
    assert house.all.rules.drafts() == []
    with pytest.raises(Forbidden):
        house.all.rules.publish(editor, 1, "because")
