"""The web channel: what a pressed button says, and which lines a page may send."""

import re
import unicodedata

from bot.errors import BadInput
from bot.messages import Pressed

NAME = "web"
LONGEST = 2000  # characters; a pasted order page fits, a book does not

_WORD = re.compile(r"[a-z_]{1,40}")
_PLAIN = {"yes": "affirm", "no": "deny", "human": "request_human"}


def clean(text: str) -> str:
    """A line without control characters, in composed form. Raises BadInput if nothing is left
    or it is longer than anyone writes."""
    if len(text) > LONGEST:
        raise BadInput(f"一次最多写 {LONGEST} 个字，请分几条发。", limit=LONGEST)
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if c == "\n" or _printable(c))
    if not kept.strip():
        raise BadInput("还没有写内容，请说说遇到了什么问题。")
    return kept.strip()


def pressed(payload: str) -> Pressed:
    """What a button's payload means. Raises BadInput for one that no button of ours has."""
    if payload in _PLAIN:
        return Pressed(_PLAIN[payload])
    kind, _, rest = payload.partition(":")
    if kind == "intent" and _WORD.fullmatch(rest):
        return Pressed(rest)
    key, _, value = rest.partition("=")
    if kind == "fact" and _WORD.fullmatch(key) and 0 < len(value) <= 64:
        return Pressed("inform", {key: value})
    raise BadInput("这个按钮已经失效，请直接打字告诉我。")


def _printable(character: str) -> bool:
    # Cc controls, Cs lone surrogates; Cf joins emoji but also hides text: only the joiner stays.
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs", "Cn") and (category != "Cf" or character == "\u200d")
