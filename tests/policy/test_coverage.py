"""Every written fact has its line in docs/policy-coverage.md, and every line names what there is."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bot.policy.promises import entries
from bot.policy.service import FOLDER, PolicyService
from bot.settings import ROOT

IDS = Path(__file__).with_name("covered_ids.txt")
DOC = ROOT / "docs" / "policy-coverage.md"
ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)
NAMED = re.compile(
    r"(clause|rule|deadline|rung|approval|hand-off|department|ticket|code) `([^`]+)`"
)
SORTS = {
    "Deadline": "deadline",
    "Rung": "rung",
    "Approval": "approval",
    "HandOffRule": "hand-off",
    "Department": "department",
}
REFUSED = "not here"


@cache
def listed() -> list[str]:
    """Every id of the documents and the number of every process."""
    found: list[str] = []
    for line in IDS.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, _, told = line.partition(": ")
        found += map(str, range(1, int(told) + 1)) if name == "processes" else told.split()
    return found


@cache
def rows() -> list[tuple[str, str, str]]:
    """Id, where and what of every line of the tables."""
    found = ROW.findall(DOC.read_text("utf-8"))
    return [row for row in found if row[0] not in ("id", "no") and set(row[0]) != {"-"}]


@cache
def there() -> set[tuple[str, str]]:
    """Everything that the policy files hold, as the document names it."""
    service = PolicyService.load()
    found: set[tuple[str, str]] = set()
    for name in service.sets:
        source = service.policy(name).source
        found |= {("clause", clause.id) for clause in source.clauses}
        found |= {("rule", f"{name}/{rule.id}") for rule in source.rules}
        found |= {(SORTS[each.sort], f"{name}/{each.id}") for each in entries(source)}
    return found


def test_every_fact_and_process_has_one_line() -> None:
    lines = Counter(name for name, _, _ in rows())
    assert len(listed()) == len(set(listed())) == 480
    assert [each for each in listed() if lines[each] != 1] == []


def test_every_line_names_what_there_is() -> None:
    for name, where, _ in rows():
        named = NAMED.findall(where)
        assert named or where == REFUSED, name
        for kind, target in named:
            if kind in ("ticket", "code"):
                assert (ROOT / target).exists(), f"{name}: {target}"
            else:
                assert (kind, target) in there(), f"{name}: {kind} {target}"


def test_what_is_left_out_says_why() -> None:
    reasons = [what for _, where, what in rows() if where == REFUSED]
    assert reasons
    assert [each for each in reasons if len(each) < 25] == []


def test_every_clause_of_the_store_has_its_line() -> None:
    text = DOC.read_text("utf-8")
    named = {target for kind, target in NAMED.findall(text) if kind == "clause"}
    clauses = {target for kind, target in there() if kind == "clause"}
    assert clauses - named == set()


def test_every_clause_of_the_store_is_cited_by_a_rule_or_a_promise() -> None:
    service = PolicyService.load()
    written = {target for kind, target in there() if kind == "clause"}
    cited: set[str] = set()
    for name in service.sets:
        source = service.policy(name).source
        cited |= {clause for rule in source.rules for clause in rule.clauses}
        cited |= {clause for entry in entries(source) for clause in entry.clauses}
    assert written - cited == set()


@pytest.mark.parametrize("prefix", ["CF", "OPEN"])
def test_what_the_documents_leave_to_us_is_open_for_the_owner_to_settle(prefix: str) -> None:
    service = PolicyService.load()
    for name in service.sets:
        for clause in service.policy(name).source.clauses:
            if clause.id.split("-", 1)[1].startswith(prefix):
                assert clause.open, clause.id
                assert clause.note, clause.id


def test_no_policy_file_can_be_taken_for_rasa_s_own() -> None:
    keys = {"nlu", "rules", "stories", "intents", "entities", "slots", "responses", "forms",
            "actions", "session_config", "e2e_actions", "lookup", "synonym", "regex"}  # fmt: skip
    for path in FOLDER.glob("*.yml"):
        tops = re.findall(r"^([a-z_0-9]+):", path.read_text("utf-8"), re.MULTILINE)
        assert not keys & set(tops), path.name
