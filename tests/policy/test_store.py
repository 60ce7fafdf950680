"""What the store refuses, pointing at file and line, and what it does with versions."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.policy.engine import Decision, PolicySet, decide
from bot.policy.errors import BadPolicy
from bot.policy.service import FOLDER
from bot.policy.store import load

SHOP = """set: corner
title: 街角店
version: 1
effective_from: 2020-01-01
overlays: [common]
people: {top: manager, insist: manager}
clauses:
  - {id: CO-1, title: 三天退, text: 三天内可以退。, source: document}
own:
  - id: early
    clauses: [CO-1]
    when: {wants: refund, days_since_purchase: {max: 3}}
    outcome: refund
    remedies: [{type: refund, amount: price_paid}]
    reason: 可以退，{amount}退给您。
otherwise:
  id: rest
  clauses: [CO-1]
  outcome: refuse
  reason: 这次退不了。
"""
EARLY = "when: {wants: refund, days_since_purchase: {max: 3}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("facts.yml", "phrases.yml", "common.yml"):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def write(folder: Path, old: str = "", new: str = "") -> Path:
    assert old in SHOP
    path = folder / "corner.yml"
    path.write_text(SHOP.replace(old, new, 1) if old else SHOP, "utf-8")
    return path


def policy(folder: Path) -> PolicySet:
    return load(folder).sets["corner"]


def ask(chosen: PolicySet, today: date, days: int = 1) -> Decision:
    return decide(chosen, {"wants": "refund", "days_since_purchase": days}, today)


def test_a_new_shop_is_one_file(folder: Path) -> None:
    write(folder)
    assert ask(policy(folder), date(2026, 1, 5)).outcome == "refund"


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        (EARLY, "when: {wants: refund, dais: 3}", 12, "unknown_fact"),
        (EARLY, "when: {wants: lemonade}", 12, "unknown_value"),
        (EARLY, "when: {days_since_purchase: {max: -3}}", 12, "negative"),
        (EARLY, "when: {price_paid: {min: -0.01}}", 12, "negative"),
        (EARLY, "when: {days_since_purchase: {max: many}}", 12, "number_expected"),
        (EARLY, "when: {days_since_purchase: {min: 5, max: 3}}", 12, "empty_range"),
        (EARLY, "when: {category: {min: 5}}", 12, "not_a_number"),
        (EARLY, "when: {wants: []}", 12, "no_value"),
        ("clauses: [CO-1]\n    when", "clauses: [CO-9]\n    when", 11, "unknown_clause"),
        ("clauses: [CO-1]\n    when", "clauses: []\n    when", 10, "no_clause"),
        ("outcome: refund", "outcome: cake", 13, "unknown_outcome"),
        ("outcome: refund", "outcome: escalate", 13, "no_target"),
        (f"{EARLY}\n    outcome: refund", "outcome: as_wanted", 12, "no_wish"),
        ("outcome: refund", "outcom: refund", 13, "unknown_key"),
        ("amount: price_paid", "amount: price_twice", 14, "unknown_formula"),
        ("amount: price_paid", "amount: less_percent, percent: -5", 14, "negative"),
        ("{amount}退", "{sum}退", 15, "bad_blank"),
        ("{amount}退", "{amount退", 15, "bad_blank"),
        ("effective_from: 2020-01-01", "effective_from: 2020-13-01", 4, "bad_date"),
        ("effective_from: 2020-01-01\n", "", 1, "no_date"),
        ("overlays: [common]", "overlays: [elsewhere]", 5, "unknown_set"),
        ("set: corner", "set: other", 1, "wrong_name"),
        ("title: 街角店", "title: 街角店\ntitle: 街口店", 3, "twice"),
        ("title: 街角店", "title: [", 4, "not_yaml"),
        ("version: 1", "version: one", 3, "number_expected"),
        ("title: 街角店", "title: &a 街角店\nset: *a", 3, "alias"),
        ("people: {top: manager, insist: manager}", "people: {top: king}", 0, "unknown_target"),
        ("source: document", "source: hearsay", 8, "unknown_source"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    folder: Path, old: str, new: str, line: int, reason: str
) -> None:
    write(folder, old, new)
    with pytest.raises(BadPolicy) as refused:
        load(folder)
    assert refused.value.reason == reason
    if line:
        assert refused.value.line == line
        assert "corner.yml" in refused.value.message
    assert refused.value.details["remedy"]


def test_two_versions_of_a_clause_on_the_same_day_are_refused(folder: Path) -> None:
    clause = "  - {id: CO-1, title: 三天退, text: 三天内可以退。, source: document}\n"
    write(folder, clause, clause + clause.replace("document}", "document, version: 2}"))
    with pytest.raises(BadPolicy) as refused:
        load(folder)
    assert (refused.value.reason, refused.value.line) == ("overlap", 9)


def test_the_version_in_force_on_the_day_of_purchase_judges(folder: Path) -> None:
    clause = "  - {id: CO-1, title: 三天退, text: 三天内可以退。, source: document}\n"
    old = clause.replace("document}", "document, effective_to: 2025-12-31}")
    new = clause.replace("document}", "document, version: 2, effective_from: 2026-01-01}")
    path = write(folder, clause, old + new)
    early = path.read_text("utf-8")
    rule = early[early.index("  - id: early") : early.index("otherwise:")]
    later = rule.replace("max: 3", "max: 10").replace(
        "outcome:", "effective_from: 2026-01-01\n    outcome:"
    )
    before = rule.replace("outcome:", "effective_to: 2025-12-31\n    outcome:")
    path.write_text(early.replace(rule, before + later), "utf-8")
    chosen = policy(folder)
    bought_in_december = ask(chosen, date(2026, 1, 5), days=5)
    bought_in_january = ask(chosen, date(2026, 1, 6), days=5)
    assert bought_in_december.outcome == "refuse"
    assert bought_in_january.outcome == "refund"
    assert [clause.version for clause in bought_in_december.clauses] == [1]
    assert [clause.version for clause in bought_in_january.clauses] == [2]


def test_a_purchase_before_the_first_version_is_judged_by_the_first(folder: Path) -> None:
    write(folder)
    assert ask(policy(folder), date(2001, 1, 1)).outcome == "refund"


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    path = write(folder)
    path.write_text(SHOP + "# " + "x" * 600_000, "utf-8")
    with pytest.raises(BadPolicy) as refused:
        load(folder)
    assert refused.value.reason == "too_big"


def test_a_file_nested_beyond_reason_is_refused(folder: Path) -> None:
    write(folder, EARLY, "when: " + "{not: " * 40 + "{wants: refund}" + "}" * 40)
    with pytest.raises(BadPolicy) as refused:
        load(folder)
    assert refused.value.reason == "too_deep"


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    write(folder).write_bytes(SHOP.encode("gb18030"))
    with pytest.raises(BadPolicy) as refused:
        load(folder)
    assert refused.value.reason == "not_utf8"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("tree: {coat: garment,", "tree: {garment: coat, coat: garment,", "cycle"),
        ("tree: {coat: garment,", "tree: {coat: gown,", "unknown_value"),
        ("follows: [receipt]", "follows: [slip]", "unknown_fact"),
        ("when: {worn: no}", "when: {resale_ok: yes}", "unknown_fact"),
        ("class: ask", "class: beg", "unknown_class"),
        ("type: choice", "type: poem", "unknown_type"),
        ("if_unknown: escalate", "if_unknown: refuse", "unsafe"),
    ],
)
def test_a_wrong_catalogue_is_refused(folder: Path, old: str, new: str, reason: str) -> None:
    write(folder)
    path = folder / "facts.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadPolicy) as refused:
        load(folder)
    assert refused.value.reason == reason
    assert refused.value.line > 1


def test_any_edit_of_the_content_makes_another_version(folder: Path) -> None:
    write(folder)
    before = policy(folder)
    write(folder, "max: 3", "max: 4")
    after = policy(folder)
    assert before.version != after.version
    day = date(2026, 1, 5)
    assert ask(before, day).decision_id != ask(after, day).decision_id
