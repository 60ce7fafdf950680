"""Policy cases for a shopper to play: what is true, what is said first, what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.evaluation import tables
from bot.evaluation.expectation import Expectation

COLUMNS = ("id", "policy_set", "expected", "first_sentence")


@dataclass(frozen=True)
class Case:
    """One case. `today` is the date on which alone it can be played, None for any day."""

    id: str
    policy_set: str
    facts: Mapping[str, str]
    expected: Expectation
    first_sentence: str

    @property
    def today(self) -> date | None:
        """The date that the server's clock must show."""
        return date.fromisoformat(self.facts["today"]) if "today" in self.facts else None


def read(path: Path) -> list[Case]:
    """Every case of a table with the columns of COLUMNS and `facts`. Raises BadTable."""
    cases: dict[str, Case] = {}
    for row in tables.read(path, COLUMNS):
        case = _case(row)
        if case.id in cases:
            raise row.wrong(f"编号 {case.id} 出现了两次。")
        cases[case.id] = case
    return list(cases.values())


def _case(row: tables.Row) -> Case:
    try:
        expected = Expectation.parse(row.cell("expected"))
    except ValueError as error:
        raise row.wrong(f"看不懂期望的结果“{row.cell('expected')}”。") from error
    return Case(
        row.cell("id"), row.cell("policy_set"), _facts(row), expected, row.cell("first_sentence")
    )


def _facts(row: tables.Row) -> Mapping[str, str]:
    facts: dict[str, str] = {}
    for piece in filter(None, (piece.strip() for piece in row.cell("facts").split(";"))):
        key, equals, value = (part.strip() for part in piece.partition("="))
        if not (key and equals and value):
            raise row.wrong(f"事实要写成“名称=值”，这里是“{piece}”。")
        facts[key] = value
    for key in ("today", "purchase_date"):
        _check_date(row, key, facts.get(key))
    return facts


def _check_date(row: tables.Row, key: str, value: str | None) -> None:
    try:
        date.fromisoformat(value or "2000-01-01")
    except ValueError as error:
        raise row.wrong(f"{key} 不是有效的日期：“{value}”。") from error
