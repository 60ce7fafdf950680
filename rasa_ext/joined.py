"""Lines of two or three fragments made of the examples, as shoppers glue them.

Which fragment gives its intent to the line is the boundary rule of `docs/nlu.md`: a greeting, an
answer or a number before a question is the question; thanks after one change nothing; thanks and
a goodbye are the goodbye; a person asked for is a person asked for, whatever else is said.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

LONGEST = 24
"""Characters of an example that may be put beside another."""

_SEPARATORS = (" ", " ", " ", ",", "。")
_TALK = frozenset(
    "greet affirm thanks goodbye deny inform praise abuse bot_challenge out_of_scope urge".split()
)
_WISHES = frozenset("return_request exchange_request repair_request service_request".split())
_REASONS = ("report_defect", "report_defect", "wrong_item")

# What may stand before and after an example of the intent; the empty one is nothing.
_BEFORE = {
    "greet": ("", "greet"),
    "goodbye": ("", "affirm", "affirm", "thanks"),
    "thanks": ("", "affirm", "affirm", "affirm", "inform", "deny"),
    "affirm": ("", "", "greet", "affirm"),
    "deny": ("", "", "affirm"),
    "inform": ("", "", "affirm", "greet", "thanks"),
    "urge": ("", "", "affirm", "greet", "deny"),
}
_AFTER = {
    "goodbye": ("", "", "thanks"),
    "thanks": ("", "", "", "thanks", "affirm"),
    "affirm": ("", "affirm"),
    "deny": ("", "deny"),
    "inform": ("", "", "inform", "thanks"),
    "urge": ("", "", "urge", "thanks"),
}
_BEFORE_TALK = ("", "affirm", "greet")
_BEFORE_MATTER = (
    *("",) * 4,
    *("affirm", "greet") * 2,
    *("inform",) * 3,
    *("deny", "thanks"),
)
_AFTER_MATTER = (
    *("",) * 7,
    *("thanks", "thanks", "affirm", "greet", "urge"),
    *("inform",) * 2,
    *("=",) * 3,  # the same matter once more
)


def joined(
    lines: Sequence[str], intents: Sequence[str], times: int, seed: int = 1
) -> list[tuple[str, str]]:
    """`times` longer lines of each example, with its intent; the same ones in each training."""
    return _Joiner(lines, intents, seed).all(times)


class _Joiner:
    def __init__(self, lines: Sequence[str], intents: Sequence[str], seed: int) -> None:
        self._examples = list(zip(lines, intents, strict=True))
        self._random = random.Random(seed)  # noqa: S311 (nothing secret is drawn)
        self._short: dict[str, list[str]] = {}
        for line, intent in self._examples:
            if len(line) <= LONGEST:
                self._short.setdefault(intent, []).append(line)

    def all(self, times: int) -> list[tuple[str, str]]:
        return [(self._join(*one), one[1]) for one in self._examples for _ in range(times)]

    def _join(self, line: str, intent: str) -> str:
        parts = (self._some(self._before(intent)), line, self._some(self._after(intent)))
        text = ""
        for part in filter(None, parts):
            text += (self._random.choice(_SEPARATORS) if text else "") + part
        return text

    def _before(self, intent: str) -> str:
        if intent == "request_human" and self._random.random() < 0.5:
            return self._any()
        if intent in _WISHES and self._random.random() < 0.25:
            return self._random.choice(_REASONS)
        fallback = _BEFORE_TALK if intent in _TALK else _BEFORE_MATTER
        return self._random.choice(_BEFORE.get(intent, fallback))

    def _after(self, intent: str) -> str:
        if intent == "request_human" and self._random.random() < 0.5:
            return self._any()
        fallback = ("",) if intent in _TALK else _AFTER_MATTER
        chosen = self._random.choice(_AFTER.get(intent, fallback))
        return intent if chosen == "=" else chosen

    def _any(self) -> str:
        return self._random.choice(sorted(self._short) or [""])

    def _some(self, intent: str) -> str:
        """An example of the intent; nothing where there is none."""
        return self._random.choice(self._short.get(intent) or [""])
