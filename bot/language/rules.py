"""Sheets of phrases (`phrases/*.yml`): each row says which fact its phrases state."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.language.reading import Clause, Found

SHEETS = Path(__file__).parent / "phrases"
NAME = re.compile(r"<([A-Z_]+)>")


@dataclass(frozen=True, slots=True)
class Row:
    """Phrases that state `fact` = `value`; `also_supposed` rows hold inside suppositions too."""

    fact: str
    value: str
    phrases: re.Pattern[str]
    also_supposed: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file, and the named parts they are made of."""

    rows: tuple[Row, ...]
    names: dict[str, str]


@cache
def sheet(name: str) -> Sheet:
    """The compiled sheet `phrases/<name>.yml`; read once, at the first use."""
    said = yaml.safe_load((SHEETS / f"{name}.yml").read_text(encoding="utf-8"))
    names = dict(sheet(said["names_of"]).names) if "names_of" in said else {}
    for key, phrase in said.get("names", {}).items():
        names[key] = _filled(phrase, names)
    return Sheet(tuple(each for row in said["rows"] for each in _rows(row, names)), names)


def _rows(row: dict[str, object], names: dict[str, str]) -> Iterator[Row]:
    """One row for each of the facts that share its phrases."""
    phrases = row["phrases"]
    assert isinstance(phrases, list)
    pattern = re.compile("|".join(_filled(phrase, names) for phrase in phrases))
    for fact in str(row["fact"]).split():
        yield Row(fact, str(row["value"]), pattern, bool(row.get("also_supposed")))


def _filled(phrase: str, names: dict[str, str]) -> str:
    return NAME.sub(lambda match: names[match[1]], phrase)


def stated(name: str, clause: Clause) -> Iterator[Found]:
    """Facts a sheet finds in one clause, without what is only asked, denied or supposed."""
    for row in sheet(name).rows:
        for match in row.phrases.finditer(clause.text):
            if row.also_supposed or not _only_supposed(clause.text, match):
                yield clause.found(row.fact, row.value, match.start(), match.end())


def _only_supposed(text: str, match: re.Match[str]) -> bool:
    ahead = text[max(0, match.start() - 9) : match.start()]
    asked_both_ways = ahead.endswith("有") and match.group().startswith(("没", "无"))
    return (
        asked_both_ways
        or _supposed().search(ahead) is not None
        or _left_open().match(text[match.end() : match.end() + 4]) is not None
    )


@cache
def _supposed() -> re.Pattern[str]:
    return re.compile(
        # 如果没穿过, 是不是坏了: said, but not stated.
        r"(?:如果|要是|万一|假如|假设|是不是|会不会|是否|怕|担心|以免|防止|避免|要不要|需不需要"
        r"|可能|也许|说不定|希望|但愿|保证|尽量)[^,]{0,6}$"
        # 不|开线, 没|弄脏: the phrase itself is denied.
        r"|(?:没|没有|没什么|没有什么|没啥|不算|不属于|不|未|不会|不能|不是|容易|(?<!就|才)会|(?<!特)别|不要|需要|必须|必须要|再)$"
    )


@cache
def _left_open() -> re.Pattern[str]:
    return re.compile(
        r"(?:了|过|着|呢|的)?(?:吗|么|嘛|没有?$|不$|与否)|的(?:还|也)?(?:能|可以|可不可以|给)|的话|才能|才可以"
    )
