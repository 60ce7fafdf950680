"""What a line is told apart by: runs of its characters, and where its fragments begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
_BETWEEN = re.compile(r"[\s,。.!?;:、~…]+")
WHOLE = 6
"""Characters of the longest fragment that counts as one thing, such as 好的 or 转人工."""


def grams(line: str, longest: int) -> Iterator[str]:
    """Each run of up to `longest` characters, spaces left out.

    Which number it is tells nothing about the intent, that it is long or short may: a size, a
    price and an order number become one, two and three zeros.
    """
    return _runs(_as_lengths(_SPACES.sub("", line)), longest)


def fragments(line: str) -> list[str]:
    """What stands between spaces and punctuation."""
    return [part for part in _BETWEEN.split(line) if part]


def marks(line: str) -> Iterator[str]:
    """How each fragment begins and ends, and the runs of the first and of the last one.

    Shoppers glue fragments with spaces; a polite one at either end must weigh less than the same
    words would inside the question.
    """
    parts = fragments(_as_lengths(line))
    for fragment in parts:
        yield from (
            f"^{fragment[:1]}",
            f"^{fragment[:2]}",
            f"{fragment[-1:]}$",
            f"{fragment[-2:]}$",
        )
        if len(fragment) <= WHOLE:
            yield f"^{fragment}$"
    for sign, ends in (("<", parts[:1]), (">", parts[-1:])):
        yield from (f"{sign}{run}" for fragment in ends for run in _runs(fragment, 2))


def _runs(written: str, longest: int) -> Iterator[str]:
    for length in range(1, longest + 1):
        for start in range(len(written) - length + 1):
            yield written[start : start + length]


def _as_lengths(line: str) -> str:
    return _NUMBER.sub(_as_length, line)


def _as_length(number: re.Match[str]) -> str:
    digits = len(number[0])
    return "0" if digits < 3 else "00" if digits < 7 else "000"
