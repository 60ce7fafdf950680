"""Refuses training examples that contradict each other or the domain: python -m rasa_ext.checks.

Rasa itself only warns of them, and without saying where they are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.exceptions import RasaException

from rasa_ext.normalise import plain

_INTENT = re.compile(r"\s*- intent:\s*[\"']?([^\s\"'#]+)")
_EXAMPLE = re.compile(r"\s+- (.+)")
_OTHER = re.compile(r"\s*- (?:synonym|lookup|regex):")
_PATTERN_INTENT = re.compile(r"@\s*(\S+)")
_ENTITY = re.compile(r"\[[^\[\]]+\](?:\(([^)]*)\)|\{([^}]*)\})")
_NAMED = re.compile(r"[\"']?entity[\"']?\s*:\s*[\"']?(\w+)")


class BadExamples(RasaException):
    """Examples that cannot be trained on; the text has one `file:line: what is wrong` a line."""


@dataclass(frozen=True)
class Example:
    """One example and where it is written; `text` is None for the head of an intent."""

    place: str
    intent: str
    text: str | None = None


def check(folder: Path, domain: Path) -> None:
    """Raises BadExamples for what is wrong in `folder`, its patterns included."""
    told: dict[str, Any] = yaml.safe_load(domain.read_text("utf-8")) or {}
    wrong = [*_unknown(folder, told), *_contradictions(folder)]
    if wrong:
        raise BadExamples("\n".join(wrong))


def _unknown(folder: Path, domain: dict[str, Any]) -> Iterator[str]:
    """Intents and entities that the domain does not name."""
    intents, entities = _names(domain.get("intents")), _names(domain.get("entities"))
    for one in (*_examples(folder), *_patterns(folder)):
        if one.text is None and one.intent not in intents:
            yield f"{one.place}: intent {one.intent} is not in the domain"
        for name in _entities(one.text or ""):
            if name not in entities:
                yield f"{one.place}: entity {name or '?'} is not in the domain"


def _contradictions(folder: Path) -> Iterator[str]:
    """The same line under two intents."""
    first: dict[str, Example] = {}
    for one in _examples(folder):
        if one.text is None:
            continue
        same = first.setdefault("".join(plain(one.text).split()), one)
        if same.intent != one.intent:
            here = f"{one.place}: “{one.text}” is {one.intent} here"
            yield f"{here}, but {same.intent} in {same.place}"


def _examples(folder: Path) -> Iterator[Example]:
    for path in sorted(folder.rglob("*.yml")):
        intent = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            place = f"{path}:{number}"
            if head := _INTENT.match(line):
                intent = head[1]
                yield Example(place, intent)
            elif _OTHER.match(line):
                intent = ""
            elif intent and (example := _EXAMPLE.match(line)):
                yield Example(place, intent, example[1].strip())


def _patterns(folder: Path) -> Iterator[Example]:
    """The heads of intents in files of patterns."""
    for path in sorted(folder.rglob("*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if head := _PATTERN_INTENT.match(line):
                yield Example(f"{path}:{number}", head[1])


def _entities(text: str) -> Iterator[str]:
    for marked in _ENTITY.finditer(text):
        named = _NAMED.search(marked[2] or "")
        yield marked[1].partition(":")[0] if marked[1] is not None else named[1] if named else ""


def _names(listed: list[Any] | None) -> frozenset[str]:
    """Names in a domain are strings, or mappings with one key."""
    return frozenset(next(iter(one)) if isinstance(one, dict) else one for one in listed or [])


def main() -> int:
    """Check the examples of the folder one stands in."""
    try:
        check(Path("data/nlu"), Path("domain.yml"))
    except BadExamples as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
