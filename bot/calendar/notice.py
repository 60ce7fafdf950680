"""Reads the official notice of a year's holidays as somebody typed it up.

As YAML, each holiday a day, a list of days, or a range with both ends included:

    year: 2027
    notice: where it was announced
    holidays:
      元旦: 2027-01-01..2027-01-03
      国庆节: [2027-10-01, 2027-10-02]
    workdays: [2027-02-14]

As CSV with the columns `day,kind,name`: kind is `holiday` or `workday`, all days of one year.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from bot.errors import DeskError

MAX_BYTES = 64 * 1024
MAX_NAME = 64
# Days off by law in every year (Holidays Ordinance, art. 2): a notice without them is not whole.
ALWAYS = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))


class BadNotice(DeskError):
    """A notice that cannot be used; `line` counts from 1. The known calendar stays as it is."""

    code = "bad_notice"
    status = 422
    permanent = True

    def __init__(self, file: Path, line: int, problem: str, remedy: str) -> None:
        super().__init__(
            f"{file.name} 第 {line} 行：{problem}{remedy}", file=str(file), line=line, remedy=remedy
        )


@dataclass(frozen=True)
class Notice:
    """A year: the days off and the days worked instead, each with its name."""

    year: int
    title: str
    holidays: dict[date, str]
    workdays: dict[date, str]


@dataclass(frozen=True)
class _Entry:
    line: int
    worked: bool
    name: str
    text: str


def read(file: Path) -> Notice:
    """The notice in a file. Raises BadNotice."""
    if not file.is_file():
        raise BadNotice(file, 1, "没有这个文件。", "请检查文件名。")
    if file.stat().st_size > MAX_BYTES:
        raise BadNotice(file, 1, "文件太大，不像一年的放假安排。", "请只留一年的日期。")
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadNotice(file, 1, "文件不是 UTF-8 编码。", "请另存为 UTF-8。") from error
    if file.suffix.lower() == ".csv":
        return _notice(file, None, file.stem, list(_csv_entries(file, text)))
    year, title, entries = _yaml(file, text)
    return _notice(file, year, title, entries)


def _csv_entries(file: Path, text: str) -> Iterator[_Entry]:
    rows = csv.DictReader(text.splitlines())
    if not {"day", "kind"} <= set(rows.fieldnames or ()):
        raise BadNotice(file, 1, "第一行要有 day、kind、name。", "请补上表头。")
    for row in rows:
        kind = (row["kind"] or "").strip()
        if kind not in ("holiday", "workday"):
            raise BadNotice(
                file, rows.line_num, f"不认识“{kind}”。", "kind 写 holiday 或 workday。"
            )
        yield _Entry(rows.line_num, kind == "workday", row.get("name") or "", row["day"] or "")


def _yaml(file: Path, text: str) -> tuple[int, str, list[_Entry]]:
    try:
        top = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise BadNotice(file, line, "格式读不懂。", "请检查缩进和冒号。") from error
    parts = dict(_pairs(file, top))
    for key in parts:
        if key not in ("year", "notice", "holidays", "workdays"):
            line = parts[key].start_mark.line + 1
            raise BadNotice(
                file, line, f"不认识“{key}”。", "可用 year、notice、holidays、workdays。"
            )
    year = str(getattr(parts.get("year"), "value", ""))
    if not year.isdecimal() or not 2000 <= int(year) <= 2200:
        raise BadNotice(file, 1, "没有写是哪一年。", "请写 year: 2027 这样。")
    entries = [
        _Entry(item.start_mark.line + 1, False, name, str(item.value))
        for name, node in _pairs(file, parts.get("holidays"))
        for item in _items(file, node)
    ]
    entries += [
        _Entry(item.start_mark.line + 1, True, "调休上班", str(item.value))
        for item in _items(file, parts.get("workdays"))
    ]
    return int(year), str(getattr(parts.get("notice"), "value", "")), entries


def _pairs(file: Path, node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        raise BadNotice(file, line, "要写成“名称: 日期”。", "请按“元旦: 2027-01-01”写。")
    for key, value in node.value:
        yield str(key.value), value


def _items(file: Path, node: yaml.Node | None) -> list[yaml.ScalarNode]:
    if node is None:
        return []
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    for item in items:
        if not isinstance(item, yaml.ScalarNode):
            raise BadNotice(file, item.start_mark.line + 1, "这里要写日期。", "请改过来。")
    return list(items)


def _notice(file: Path, year: int | None, title: str, entries: list[_Entry]) -> Notice:
    days: dict[date, _Entry] = {}
    for entry in entries:
        for day in _days(file, entry):
            year = year or day.year
            if day.year != year:
                raise BadNotice(file, entry.line, f"{day} 不在 {year} 年。", "一个文件只写一年。")
            if days.get(day, entry).worked != entry.worked:
                raise BadNotice(file, entry.line, f"{day} 又放假又上班。", "请去掉一个。")
            days[day] = entry
    if year is None:
        raise BadNotice(file, 1, "一个日期也没有。", "请写上放假和调休的日期。")
    _check(file, year, days)
    return Notice(
        year,
        title,
        {day: entry.name[:MAX_NAME] for day, entry in sorted(days.items()) if not entry.worked},
        {day: entry.name[:MAX_NAME] for day, entry in sorted(days.items()) if entry.worked},
    )


def _check(file: Path, year: int, days: dict[date, _Entry]) -> None:
    for day, entry in days.items():
        if entry.worked and day.weekday() < 5:
            raise BadNotice(
                file, entry.line, f"{day} 本来就是工作日。", "调休上班只会在周六、周日。"
            )
    for month, number, name in ALWAYS:
        day = date(year, month, number)
        if day not in days or days[day].worked:
            raise BadNotice(file, 1, f"缺少{name}({day})。", "请把全年的放假安排写全。")


def _days(file: Path, entry: _Entry) -> list[date]:
    first, _, last = entry.text.partition("..")
    try:
        start, end = (date.fromisoformat(each.strip()) for each in (first, last or first))
    except ValueError as error:
        said = entry.text[:40]
        raise BadNotice(
            file, entry.line, f"“{said}”不是日期。", "请写 2027-01-01 这样。"
        ) from error
    if not start <= end <= start + timedelta(days=31):
        raise BadNotice(file, entry.line, f"“{entry.text[:40]}”前后颠倒或太长。", "请检查起止。")
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
