"""What one text says that another does not: by clause and rule, and line by line."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.policy.engine.words import Clause, Rule, Source
from bot.policy.promises import Entry, entries

# What a person reads on a terminal; the whole text is in the store.
MOST_LINES = 400


@dataclass(frozen=True)
class Difference:
    """Ids that came, went or changed."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def record(self) -> dict[str, list[str]]:
        """As JSON."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": list(self.changed),
        }

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def of_rules(old: Source | None, new: Source) -> Difference:
    """Rules of a set against its former ones."""
    return _difference(_by_id(old.rules if old else ()), _by_id(new.rules))


def of_clauses(old: Source | None, new: Source) -> Difference:
    """Clauses of a set against its former ones."""
    return _difference(_by_id(old.clauses if old else ()), _by_id(new.clauses))


def of_promises(old: Source | None, new: Source) -> Difference:
    """Clocks, rungs, approvals, ways to people and departments against the former ones."""
    return _difference(_promised(old) if old else {}, _promised(new))


def of_lines(name: str, old: str | None, new: str) -> list[str]:
    """The lines that differ, as `diff -u` puts them."""
    before = (old or "").splitlines()
    lines = difflib.unified_diff(before, new.splitlines(), name, name, lineterm="")
    found = [line for _, line in zip(range(MOST_LINES + 1), lines, strict=False)]
    return [*found[:MOST_LINES], "…"] if len(found) > MOST_LINES else found


def _promised(source: Source) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries(source):
        found.setdefault(f"{entry.sort}:{entry.id}", []).append(entry)
    return found


def _by_id(items: Iterable[Clause | Rule]) -> dict[str, list[Clause | Rule]]:
    found: dict[str, list[Clause | Rule]] = {}
    for item in items:
        found.setdefault(item.id, []).append(item)
    return found


def _difference(
    old: Mapping[str, Sequence[object]], new: Mapping[str, Sequence[object]]
) -> Difference:
    return Difference(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key])),
    )
