"""Two wishes in one line: the first is settled now, the second is kept and taken up after it."""

import re
from datetime import date

from bot.language.service import Reader

_PARTS = re.compile(r"(?:[，,。；;！!？?\n]|(?=还有|另外|顺便|对了))\s*")
# What a second wish may be about besides goods, by the intent that answers it.
_ASIDES = {
    "invoice_inquiry": re.compile(r"发票|开票|专票"),
    "membership_inquiry": re.compile(r"积分|会员卡?|优惠券|购物卡"),
    "installation_request": re.compile(r"安装"),
    "alteration_request": re.compile(r"改(?:裤脚|裤长|腰|短|袖)"),
    "logistics_inquiry": re.compile(r"快递|物流|送货"),
    "store_inquiry": re.compile(r"(?:几点|什么时候)(?:开门|关门|营业)|地址|在哪儿?"),
}
_JOINED = re.compile(r"^(?:还有|另外|顺便|对了|再(?:问|帮))")
_REQUESTED = re.compile(r"开|补|查|怎么|咋|哪|几|什么|吗|没(?:给|收|到)|帮|想|要")


def aside_of(text: str) -> str | None:
    """The intent of a second wish that is about no goods, or None."""
    named = (intent for intent, words in _ASIDES.items() if words.search(text))
    return next(named, None) if _JOINED.search(text) and _REQUESTED.search(text) else None


def split(reader: Reader, text: str, today: date) -> tuple[str, str | None]:
    """The first wish and, where other goods are named with a wish of their own, the second."""
    parts = [part for part in _PARTS.split(text) if part]
    for at in range(1, len(parts)):
        head, tail = "，".join(parts[:at]), "，".join(parts[at:])
        first, second = _said(reader, head, today), _said(reader, tail, today)
        goods = _said(reader, parts[at], today).get("category")
        if "wants" in first and "wants" not in second and aside_of(tail):
            return head, tail
        if "wants" in first and "wants" in second and goods not in (None, first.get("category")):
            return head, tail
    return text, None


def _said(reader: Reader, text: str, today: date) -> dict[str, object]:
    return {found.key: found.value for found in reader.read(text, today=today).facts}
