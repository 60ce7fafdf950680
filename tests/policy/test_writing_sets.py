"""What a set may write besides rules: lists of defects, names for conditions, what it never asks."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.policy.engine import Decision
from bot.policy.errors import BadPolicy
from bot.policy.service import FOLDER, PolicyService

TODAY = date(2026, 1, 5)
CORNER = """set: corner
title: 街角店
version: 1
effective_from: 2020-01-01
overlays: [common, statutory, outdoor_goretex]
people: {top: manager, insist: manager, fraud: manager}
unasked:
  cause: {}
  worn: {days_since_purchase: {max: 1}}
lists:
  defect:
    by_hand: [lipstick]
    no_defect: [by_hand, crease]
named:
  soon: {days_since_purchase: {max: 3}}
  as_new: {is: soon, worn: no}
clauses:
  - {id: CO-1, title: 三天退, text: 三天内可以退。, source: document}
own:
  - {id: listed, clauses: [CO-1], when: {defect: no_defect}, outcome: refuse, reason: 退不了。}
  - {id: new, clauses: [CO-1], when: {wants: refund, is: as_new}, outcome: refund, reason: 可以退。}
  - {id: soon, clauses: [CO-1], when: {wants: refund, is: soon}, outcome: exchange, reason: 可以换。}
otherwise: {id: rest, clauses: [CO-1], outcome: needs_inspection, reason: 先看看。}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = ("facts", "phrases", "common", "statutory", "outdoor_goretex")
    for name in names:
        shutil.copy(FOLDER / f"{name}.yml", tmp_path / f"{name}.yml")
    (tmp_path / "corner.yml").write_text(CORNER, "utf-8")
    return tmp_path


def decide(folder: Path, **facts: object) -> Decision:
    return PolicyService.load(folder).decide("corner", {"wants": "refund", **facts}, TODAY)


def rewrite(folder: Path, old: str, new: str) -> None:
    assert old in CORNER
    (folder / "corner.yml").write_text(CORNER.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("defect", ["lipstick", "crease"])
def test_a_list_matches_what_stands_in_it_and_in_the_lists_inside_it(
    folder: Path, defect: str
) -> None:
    assert decide(folder, defect=defect).outcome == "refuse"


def test_what_a_list_calls_no_defect_is_no_quality_matter_for_the_law(folder: Path) -> None:
    told = {"cause": "quality", "days_since_purchase": 5, "receipt": "yes"}
    assert decide(folder, defect="seam_open", **told).outcome == "refund"
    assert decide(folder, defect="crease", **told).outcome == "refuse"


def test_a_named_condition_may_build_on_another(folder: Path) -> None:
    told = {"problem": "dislike", "days_since_purchase": 3}
    assert decide(folder, worn="no", **told).outcome == "refund"
    assert decide(folder, worn="yes", **told).outcome == "exchange"


def test_what_a_set_never_asks_is_absent_until_it_is_told(folder: Path) -> None:
    told = {"problem": "quality", "days_since_purchase": 5, "receipt": "yes"}
    assert decide(folder, **told).outcome == "needs_inspection"
    assert decide(folder, cause="quality", **told).outcome == "refund"


def test_a_set_may_leave_a_question_out_in_some_cases_only(folder: Path) -> None:
    assert decide(folder, problem="dislike", days_since_purchase=1).outcome == "exchange"
    assert decide(folder, problem="dislike", days_since_purchase=2).ask[0].fact == "worn"


def test_the_overlay_for_a_fabric_speaks_only_of_goods_of_that_fabric(folder: Path) -> None:
    told = {"problem": "leak", "receipt": "yes", "card": "yes", "days_since_purchase": 40}
    other = decide(folder, **told)
    gore = decide(folder, gore_tex="yes", **told)
    assert (other.outcome, gore.outcome) == ("needs_inspection", "refer")
    assert gore.escalate_to == "gore"


def test_rules_for_the_overlay_alone_are_left_out_beside_a_set(folder: Path) -> None:
    late = {"problem": "dislike", "days_since_purchase": 40, "gore_tex": "yes"}
    assert decide(folder, **late).rules == ("rest",)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("is: as_new", "is: as_gold", 21, "unknown_name"),
        ("{is: soon, worn: no}", "{is: later, worn: no}", 16, "unknown_name"),
        ("[by_hand, crease]", "[by_hand, lipstick]", 13, "twice"),
        ("  defect:\n", "  problem:\n", 12, "not_a_word"),
        ("  cause: {}", "  colour: {}", 1, "unknown_fact"),
        ("{days_since_purchase: {max: 1}}", "{visits: 2}", 1, "cycle"),
    ],
)
def test_a_slip_in_these_is_refused_with_its_line(
    folder: Path, old: str, new: str, line: int, reason: str
) -> None:
    rewrite(folder, old, new)
    with pytest.raises(BadPolicy) as refused:
        PolicyService.load(folder)
    assert refused.value.details["line"] == line
    assert refused.value.details["reason"] == reason


@pytest.mark.parametrize(
    ("told", "fact", "value"),
    [
        ({"days_since_purchase": 74, "exchanged_on_day": 14}, "days_since_exchange", 60),
        ({"purchase_date": "2025-12-20", "exchanged_on_day": 10}, "days_since_exchange", 6),
        ({"purchase_date": "2025-12-20"}, "in_purchase_year", "no"),
        ({"purchase_date": "2026-01-02"}, "in_purchase_year", "yes"),
        ({"list_price": "1437", "other_tag_price": "969"}, "cheaper_elsewhere", "yes"),
        ({"list_price": "969", "other_tag_price": "969"}, "cheaper_elsewhere", "no"),
        ({"registered_spot": "sleeve", "found_spot": "collar"}, "found_elsewhere", "yes"),
    ],
)
def test_a_fact_follows_from_others_when_it_is_not_told(
    service: PolicyService, told: dict[str, object], fact: str, value: object
) -> None:
    assert service.facts.read(told, TODAY)[fact] == value


def test_an_exchange_after_today_says_nothing(service: PolicyService) -> None:
    read = service.facts.read({"days_since_purchase": 3, "exchanged_on_day": 9}, TODAY)
    assert "days_since_exchange" not in read


def test_nobody_is_told_sorry_twice(service: PolicyService) -> None:
    decision = service.decide("common", {"problem": "service", "tone": "angry"}, TODAY)
    assert decision.reason.count("抱歉") == 1
    assert decision.escalate_to == "manager"
