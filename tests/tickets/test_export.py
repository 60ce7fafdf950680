"""Cases as a table: complete, harmless, masked, and in memory that does not grow."""

import csv
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from bot import cli
from bot.tickets import export
from bot.tickets import repository_listing as listing
from bot.tickets.models import Ticket
from tests.fixtures.cases import Cases
from tests.fixtures.desk import MONDAY, ZONE


def read(path: Path) -> list[list[Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [list(row) for row in csv.reader(file)]
    sheet = load_workbook(path, read_only=True).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.values]


def exported(cases: Cases, path: Path) -> list[list[Any]]:
    with cases.db.read() as session:
        export.write(path, path.suffix[1:], listing.rows(session, None), ZONE)
    return read(path)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_case_is_there_once_with_its_phone_masked(
    cases: Cases, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "AT_ONCE", 2)
    made = [cases.now(cases.open_for()).no for _ in range(5)]
    head, *rows = exported(cases, tmp_path / f"t.{kind}")

    assert head == list(export.HEAD)
    assert [row[0] for row in rows] == sorted(made)
    assert {row[export.PHONE] for row in rows} == {"138****1111"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r", " ="])
def test_no_cell_is_a_formula(small_cases: Cases, tmp_path: Path, kind: str, sign: str) -> None:
    ticket = small_cases.open_for()
    with small_cases.db.write() as session:
        small_cases.get(session, ticket).responsible = f"{sign}cmd|x"
    path = tmp_path / f"t.{kind}"
    (_, row) = exported(small_cases, path)

    assert row[export.HEAD.index("负责人")].startswith("'")
    if kind == "xlsx":
        assert b"<f>" not in ZipFile(path).read("xl/worksheets/sheet1.xml")


def test_what_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("old")

    def rows() -> Iterator[tuple[Any, ...]]:
        yield (None,) * len(export.HEAD)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        export.write(path, "csv", rows(), ZONE)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_number_of_cases(tmp_path: Path, kind: str) -> None:
    def rows(count: int) -> Iterator[tuple[Any, ...]]:
        for n in range(count):
            text = ["return", None, "done", "kids", "web", f"部门{n}", f"人{n}", 5, "13800001111"]
            yield (f"2611{n:07}", *text, 0, None, MONDAY, None, None)

    def peak(count: int) -> int:
        tracemalloc.start()
        export.write(tmp_path / f"{count}.{kind}", kind, rows(count), ZONE)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(1500) < peak(400) + 100_000


def test_the_command_tells_how_many_and_refuses_what_there_is_not(
    small_cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    small_cases.open_for()
    monkeypatch.setenv("DATABASE_URL", str(small_cases.db.engine.url))
    out = tmp_path / "all.xlsx"

    assert cli.main(["tickets", "export", "--json", "--out", str(out)]) == 0
    assert '"rows": 1' in capsys.readouterr().out
    assert cli.main(["tickets", "export", "--out", str(tmp_path / "no" / "x.xlsx")]) == 1
    assert cli.main(["tickets", "export", "--shop", "nowhere", "--out", str(out)]) == 1


def test_the_columns_match_their_heads() -> None:
    assert len(listing.COLUMNS) == len(export.HEAD)
    assert listing.COLUMNS[export.PHONE] is Ticket.phone
