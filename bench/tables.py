"""A table as people read it (Markdown) and as programs do (JSON)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Cell = str | float | int


@dataclass(frozen=True)
class Goal:
    """Something that the figures were to show, and whether they do."""

    text: str
    met: bool


@dataclass(frozen=True)
class Table:
    """Rows under columns; the first column names the row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    goals: Sequence[Goal] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """The table as JSON holds it, each row an object."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return asdict(self) | {"rows": rows}

    def as_text(self) -> str:
        """The table in Markdown, columns aligned, then its goals and notes."""
        cells = [list(self.columns), *([_text(cell) for cell in row] for row in self.rows)]
        widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        body = [_line(row, widths) for row in (cells[0], rule, *cells[1:])]
        goals = [f"- {'met' if goal.met else 'MISSED'}: {goal.text}" for goal in self.goals]
        notes = [f"- {note}" for note in self.notes]
        return "\n".join([f"### {self.title}", "", *body, "", *goals, *notes])


def _text(cell: Cell) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [_pad(cell, width, left=place == 0) for place, (cell, width) in _placed(row, widths)]
    return f"| {' | '.join(padded)} |"


def _placed(row: Sequence[str], widths: Sequence[int]) -> Any:
    return enumerate(zip(row, widths, strict=True))


def _pad(cell: str, width: int, *, left: bool) -> str:
    blank = " " * (width - _width(cell))
    return cell + blank if left else blank + cell


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
