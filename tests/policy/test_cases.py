"""Tables of cases: facts of one case, what the set must decide, the clauses it must name."""

import csv
from datetime import date
from pathlib import Path

import pytest

from bot.evaluation.expectation import Expectation, outcome_of
from bot.policy.engine import Decision
from bot.policy.service import PolicyService

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 1, 5)


def rows() -> list[dict[str, str]]:
    found = []
    for path in sorted(CASES.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [{**row, "set": path.stem} for row in reader]
    return found


def read_facts(text: str) -> dict[str, object]:
    return dict(part.strip().split("=", 1) for part in text.split(";"))


def meets(decision: Decision, expected: str) -> bool:
    """Whether a decision is what the table says: an outcome, a question, or several joined."""
    wanted = Expectation.parse(expected)
    if wanted.asked:
        return decision.status == "needs_facts" and decision.ask[0].fact == wanted.asked
    return decision.status != "needs_facts" and wanted.met_by(decision.record())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_a_case_of_the_tables_is_decided_as_written(
    service: PolicyService, row: dict[str, str]
) -> None:
    facts = read_facts(row["facts"])
    today = date.fromisoformat(str(facts.get("today", TODAY)))
    decision = service.decide(row["set"], facts, today)
    assert meets(decision, row["expected"]), outcome_of(decision.record())
    ids = {clause.id for clause in decision.clauses}
    assert set(filter(None, row["clauses"].split(","))) <= ids


@pytest.mark.parametrize(
    "row", [row for row in rows() if row["amount"] or row["term"]], ids=lambda row: row["id"]
)
def test_a_case_of_the_tables_gives_its_amount_and_term(
    service: PolicyService, row: dict[str, str]
) -> None:
    facts = read_facts(row["facts"])
    today = date.fromisoformat(str(facts.get("today", TODAY)))
    remedies = service.decide(row["set"], facts, today).record()["remedies"]
    assert isinstance(remedies, list)
    if row["amount"]:
        assert row["amount"] in {remedy["amount"] for remedy in remedies}
    if row["term"]:
        terms = [remedy["term"] for remedy in remedies if remedy["term"]]
        assert row["term"] in {f"{term['n']} {term['unit']}" for term in terms}
