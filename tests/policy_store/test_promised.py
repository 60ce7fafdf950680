"""What each of the shipped sets promises around its cases: its clocks, its ladder, its people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from actions import decide
from bot.calendar.service import due
from bot.policy.promises import BY_DECISION
from bot.policy.publishing import codec
from bot.policy.service import PolicyService
from bot.shops.service import Shops, Term
from tests.fixtures.desk import ZONE
from tests.policy_store.conftest import MONDAY

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shipped() -> PolicyService:
    return PolicyService.load()


def test_every_shipped_set_comes_back_whole_from_its_text(shipped: PolicyService) -> None:
    for name in shipped.sets:
        source = shipped.policy(name).source
        assert source.promises
        assert codec.as_source(codec.as_text(source)) == source


RUNGS = {
    "mall_group": [
        "counter_staff",
        "counter_manager",
        "floor_supervisor",
        "assistant_manager",
        "goods_manager",
        "complaint_station",
    ],
    "dept_fashion": ["counter_staff", "duty_manager"],
    "kids": ["after_sales", "after_sales_manager"],
    "brand_fashion": ["store_manager", "company_after_sales"],
    "brand_cabbeen": ["store_manager", "after_sales", "qc", "business"],
}


@pytest.mark.parametrize(("name", "rungs"), RUNGS.items())
def test_a_complaint_climbs_the_ladder_of_its_own_shop(
    shipped: PolicyService, name: str, rungs: list[str]
) -> None:
    assert [rung.who for rung in shipped.promises(name, TODAY).ladder] == rungs


CLOCKS: list[tuple[str, str, str | None, Mapping[str, str], dict[str, tuple[int, str, str]]]] = [
    (
        "dept_generic",
        "return",
        None,
        {},
        {
            "first_response": (24, "hour", "DG-T-01"),
            "next_step": (3, "working_day", "DG-T-05"),
            "finish": (7, "working_day", "DG-T-05"),
        },
    ),
    ("dept_generic", "exchange", None, {}, {"finish": (3, "working_day", "DG-T-03")}),
    ("dept_fashion", "return", "inspecting", {}, {"finish": (10, "minute", "DF-T-07")}),
    ("dept_fashion", "repair", None, {}, {"call_back": (3, "day", "DF-T-09")}),
    ("kids", "complaint", None, {}, {"finish": (48, "hour", "KD-T-11")}),
    ("kids", "return", "inspecting", {}, {"finish": (3, "working_day", "KD-T-12")}),
    ("brand_counter", "repair", None, {}, {"next_step": (1, "working_day", "BC-T-13")}),
    ("brand_cabbeen", "repair", "goods_in_transit", {}, {"finish": (15, "day", "BK-W-24")}),
    ("equipment", "repair", None, {}, {"first_response": (24, "hour", "EQ-T-16")}),
    (
        "equipment",
        "repair",
        None,
        {"category": "network"},
        {"first_response": (2, "hour", "EQ-T-17"), "next_step": (24, "hour", "EQ-T-17")},
    ),
    ("mall_group", "repair", None, {}, {"first_response": (1, "working_day", "CM-CF-15")}),
]


@pytest.mark.parametrize(("name", "kind", "state", "facts", "wanted"), CLOCKS)
def test_a_case_runs_by_the_clocks_of_its_own_shop(
    shipped: PolicyService,
    name: str,
    kind: str,
    state: str | None,
    facts: Mapping[str, str],
    wanted: dict[str, tuple[int, str, str]],
) -> None:
    clocks = shipped.promises(name, TODAY).clocks(kind, state, facts)
    told = {each.clock: (each.term.n, each.term.unit, each.clause) for each in clocks}
    assert wanted.items() <= told.items()
    assert len(clocks) == len(told)


FIRED: list[tuple[str, dict[str, Any], str, str, int]] = [
    ("dept_fashion", {"trigger": "media"}, "media", "duty_manager", 0),
    ("brand_fashion", {"trigger": "injury", "mood": 2}, "hurt", "company_after_sales", 0),
    ("kids", {"trigger": "12315"}, "law", "after_sales_manager", 1),
    ("mall_group", {"complaint": "fraud"}, "fraud", "complaint_station", 1),
    ("dept_fashion", {"mood": 2}, "hot-tempered", "duty_manager", 2),
    ("mall_group", {"mood": 2, "asks": True}, "furious", "counter_manager", 2),
    ("kids", {"reopened": 1}, "not-solved", "after_sales_manager", 2),
    ("dept_generic", {"breached": True}, "late", "manager", 2),
    ("mall_group", {"unreasonable": True}, "no-agreement", "counter_manager", 3),
    (
        "mall_group",
        {"unreasonable": True, "override": True},
        "still-refused",
        "complaint_station",
        3,
    ),
    ("brand_counter", {"unreasonable": True}, "taste", "manager", 3),
    (
        "outdoor_goretex",
        {"decision_status": "escalate", "escalate_to": "gore"},
        "by-decision",
        "gore",
        3,
    ),
    ("brand_langfan", {"complaint": "packaging"}, "delivery", "warehouse", 4),
    ("brand_langfan", {"complaint": "conduct"}, "manners", "sales", 4),
    ("mall_group", {"complaint": "facility"}, "station", "complaint_station", 4),
    (
        "brand_fashion",
        {"prior_repairs": 2, "outcome": "free_repair"},
        "third-time",
        "company_after_sales",
        4,
    ),
    ("dept_generic", {"value": 12000, "outcome": "refund"}, "great-value", "manager", 4),
    ("brand_cabbeen", {"asks": True}, "asks", "store_manager", 5),
    ("equipment", {"misses": 2}, "not-understood", "manager", 6),
]


@pytest.mark.parametrize(("name", "signals", "rule", "to", "priority"), FIRED)
def test_a_conversation_goes_to_the_people_its_shop_names(
    shipped: PolicyService, name: str, signals: dict[str, Any], rule: str, to: str, priority: int
) -> None:
    fired = shipped.promises(name, TODAY).fired(signals)
    assert fired is not None
    assert (fired.id, fired.to, fired.priority) == (rule, to, priority)


@pytest.mark.parametrize("signals", [{}, {"misses": 1, "mood": 1, "asks": False}, {"value": 900}])
def test_what_is_usual_stays_with_the_bot(shipped: PolicyService, signals: dict[str, Any]) -> None:
    for name in shipped.sets:
        assert shipped.promises(name, TODAY).fired(signals) is None


def test_nobody_but_a_decision_names_somebody_unknown(shipped: PolicyService) -> None:
    for name in shipped.sets:
        told = shipped.promises(name, TODAY)
        assert [each.id for each in told.hand_offs if each.to == BY_DECISION] == ["by-decision"]


def test_the_law_runs_beside_the_shop_and_ends_on_a_working_day(shipped: PolicyService) -> None:
    told = shipped.promises("kids", TODAY).clocks(
        "return", "inspecting", {"remote_purchase": "yes"}
    )
    (law,) = [each for each in told if each.statutory]
    assert len(told) == 2
    assert law.term == Term(7, "day", statutory=True)
    kids = Shops.load("kids").get("kids")
    arrived = MONDAY.replace(month=11, day=21)  # the seventh day is a Saturday
    assert due(arrived, law.term, kids, ZONE).at.date() == date(2026, 11, 30)
    assert due(arrived, Term(7, "day"), kids, ZONE).at.date() == date(2026, 11, 28)


def test_a_term_of_the_law_is_marked_in_the_decision_and_no_other_is(
    shipped: PolicyService,
) -> None:
    unseen = {"remote_purchase": "yes", "days_since_received": 3, "problem": "dislike"}
    asked = {"wants": "refund", "worn": "no", "days_since_purchase": 5, **unseen}
    law: Any = shipped.decide("brand_fashion", asked, TODAY, profile={"remote_purchase": "ask"})
    assert [each["term"] for each in law.record()["remedies"]] == [
        {"n": 7, "unit": "day", "from_event": "goods_arrived", "statutory": True}
    ]
    clause: Any = shipped.decide("dept_generic", {"case": "refund", "workdays": 2}, TODAY)
    assert all("statutory" not in each["term"] for each in clause.record()["remedies"])


def test_the_mark_of_the_law_reaches_the_calendar() -> None:
    told = {"n": 7, "unit": "day", "from_event": "request", "statutory": True}
    assert decide._term(told) == Term(7, "day", statutory=True)
    assert decide._term({"n": 3, "unit": "working_day"}) == Term(3, "working_day")
