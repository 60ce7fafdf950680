"""What is wrong with a set is found before anybody is judged by it."""

from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.engine.conditions import Cond
from bot.policy.engine.edition import Edition
from bot.policy.lint import checks
from bot.policy.lint.cases import Cases
from bot.policy.lint.finding import Finding, Level
from bot.policy.publishing.texts import compiled, from_folder
from bot.policy.service import FOLDER
from tests.policy_store.conftest import CORNER, RULES

TODAY = date(2026, 11, 23)
LATE = """  - id: late
    clauses: [CO-1]
    when: {wants: refund}
"""


def findings(*changes: tuple[str, str]) -> list[Finding]:
    texts = {path.stem: path.read_text("utf-8") for path in RULES.glob("*.yml")}
    texts["phrases"] = (FOLDER / "phrases.yml").read_text("utf-8")
    text = CORNER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    texts["corner"] = text
    return checks.examine(compiled(texts).sets["corner"].source, texts, TODAY)


def kinds(found: list[Finding]) -> dict[str, list[tuple[str, ...]]]:
    told: dict[str, list[tuple[str, ...]]] = {}
    for each in found:
        told.setdefault(each.kind, []).append(each.subjects)
    return told


def rule(name: str, when: str, outcome: str = "refuse") -> str:
    return f"""  - id: {name}
    clauses: [CO-1]
    when: {when}
    outcome: {outcome}
    reason: 好。
"""


def test_the_small_shop_is_only_told_where_it_gives_less_than_the_law() -> None:
    found = findings()
    assert all(each.level is not Level.ERROR for each in found)
    assert kinds(found)["weaker_than_law"] == [("late", "law-quality")]
    assert "unreachable" not in kinds(found)
    assert "overlap" not in kinds(found)


def test_an_example_of_less_than_the_law_is_a_case_that_can_be() -> None:
    (weak,) = [each for each in findings() if each.kind == "weaker_than_law"]
    assert weak.example["problem"] == "quality"
    assert int(weak.example["days_since_purchase"]) in range(4, 8)


def test_a_rule_behind_a_wider_one_is_unreachable() -> None:
    found = findings((LATE, rule("coats", "{wants: refund, category: coat}") + LATE))
    assert "unreachable" not in kinds(found)
    behind = CORNER[CORNER.index("otherwise:") :]
    found = findings((behind, rule("coats", "{wants: refund, category: coat}") + behind))
    assert kinds(found)["unreachable"] == [("coats",)]


def test_a_rule_that_several_others_cover_together_is_unreachable() -> None:
    last = CORNER[CORNER.index("otherwise:") :]
    more = "".join(
        [
            rule("worn", "{wants: care, worn: yes}"),
            rule("unworn", "{wants: care, worn: no}"),
            rule("either", "{wants: care, clean: yes}"),
        ]
    )
    assert kinds(findings((last, more + last)))["unreachable"] == [("either",)]


def test_a_rule_whose_condition_can_never_be_is_unreachable() -> None:
    last = CORNER[CORNER.index("otherwise:") :]
    never = rule("never", "{wants: care, all: [{worn: yes}, {worn: no}]}")
    assert kinds(findings((last, never + last)))["unreachable"] == [("never",)]


def test_two_rules_with_one_condition_and_two_results_contradict() -> None:
    last = CORNER[CORNER.index("otherwise:") :]
    found = findings((last, rule("no-mending", "{wants: repair}") + last))
    (wrong,) = [each for each in found if each.kind == "contradiction"]
    assert wrong.level is Level.ERROR
    assert wrong.subjects == ("mend", "no-mending")


def test_the_same_condition_written_otherwise_is_still_the_same() -> None:
    last = CORNER[CORNER.index("otherwise:") :]
    twisted = "{not: {any: [{wants: {not: repair}}, {days_since_purchase: {min: 5}, worn: [yes], not: {worn: yes}}]}}"
    found = findings((last, rule("no-mending", twisted) + last))
    assert kinds(found)["contradiction"] == [("mend", "no-mending")]


def test_rules_that_cross_and_say_the_opposite_are_shown() -> None:
    found = findings((LATE, rule("worn", "{wants: refund, worn: yes}") + LATE))
    crossing = [each for each in found if each.kind == "overlap"]
    assert [each.subjects for each in crossing] == [("early", "worn")]
    assert crossing[0].example["worn"] == "yes"


