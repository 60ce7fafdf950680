"""What a question is about by its words: a rule of the shop, or a matter within an intent."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from bot.language.rules import SHEETS


@dataclass(frozen=True, slots=True)
class _Row:
    topic: str
    phrases: re.Pattern[str]
    named: bool


def rule_of(text: str) -> str | None:
    """The topic of the shop's rules that a line names, or None."""
    return _first(_rows("rules"), text)


def names_a_rule(text: str) -> bool:
    """Whether a line names one of the rules that are asked for most, whatever it was taken for."""
    return _first(tuple(row for row in _rows("rules") if row.named), text) is not None


def matter_of(intent: str, text: str) -> str | None:
    """What a question of an intent is about more exactly, or None."""
    return _first(_rows(intent), text)


def matters() -> frozenset[str]:
    """Everything that `matter_of` can say."""
    return frozenset(row["about"] for rows in _sheet()["matters"].values() for row in rows)


def _first(rows: tuple[_Row, ...], text: str) -> str | None:
    return next((row.topic for row in rows if row.phrases.search(text)), None)


@cache
def _rows(part: str) -> tuple[_Row, ...]:
    sheet = _sheet()
    rows = sheet["rules"] if part == "rules" else sheet["matters"].get(part, ())
    return tuple(
        _Row(
            row.get("topic") or row["about"],
            re.compile("|".join(row["phrases"])),
            row.get("named", False),
        )
        for row in rows
    )


@cache
def _sheet() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SHEETS / "topics.yml").read_text("utf-8"))
    return found
