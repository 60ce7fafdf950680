"""Reads the clauses of a policy file and refuses versions that are in force at the same time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.policy.engine.words import Clause, Rule
from bot.policy.reading import Block

SOURCES = ("document", "law", "choice")
CLAUSE = (
    "id", "title", "text", "source", "version", "effective_from", "effective_to", "open", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InForce:
    """From one day to another, both included; None is without end."""

    start: date | None
    end: date | None


def read_in_force(block: Block, default: date | None = None) -> InForce:
    """The days of a clause or rule; what names no day takes the file's."""
    start = read_day(block, "effective_from") or default
    end = read_day(block, "effective_to")
    if start and end and end < start:
        raise block.wrong("effective_to", "bad_dates", "结束早于开始。", "请对调两个日期。")
    return InForce(start, end)


def read_day(block: Block, key: str) -> date | None:
    """A day written YYYY-MM-DD."""
    if block.get(key) is None:
        return None
    try:
        return date.fromisoformat(block.text(key))
    except ValueError as error:
        said = block.text(key)
        raise block.wrong(
            key, "bad_date", f"“{said}”不是日期。", "请写成 2020-01-31 这样。"
        ) from error


def read_clause(block: Block, start: date) -> Clause:
    """One clause; without its own days it is in force from the file's first day."""
    block.only(*CLAUSE)
    days = read_in_force(block, start)
    source = block.text("source")
    if source not in SOURCES:
        allowed = "、".join(SOURCES)
        raise block.wrong("source", "unknown_source", f"来源“{source}”不对。", f"可用：{allowed}。")
    return Clause(
        id=block.text("id"),
        title=block.text("title"),
        text=block.text("text"),
        source=source,
        version=block.whole("version") if "version" in block else 1,
        effective_from=days.start or start,
        effective_to=days.end,
        open=block.flag("open"),
        note=block.text("note", ""),
    )


def refuse_overlaps(pairs: Iterable[tuple[Block, Clause | Rule]]) -> None:
    """Two versions of one id never hold on the same day."""
    seen: dict[str, list[Clause | Rule]] = {}
    for block, item in pairs:
        for other in seen.setdefault(item.id, []):
            if _overlap(item, other):
                raise block.wrong(
                    "id",
                    "overlap",
                    f"“{item.id}”有两个版本在同一天生效。",
                    "请给前一版写 effective_to。",
                )
        seen[item.id].append(item)


def _overlap(one: Clause | Rule, other: Clause | Rule) -> bool:
    latest = max(one.effective_from or date.min, other.effective_from or date.min)
    earliest = min(one.effective_to or date.max, other.effective_to or date.max)
    return latest <= earliest
