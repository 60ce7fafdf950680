"""Puts a decision record into Chinese text for a shopper or a terminal."""

from collections.abc import Mapping
from typing import Any


def presumed_line(record: Mapping[str, Any], phrases: Mapping[str, str]) -> str | None:
    """Half a sentence that says what was presumed; None when nothing worth saying was."""
    said = [phrases.get(f"presumed.{each['fact']}.{each['value']}") for each in record["presumed"]]
    known = [text for text in said if text]
    return phrases["presumed"].format(facts="、".join(known)) if known else None


def as_lines(record: Mapping[str, Any], phrases: Mapping[str, str]) -> list[str]:
    """The record as the sentences a shopper reads, one per line."""
    lines = [record["reason"], presumed_line(record, phrases), *record["next_steps"]]
    return [line for line in lines if line]


def as_text(record: Mapping[str, Any], phrases: Mapping[str, str]) -> str:
    """The record for a terminal: the sentences, then the clauses behind them."""
    lines = as_lines(record, phrases)
    lines += [f"依据 {clause['id']} {clause['title']}" for clause in record["clauses"]]
    return "\n".join(lines)
