"""One plain spelling of what shoppers type, and the way back to their own text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.language.reading import Clause, Found
from bot.language.spelling import mended

LONGEST = 2_000
LONGEST_CLAUSE = 100
MASK = "#"

_MARKUP = re.compile(r"<[^<>]{0,200}>")
# Seven digits and more are an order number, a phone or a tracking code: never a price, a date or a count.
_CODE = re.compile(
    r"\d{7,}|\d{3,4}[- ]\d{3,4}[- ]?\d{4}|(?!rmb|cny)[a-z]+-?\d{2,}[a-z\d]*|\d+[a-z]{2,}\d+[a-z\d]*"
)
_MARKS = re.compile(r"(?:(?<!\d)[.,]|\.(?!\d)|,(?!\d{3}(?!\d))|[;!?~。…]|\s)+")
_SPELLINGS = str.maketrans("，〇兩個塊錢號週後買", ";零两个块钱号周后买")


@dataclass(frozen=True, slots=True)
class Line:
    """A shopper's text in plain spelling; `origin[i]` is where character i stood in the text."""

    text: str
    origin: tuple[int, ...]

    def placed(self, found: Found) -> Found:
        """The same fact with its place in the shopper's own text."""
        last = self.origin[max(found.start, found.end - 1)]
        return Found(found.key, found.value, self.origin[found.start], last + 1)


def plain(text: str) -> Line:
    """The first 2,000 characters in half width and lower case, without markup, control characters and codes."""
    cut = _MARKUP.sub(lambda match: " " * len(match.group()), text[:LONGEST])
    kept = list(_without_loose_spaces(_characters(cut)))
    letters = "".join(character for _, character in kept)
    masked = _CODE.sub(lambda match: MASK * len(match.group()), letters)
    return Line(mended(masked), tuple(place for place, _ in kept))


def clauses(line: Line) -> tuple[Clause, ...]:
    """The line cut at its marks; a space between two words counts as one, as shoppers leave commas out."""
    found: list[Clause] = []
    start = 0
    for mark in _MARKS.finditer(line.text):
        found.extend(_pieces(line.text[start : mark.start()], start, asks="?" in mark.group()))
        start = mark.end()
    found.extend(_pieces(line.text[start:], start))
    return tuple(found)


def _pieces(text: str, start: int, *, asks: bool = False) -> Iterable[Clause]:
    """A run-on text in pieces: phrases are looked for in pairs, which must not grow with the line."""
    for place in range(0, len(text), LONGEST_CLAUSE):
        yield Clause(text[place : place + LONGEST_CLAUSE], start + place, asks)


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


def _without_loose_spaces(characters: Iterable[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    """A space between a digit and a word only sets it off (`买了 3 天`); the others part two clauses."""
    kept = list(characters)
    for index, (place, character) in enumerate(kept):
        around = (kept[index - 1][1], kept[index + 1][1]) if 0 < index < len(kept) - 1 else ()
        if character == " " and sum(side.isdigit() for side in around) == 1:
            continue
        yield place, character
