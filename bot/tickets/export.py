"""Cases as a table for a spreadsheet, written row by row: memory does not grow with them."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter  # type: ignore[import-untyped]

from bot.tickets.views import masked

HEAD = (
    "编号",
    "类型",
    "投诉类别",
    "状态",
    "店铺",
    "来源",
    "部门",
    "负责人",
    "优先级",
    "电话",
    "重开次数",
    "结果",
    "登记时间",
    "承诺时间",
    "办结时间",
)
PHONE = HEAD.index("电话")
SHEET = 1_000_000  # rows; a sheet of Excel holds 1,048,576
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Table(Protocol):
    """Something that takes rows."""

    def add(self, row: Iterable[Any]) -> None:
        """Write a row."""


def cells(row: Iterable[Any], zone: tzinfo) -> list[Any]:
    """A case's cells: phones masked, instants in the shop's time, no text that is a formula."""
    told = list(row)
    told[PHONE] = masked(told[PHONE])
    return [_cell(value, zone) for value in told]


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return (
        f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text
    )


def write(path: Path, kind: str, rows: Iterable[Iterable[Any]], zone: tzinfo) -> int:
    """Write `csv` or `xlsx`, in place only once it is whole; the number of rows."""
    part, written = path.with_name(f"{path.name}.part"), 0
    try:
        with _csv(part) if kind == "csv" else _xlsx(part) as table:
            for row in rows:
                table.add(cells(row, zone))
                written += 1
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def _cell(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return harmless(value) if isinstance(value, str) else value


class _Csv:
    def __init__(self, file: Any) -> None:
        self._writer = csv.writer(file)

    def add(self, row: Iterable[Any]) -> None:
        self._writer.writerow(row)


class _Xlsx:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book, self._next = book, 0
        self._sheet: Any = None

    def add(self, row: Iterable[Any]) -> None:
        if self._sheet is None or self._next > SHEET:
            self._sheet, self._next = self._book.add_worksheet(), 0
            self._line(HEAD)
        self._line(row)

    def _line(self, row: Iterable[Any]) -> None:
        for place, value in enumerate(row):
            if isinstance(value, int):
                self._sheet.write_number(self._next, place, value)
            elif value is not None:
                self._sheet.write_string(self._next, place, str(value))
        self._next += 1


@contextmanager
def _csv(path: Path) -> Iterator[Table]:
    # With a mark at the beginning, without which Excel reads Chinese as gibberish.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = _Csv(file)
        table.add(HEAD)
        yield table


@contextmanager
def _xlsx(path: Path) -> Iterator[Table]:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        yield _Xlsx(book)
