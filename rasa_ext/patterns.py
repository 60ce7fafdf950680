"""Writes `data/nlu/made/*.yml` from `data/nlu/generate`: python -m rasa_ext.patterns.

A pattern is a sentence with choices: `[a|b]` one of them, `x?` or `[a|b]?` mostly, `$goods` one
of the words defined by a line `= goods: a|b`; `@ intent` names the intent of the lines below it.
The same patterns always give the same lines.
"""

from __future__ import annotations

import math
import random
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[1] / "data" / "nlu"
PATTERNS, MADE = DATA / "generate", DATA / "made"
MOST = 14
"""Lines made of one pattern."""
LEAST = 4
"""Characters of a line whose pattern has parts that may be left out."""

_NAME = re.compile(r"[a-z]+")
_HEAD = "# Made by `python -m rasa_ext.patterns`; change data/nlu/generate instead.\n"


@dataclass(frozen=True)
class Word:
    """A reference to a defined word."""

    name: str


Part = Any  # str, Word or a Choice
Choice = list[list[Any]]
Words = Mapping[str, Choice]


@dataclass
class _Reader:
    """Reads one pattern from left to right."""

    text: str
    at: int = 0

    def choices(self, inside: bool) -> Choice:
        """The alternatives up to the closing bracket, or to the end."""
        found: Choice = [[]]
        while self.at < len(self.text) and self.text[self.at] != "]":
            if inside and self.text[self.at] == "|":
                self.at += 1
                found.append([])
            else:
                found[-1].append(self._part())
        return found

    def _part(self) -> Part:
        character = self.text[self.at]
        self.at += 1
        if character == "$":
            name = _NAME.match(self.text, self.at)
            if name is None:
                raise ValueError(f"a name is missing after $: {self.text}")
            self.at = name.end()
            return Word(name[0])
        if character == "[":
            part: Part = self.choices(inside=True)
            if self.at == len(self.text):
                raise ValueError(f"a bracket is not closed: {self.text}")
            self.at += 1
        else:
            part = character
        if self.text[self.at : self.at + 1] == "?":
            self.at += 1
            return [[part], [part], []]  # kept twice as often as left out
        return part


@dataclass
class Sheet:
    """One file of patterns."""

    words: dict[str, Choice]
    patterns: list[tuple[str, str]] = field(default_factory=list)


def read(path: Path, words: Words) -> Sheet:
    """The patterns of a file as (intent, pattern); its words are added to those given."""
    sheet, intent = Sheet(dict(words)), ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("= "):
            name, _, meant = line[2:].partition(":")
            sheet.words[name] = _Reader(meant.lstrip(" ")).choices(inside=True)
        elif line.startswith("@ "):
            intent = line[2:].strip()
        elif line.strip() and not line.startswith("#"):
            sheet.patterns.append((intent, line))
    return sheet


def lines_of(pattern: str, words: Words, most: int = MOST) -> list[str]:
    """Up to `most` different lines, drawn alike each time."""
    choice = _Reader(pattern).choices(inside=False)
    drawn = random.Random(zlib.crc32(pattern.encode()))  # noqa: S311 (nothing secret is drawn)
    wanted = min(most, _size(choice, words))
    found: dict[str, None] = {}
    for _ in range(wanted * 4):
        line = " ".join(_said(choice, words, drawn).split()).lstrip("，。 ")
        if line and len(found) < wanted:
            found[line] = None
    return list(found)


def _said(part: Part, words: Words, drawn: random.Random) -> str:
    if isinstance(part, str):
        return part
    choice = words[part.name] if isinstance(part, Word) else part
    return "".join(_said(one, words, drawn) for one in drawn.choice(choice))


def _size(part: Part, words: Words) -> int:
    if isinstance(part, str):
        return 1
    choice = words[part.name] if isinstance(part, Word) else part
    return sum(reduce(lambda n, one: n * _size(one, words), one, 1) for one in choice)


def made(most: int = MOST) -> dict[str, dict[str, list[str]]]:
    """{file: {intent: lines}} of all patterns; a line said before, or written by hand, is left."""
    files: dict[str, dict[str, list[str]]] = {}
    for new in _new_lines(PATTERNS, by_hand(), lambda size: most):
        files.setdefault(new.file, {}).setdefault(new.intent, []).append(new.line)
    return files


def drawn(
    folder: Path, known: Iterable[str], each: float, most: int
) -> Iterator[tuple[str, str, str]]:
    """(line, intent, pattern) of all patterns of a folder, without the lines that are known.

    `each` lines for every time that the number of lines a pattern can make doubles, up to `most`:
    more of a pattern that says much than of one that says little.
    """

    def wanted(size: int) -> int:
        return min(most, round(each * math.log2(2 + size)))

    for new in _new_lines(folder, known, wanted):
        yield new.line, new.intent, new.pattern


@dataclass(frozen=True)
class NewLine:
    """A line that no pattern before it has made."""

    file: str
    intent: str
    pattern: str
    line: str


def _new_lines(
    folder: Path, known: Iterable[str], wanted: Callable[[int], int]
) -> Iterator[NewLine]:
    """Each line once; `wanted` of the number of lines that a pattern can make."""
    taken = {_bare(line) for line in known}
    words = read(folder / "words.txt", {}).words
    for path in sorted(folder.glob("*.txt")):
        sheet = read(path, words)
        for intent, pattern in sheet.patterns:
            size = _size(_Reader(pattern).choices(inside=False), sheet.words)
            for line in lines_of(pattern, sheet.words, wanted(size)):
                if _bare(line) not in taken and not _says_too_little(line, pattern):
                    taken.add(_bare(line))
                    yield NewLine(path.stem, intent, pattern, line)


def _says_too_little(line: str, pattern: str) -> bool:
    """What is left when all that may be left out is, such as 去不 or 在没."""
    return "?" in pattern and len(_bare(line)) < LEAST


def by_hand() -> Iterator[str]:
    """Every example that was not made."""
    for path in sorted(DATA.glob("*.yml")):
        for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            yield from (line.removeprefix("- ") for line in entry["examples"].splitlines())


def _bare(line: str) -> str:
    return re.sub(r"\s+", "", line)


def as_yaml(intents: Mapping[str, list[str]]) -> str:
    """Rasa's file of the examples."""
    entries = (
        f"  - intent: {intent}\n    examples: |\n" + "".join(f"      - {line}\n" for line in lines)
        for intent, lines in intents.items()
    )
    return f'{_HEAD}version: "3.1"\n\nnlu:\n' + "\n".join(entries)


def main() -> None:
    """Write the files anew."""
    MADE.mkdir(exist_ok=True)
    for name, intents in made().items():
        (MADE / f"{name}.yml").write_text(as_yaml(intents), "utf-8")


if __name__ == "__main__":
    main()
