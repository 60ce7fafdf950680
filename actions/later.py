"""Two wishes in one line: the first is settled now, the second is kept and taken up after it."""

import re
from datetime import date

from bot.language.service import Reader

_PARTS = re.compile(r"(?:[，,。；;！!？?\n]|(?=还有|另外|顺便))\s*")


def split(reader: Reader, text: str, today: date) -> tuple[str, str | None]:
    """The first wish and, where other goods are named with a wish of their own, the second."""
    parts = [part for part in _PARTS.split(text) if part]
    for at in range(1, len(parts)):
        head, tail = "，".join(parts[:at]), "，".join(parts[at:])
        first, second = _said(reader, head, today), _said(reader, tail, today)
        goods = _said(reader, parts[at], today).get("category")
        if "wants" in first and "wants" in second and goods not in (None, first.get("category")):
            return head, tail
    return text, None


def _said(reader: Reader, text: str, today: date) -> dict[str, object]:
    return {found.key: found.value for found in reader.read(text, today=today).facts}
