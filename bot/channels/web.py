"""The web channel: which lines a page may send."""

import re
import unicodedata

from bot.errors import BadInput

NAME = "web"
LONGEST = 2000  # characters; a pasted order page fits, a book does not

_BLANK = re.compile(r"[\t\v\f\r\u2028\u2029]")
_JOINER = "\u200d"


def clean(text: str) -> str:
    """A line without control characters, in composed form. Raises BadInput if nothing is left
    or it is longer than anyone writes."""
    if len(text) > LONGEST:
        raise BadInput(f"一次最多写 {LONGEST} 个字，请分几条发。", limit=LONGEST)
    spaced = _BLANK.sub(" ", text.replace("\r\n", "\n"))
    # Composed only after the cutting: what is cut may have stood between a letter and its accent.
    kept = unicodedata.normalize("NFC", "".join(c for c in spaced if c == "\n" or _printable(c)))
    if not kept.replace(_JOINER, "").strip():
        raise BadInput("还没有写内容，请说说遇到了什么问题。")
    return kept.strip()


def _printable(character: str) -> bool:
    # Cc controls, Cs lone surrogates; Cf joins emoji but also hides text: only the joiner stays.
    # Cn stays: emoji and rare characters younger than Python's table are unassigned to it.
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs") and (category != "Cf" or character == _JOINER)
