"""Where a shop demands consent, a case waits for the right other person to give it."""

from dataclasses import replace

import pytest

from bot.errors import Conflict
from bot.policy.promises import Approval
from bot.shops.service import Term
from bot.tickets.models_work import ApprovalRequest, ClockState
from bot.tickets.moves import NotPossible, NotYourConsent
from bot.tickets.office import SHOPPER, Actor
from bot.tickets.states import Event
from tests.fixtures.cases import LI, WANG, Cases
from tests.fixtures.desk import together

NEEDED = Approval("return", "approved", "company", "BF-R-08", Term(24, "hour"))


def _waiting(cases: Cases) -> ApprovalRequest:
    with cases.db.read() as session:
        (request,) = cases.tickets.approvals(session, ["company"])
    return request


def _approve(cases: Cases, by: Actor = WANG) -> None:
    with cases.db.write() as session:
        cases.tickets.approve(session, _waiting(cases).id, by, "同意")


def test_a_case_enters_the_state_only_after_consent(cases: Cases) -> None:
    cases.promise(approvals=[NEEDED])
    case = cases.open()

    assert not cases.advance(case, Event.APPROVE)
    assert not cases.advance(case, Event.APPROVE)  # asked twice, it waits once
    assert cases.now(case).state == "submitted"
    assert cases.clocks(case)["approval"].state == ClockState.RUNNING

    _approve(cases)
    assert cases.now(case).state == "approved"
    assert cases.clocks(case)["approval"].state == ClockState.MET
    assert cases.history(case) == ["opened", "consent_asked", "consented", "approved"]


def test_other_kinds_of_case_need_none(small_cases: Cases) -> None:
    small_cases.promise(approvals=[NEEDED])

    assert small_cases.advance(small_cases.open(kind="repair"), Event.APPROVE)


@pytest.mark.parametrize("by", [LI, Actor.agent("zhao"), Actor.agent("li", "company")])
def test_neither_who_asked_nor_who_lacks_the_role_can_consent(
    small_cases: Cases, by: Actor
) -> None:
    small_cases.promise(approvals=[NEEDED])
    case = small_cases.open()
    small_cases.advance(case, Event.APPROVE)

    with pytest.raises(NotYourConsent):
        _approve(small_cases, by)
    assert small_cases.now(case).state == "submitted"


def test_a_refusal_leaves_the_case_where_it_is(small_cases: Cases) -> None:
    small_cases.promise(approvals=[NEEDED])
    case = small_cases.open()
    small_cases.advance(case, Event.REVIEW, Event.APPROVE)
    with small_cases.db.write() as session:
        small_cases.tickets.reject(session, _waiting(small_cases).id, WANG, "照片看不清")

    assert small_cases.now(case).state == "reviewing"
    assert small_cases.advance(case, Event.REJECT)


def test_of_many_decisions_at_once_one_counts(cases: Cases) -> None:
    cases.promise(approvals=[NEEDED])
    case = cases.open()
    cases.advance(case, Event.APPROVE)
    request = _waiting(cases).id

    def decide(index: int) -> str:
        by = replace(WANG, name=f"boss{index}")
        try:
            with cases.db.write() as session:
                act = cases.tickets.approve if index % 2 else cases.tickets.reject
                act(session, request, by, "定了")
        except Conflict:
            return "late"
        return "decided"

    assert sorted(together(decide, 6)) == ["decided", *["late"] * 5]


def test_consent_lapses_when_the_case_is_opened_again(small_cases: Cases) -> None:
    small_cases.promise(approvals=[NEEDED])
    case = small_cases.open()
    small_cases.advance(case, Event.APPROVE)
    _approve(small_cases)
    small_cases.advance(case, Event.FINISH)
    small_cases.advance(case, Event.DISPUTE, by=SHOPPER)

    assert not small_cases.advance(case, Event.APPROVE)


def test_a_withdrawn_case_waits_for_nobody(small_cases: Cases) -> None:
    small_cases.promise(approvals=[NEEDED])
    case = small_cases.open()
    small_cases.advance(case, Event.APPROVE)
    request = _waiting(small_cases).id
    small_cases.advance(case, Event.WITHDRAW, by=SHOPPER)

    with small_cases.db.read() as session:
        assert not small_cases.tickets.approvals(session)
    with pytest.raises(Conflict), small_cases.db.write() as session:
        small_cases.tickets.approve(session, request, WANG, "同意")


def test_another_step_has_to_wait_for_the_decision(small_cases: Cases) -> None:
    second = replace(NEEDED, state="inspecting")
    small_cases.promise(approvals=[NEEDED, second])
    case = small_cases.open()
    small_cases.advance(case, Event.APPROVE)

    with pytest.raises(NotPossible):
        small_cases.advance(case, Event.INSPECT)
