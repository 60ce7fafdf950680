"""Lint also looks at what a shop promises around its cases, and only at cases that can be."""

from datetime import date

import pytest

from bot.policy.lint import checks
from bot.policy.lint.finding import Finding, Level
from bot.policy.publishing.texts import compiled
from bot.policy.service import FOLDER
from tests.policy_store.conftest import CORNER
from tests.policy_store.test_promises import MORE

TODAY = date(2026, 11, 23)
SHIPPED = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.yml")}
# With the shipped overlays, which bring the ways to people that every shop needs.
SMALL = CORNER.replace("insist: manager", "insist: manager, fraud: manager") + MORE


def found(text: str, *changes: tuple[str, str]) -> list[Finding]:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    texts = {**SHIPPED, "corner": text}
    return checks.examine(compiled(texts).sets["corner"].source, texts, TODAY)


def subjects(findings: list[Finding], kind: str) -> list[tuple[str, ...]]:
    return [each.subjects for each in findings if each.kind == kind]


def hand_off(name: str, when: str, priority: int = 5) -> tuple[str, str]:
    line = f"  - {{id: {name}, when: {when}, to: manager, priority: {priority}, clauses: [CO-2]}}\n"
    return "hand_off:\n", f"hand_off:\n{line}"


def test_a_small_shop_over_the_common_rules_leaves_nothing_open_around_its_cases() -> None:
    told = found(SMALL)
    for kind in ("no_way", "not_at_once", "no_clock", "no_ladder", "missing_rung", "expiring"):
        assert subjects(told, kind) == []
    assert subjects(told, "unreachable") == [("by-decision",)]  # the common one comes before


def test_a_way_to_people_behind_a_wider_one_never_fires() -> None:
    told = found(SMALL, hand_off("mad", "{mood: {at_least: 2}, tone: insult}", 2), hand_off("all", "{mood: {at_least: 1}}", 1))  # fmt: skip
    assert ("mad",) in subjects(told, "unreachable")


def test_an_injury_that_waits_behind_others_is_told() -> None:
    quick = [hand_off("hurt-here", "{trigger: [injury, media]}", 0)]
    assert subjects(found(SMALL, *quick), "not_at_once") == []
    common = SHIPPED["common"].replace('to: "@top", priority: 0', 'to: "@top", priority: 4')
    texts = {**SHIPPED, "corner": SMALL, "common": common}
    told = checks.examine(compiled(texts).sets["corner"].source, texts, TODAY)
    assert ("hurt",) in subjects(told, "not_at_once")


@pytest.mark.parametrize(
    ("old", "new", "kind", "about"),
    [
        ("unit: working_day}, clause: CO-1}", "unit: working_day}, clause: CO-1, effective_to: 2026-12-10}", "expiring", ("finish return",)),
        ("clauses:\n  - {id: CO-1,", "clauses:\n  - {effective_from: 2027-01-01, id: CO-1,", "not_in_force", ("first_response *", "CO-1")),
        ("  - {place: 1, who: counter_staff,", "  - {place: 1, effective_to: 2027-06-30, who: counter_staff,", "missing_rung", ("1",)),
        ("kinds: [return], term: {n: 3, unit: working_day}", "kinds: [return], state: inspecting, term: {n: 6, unit: working_day}", "weaker_than_law", ("CO-1", "ST-06")),
    ],
)  # fmt: skip
def test_what_runs_out_or_comes_after_the_law_is_told(
    old: str, new: str, kind: str, about: tuple[str, ...]
) -> None:
    assert about in subjects(found(SMALL, (old, new)), kind)


def test_a_case_that_says_two_things_of_one_fact_is_no_example() -> None:
    said = "when: {wants: refund, named_cause: human}"
    told = found(SMALL, ("when: {wants: refund, days_since_purchase: {max: 3}}", said), ("outcome: refund", "outcome: refuse"))  # fmt: skip
    laws = [each for each in told if each.kind == "weaker_than_law" and each.subjects[0] == "early"]
    assert all("law-quality" not in each.subjects for each in laws)


def test_less_than_the_law_only_in_sales_the_shop_does_not_make_is_a_note() -> None:
    weak = [each for each in found(SMALL) if each.kind == "weaker_than_law"]
    assert [(each.level, each.subjects) for each in weak] == [
        (Level.WARNING, ("late", "law-quality")),
        (Level.NOTE, ("otherwise", "law-quality")),  # to send to somebody is no answer
    ]
    more = ("- id: late\n", "- {id: dear, clauses: [CO-1], when: {wants: refund, problem: dislike}, outcome: refuse, reason: 好。}\n  - id: late\n")  # fmt: skip
    (note,) = [each for each in found(SMALL, more) if each.subjects[0] == "dear"]
    assert (note.kind, note.level) == ("weaker_than_law", Level.NOTE)
    online = ("profile: {remote_purchase: no}", "profile: {remote_purchase: ask}")
    (warned,) = [each for each in found(SMALL, more, online) if each.subjects[0] == "dear"]
    assert (warned.kind, warned.level) == ("weaker_than_law", Level.WARNING)
