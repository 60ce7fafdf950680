"""One plain spelling of what shoppers type, and the way back to their own text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.language.codes import Code, codes
from bot.language.reading import Clause, Found
from bot.language.spelling import mended, written_out
from bot.language.traditional import SIMPLIFIED

LONGEST = 2_000
LONGEST_CLAUSE = 100
# A text longer than this without a mark was spoken rather than typed.
LONGEST_BREATH = 20
MASK = "#"

_MARKUP = re.compile(r"<[^<>]{0,200}>")
# Seven digits and more are an order number, a phone or a tracking code: never a price, a date or a count.
_CODE = re.compile(
    r"\d{7,}|\d{3,4}[- ]\d{3,4}[- ]?\d{4}|(?!rmb|cny)[a-z]+-?\d{2,}[a-z\d]*|\d+[a-z]{2,}\d+[a-z\d]*"
)
_MARKS = re.compile(r"(?:(?<!\d)[.,]|\.(?!\d)|,(?!\d{3}(?!\d))|[;!?~。…]|\s)+")
# What the last piece is about stands whole on either side of these.
_TURNS = re.compile(
    r"(?<!^)(?:然后|结果(?!出)|但是|不过(?!期|敏|是|了|去)|可是|而且|所以|后来|(?<=[的了着呢啊呀])就是说?(?=[我它那这他想])|反正)"
)
# 没穿 4天前 are two clauses, 买了 3 天 is one; 399 没穿 are two, 399 块 is one.
_LOOSE = re.compile(
    r"(?<=[换了过花付是买价约概多差要卖到才只共第近足整满降收就有等修月年天已经都快成写刷打前号:¥]) (?=\d)"
    r"(?!.\d{1,4}个?(?:天|周|星期|礼拜|月|年)(?:之|以)?前)"
    r"|(?<=现在) (?=\d)|(?<=\d) (?=天|周|号|日|月|年|元|块|个|件|条|双|只|点|%|折|岁|次|回|码|多|来个|几|买|的|千|百|半|小时|星期|礼拜|工作|分钟|rmb)"
)
_SPELLINGS = SIMPLIFIED | str.maketrans("，〇", ";零")


@dataclass(frozen=True, slots=True)
class Line:
    """A shopper's text in plain spelling, its codes masked; `origin[i]` is where character i stood in the text."""

    text: str
    origin: tuple[int, ...]
    codes: tuple[Code, ...] = ()

    def placed(self, found: Found) -> Found:
        """The same fact with its place in the shopper's own text."""
        last = self.origin[max(found.start, found.end - 1)]
        return Found(found.key, found.value, self.origin[found.start], last + 1)


def plain(text: str) -> Line:
    """The first 2,000 characters in half width and lower case, without markup, control characters and codes."""
    cut = _MARKUP.sub(lambda match: " " * len(match.group()), text[:LONGEST])
    kept = _without_loose_spaces(written_out(list(_characters(cut))))
    letters = "".join(character for _, character in kept)
    told = codes(letters)
    masked = _CODE.sub(lambda match: MASK * len(match.group()), _masked(letters, told))
    return Line(mended(masked), tuple(place for place, _ in kept), tuple(told))


def _masked(letters: str, told: Iterable[Code]) -> str:
    for code in told:
        letters = letters[: code.start] + MASK * (code.end - code.start) + letters[code.end :]
    return letters


def clauses(line: Line) -> tuple[Clause, ...]:
    """The line cut at its marks, a space between two words among them, and where speech turns (然后, 结果)."""
    found: list[Clause] = []
    start = 0
    for mark in _MARKS.finditer(line.text):
        found.extend(_pieces(line.text[start : mark.start()], start, asks="?" in mark.group()))
        start = mark.end()
    found.extend(_pieces(line.text[start:], start))
    return tuple(found)


def _pieces(text: str, start: int, *, asks: bool = False) -> Iterable[Clause]:
    """A run-on text in pieces: phrases are looked for in pairs, which must not grow with the line."""
    turns = [turn.start() for turn in _TURNS.finditer(text)] if len(text) > LONGEST_BREATH else []
    for place, end in pairwise([0, *turns, len(text)]):
        for first in range(place, end, LONGEST_CLAUSE):
            last = min(first + LONGEST_CLAUSE, end)
            yield Clause(text[first:last], start + first, asks and last == len(text))


def _characters(text: str) -> Iterable[tuple[int, str]]:
    for place, character in enumerate(text):
        spelled = _spelled(character)
        category = unicodedata.category(character)
        if character.isspace():
            yield place, "\n" if character in "\r\n" else " "
        elif category[0] == "C" or category == "Mn":
            continue
        elif category == "So":
            yield place, ";"
        else:
            yield place, spelled if len(spelled) == 1 else character


def _spelled(character: str) -> str:
    if character.isdecimal():
        return str(int(character))
    return unicodedata.normalize("NFKC", character.translate(_SPELLINGS)).lower()


def _without_loose_spaces(characters: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A space beside a digit only sets it off (`买了 3 天`) where the word takes a number; others part clauses."""
    loose = {
        space.start()
        for space in _LOOSE.finditer("".join(character for _, character in characters))
    }
    return [pair for index, pair in enumerate(characters) if index not in loose]
