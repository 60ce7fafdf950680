"""Tab-separated tables with a heading, read with a clear word about the first wrong line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadInput


class BadTable(BadInput):
    """A table that cannot be used; `line` (from 1) is in the details where one line is to blame."""

    code = "bad_table"
    message = "表格读不了。"


@dataclass(frozen=True)
class Row:
    """One line of a table by its columns' names; `line` is its number in the file."""

    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The cell, or "" for a column that the table leaves out."""
        return self.cells.get(column, "")

    def wrong(self, problem: str) -> BadTable:
        """The error that names this line."""
        return BadTable(f"第 {self.line} 行：{problem}", line=self.line)


def read(path: Path, required: Sequence[str]) -> list[Row]:
    """Every row of a UTF-8 table; cells left out at a line's end are empty, blank lines skipped.

    Raises BadTable.
    """
    lines = _lines(path)
    line, heading = next(lines, (1, ""))
    columns = heading.split("\t")
    missing = [name for name in required if name not in columns]
    if missing:
        raise BadTable(f"第 {line} 行：表头缺少 {'、'.join(missing)} 列。", line=line)
    rows = [_row(line, columns, text, required) for line, text in lines]
    if not rows:
        raise BadTable("表格里除了表头没有内容。")
    return rows


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadTable(f"打不开文件 {path}：{error.strerror}。") from error
    # Split by bytes: str.splitlines would also cut at separators that shoppers paste into a line.
    for line, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            text = raw.removesuffix(b"\r").decode()
        except UnicodeDecodeError as error:
            raise BadTable(f"第 {line} 行：不是 UTF-8 编码。", line=line) from error
        if text.strip():
            yield line, text


def _row(line: int, columns: Sequence[str], text: str, required: Sequence[str]) -> Row:
    cells = text.split("\t")
    row = Row(line, dict(zip(columns, (cell.strip() for cell in cells), strict=False)))
    if len(cells) > len(columns):
        raise row.wrong(f"有 {len(cells)} 列，表头只有 {len(columns)} 列。")
    empty = [name for name in required if not row.cell(name)]
    if empty:
        raise row.wrong(f"{'、'.join(empty)} 没有填。")
    return row