def test_what_no_rule_takes_is_shown_by_wish() -> None:
    gaps = [each for each in findings() if each.kind == "gap"]
    # No rule tells these three apart.
    assert {each.subjects[0] for each in gaps} == {"exchange/care/human"}
    assert all(each.example["wants"] == each.subjects[0] for each in gaps)


def test_a_gap_is_told_with_the_facts_that_make_it_and_no_others() -> None:
    last = CORNER[CORNER.index("otherwise:") :]
    found = findings((last, rule("care", "{wants: care, worn: no}") + last))
    (gap,) = [each for each in found if each.example.get("wants") == "care"]
    assert gap.example == {"wants": "care", "worn": "yes"}


def test_a_set_without_the_law_is_wrong() -> None:
    found = findings(("overlays: [common, statutory]", "overlays: [common]"))
    assert [each.kind for each in found if each.level is Level.ERROR] == ["no_law"]


def test_a_refusal_read_above_the_law_is_wrong() -> None:
    above = "first:\n" + rule("stubborn", "{wants: refund, worn: yes}")
    found = findings(("own:\n", above + "own:\n"))
    (wrong,) = [each for each in found if each.level is Level.ERROR]
    assert (wrong.kind, wrong.subjects) == ("above_law", ("stubborn", "law-quality"))


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2026-12-23", True), ("2026-11-23", True), ("2026-12-24", False), ("2026-11-22", False)],
)
def test_a_clause_that_ends_within_thirty_days_is_shown(until: str, expected: bool) -> None:
    found = findings(
        ("三天内可以退。, source: document", f"三天。, source: document, effective_to: {until}")
    )
    assert (("CO-1",) in kinds(found).get("expiring", [])) is expected


def test_a_clause_with_a_successor_does_not_expire() -> None:
    line = "  - {id: CO-1, title: 三天退, text: 三天内可以退。, source: document}\n"
    two = line.replace("}", ", effective_to: 2026-11-30}") + line.replace(
        "}", ", version: 2, effective_from: 2026-12-01}"
    )
    assert "expiring" not in kinds(findings((line, two)))


def test_rules_of_a_later_day_are_examined_as_well() -> None:
    last = CORNER[CORNER.index("otherwise:") :]
    later = rule("no-mending", "{wants: repair}\n    effective_from: 2027-01-01")
    assert "contradiction" in kinds(findings((last, later + last)))


SHIPPED = {name: each.text for name, each in from_folder(Path(FOLDER)).items()}


@pytest.mark.parametrize("name", sorted(compiled(SHIPPED).sets))
def test_the_shipped_rules_contradict_neither_themselves_nor_the_law(name: str) -> None:
    source = compiled(SHIPPED).sets[name].source
    assert [each.message for each in checks.errors(source, SHIPPED, TODAY)] == []


@cache
def small() -> Edition:
    texts = {path.stem: path.read_text("utf-8") for path in RULES.glob("*.yml")}
    texts["phrases"] = SHIPPED["phrases"]
    texts["corner"] = CORNER
    return Edition(compiled(texts).sets["corner"].source, TODAY)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_search_finds_a_case_exactly_when_trying_all_of_them_does(data: st.DataObject) -> None:
    edition = small()
    facts = [edition.by_key[key] for key in ("problem", "wants", "days_since_purchase", "cause")]
    made = edition.conditions

    def draw() -> Cond:
        parts = [
            made.is_in(fact.number, data.draw(st.integers(0, fact.all)))
            for fact in data.draw(st.lists(st.sampled_from(facts), min_size=1, max_size=3))
        ]
        return made.all_of(parts) if data.draw(st.booleans()) else made.any_of(parts)

    holds, fails = [draw()], [draw() for _ in range(data.draw(st.integers(0, 4)))]
    found = Cases(edition).find(holds, fails)
    expected = any(
        made.truth(holds[0], state) and not any(made.truth(each, state) for each in fails)
        for state in states(edition, facts)
    )
    assert (found is not None) is expected


def states(edition: Edition, facts: list) -> list[list[int]]:
    made = []
    for cells in product(*(fact.cells for fact in facts)):
        state = [fact.all for fact in edition.facts]
        for fact, cell in zip(facts, cells, strict=True):
            state[fact.number] = cell
        made.append(state)
    return made
