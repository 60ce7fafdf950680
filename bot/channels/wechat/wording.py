"""How lines read on a phone: split below WeChat's limit, choices as numbers, numbers as choices."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TypedDict

from bot.messages import Button

LIMIT = 1950  # bytes of one text; WeChat refuses 2,048, and older clients cut at 2,000
LEAST = 200  # a text this short that WeChat still finds too long is a fault of another kind
MOST_CHOICES = 99

_ENDS = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.)(?=\s)")
_PAUSES = re.compile(r"(?<=[，,、：: ])")
_CHOICE = re.compile(r"(?:回复|选|选择|第)?\s*(\d{1,2})\s*(?:号|个|项)?[.。、!！]?")
_BLANK = re.compile(r"[\t\v\f\r\u2028\u2029]")
_JOINERS = {"\u200d", "\ufe0f", "\ufe0e"}


class Choice(TypedDict):
    """A button as a phone shows it; `id` names it in a menu message for good."""

    title: str
    payload: str
    id: str


def clean(text: str) -> str:
    """A shopper's words in composed form without control characters; empty if nothing is left."""
    spaced = _BLANK.sub(" ", text.replace("\r\n", "\n"))
    kept = "".join(c for c in spaced if c == "\n" or c in _JOINERS or _printable(c))
    return unicodedata.normalize("NFC", kept).strip()


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs", "Cf")


def choices(buttons: Sequence[Button], seq: int) -> list[Choice]:
    """The buttons of line `seq`, each with an id from which the line and its place are found."""
    return [
        Choice(title=button["title"], payload=button["payload"], id=f"{seq}{place:02d}")
        for place, button in enumerate(buttons[:MOST_CHOICES], 1)
    ]


def place_of(menu_id: str) -> tuple[int, int] | None:
    """The line number and the place (from 1) that an id of `choices` stands for."""
    if not (menu_id.isascii() and menu_id.isdigit() and 3 <= len(menu_id) <= 12):
        return None
    return int(menu_id[:-2]), int(menu_id[-2:])


def numbered(text: str, offered: Sequence[Choice]) -> str:
    """A text with its choices below it, to be answered by number."""
    lines = [f"回复 {place} {choice['title']}" for place, choice in enumerate(offered, 1)]
    return "\n".join([text, *lines])


def chosen(text: str, offered: Sequence[Choice]) -> Choice | None:
    """The choice that a bare number, or the very words of a choice, stands for."""
    said = unicodedata.normalize("NFKC", text).strip()
    number = _CHOICE.fullmatch(said)
    if number and 1 <= int(number[1]) <= len(offered):
        return offered[int(number[1]) - 1]
    return next((each for each in offered if each["title"] == text.strip()), None)


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Parts of at most `limit` bytes, broken at the ends of sentences where there are any.

    Nothing but white space around the breaks is lost.
    """
    parts = [""]
    for piece in _pieces(text, limit):
        if _size(parts[-1] + piece) <= limit:
            parts[-1] += piece
        else:
            parts.append(piece)
    return [part.strip() for part in parts if part.strip()]


def _pieces(text: str, limit: int) -> list[str]:
    """Sentences; those too long in clauses; those too long cut where it must be."""
    return [
        small
        for sentence in _ENDS.split(text)
        for clause in ([sentence] if _size(sentence) <= limit else _PAUSES.split(sentence))
        for small in ([clause] if _size(clause) <= limit else _cut(clause, limit))
    ]


def _cut(text: str, limit: int) -> list[str]:
    pieces = [""]
    size = 0
    for character in text:
        width = _size(character)
        if size + width > limit:
            pieces.append("")
            size = 0
        pieces[-1] += character
        size += width
    return pieces


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
