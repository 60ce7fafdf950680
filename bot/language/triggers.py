"""Words after which no bot decides: the authority, the press, the law, harm to people."""

import re
from functools import cache

from bot.language.rules import sheet

THREATS = frozenset({"12315", "consumer_association", "authority", "media", "lawyer", "report"})
"""Triggers that nobody names in good temper."""


def trigger(text: str) -> str | None:
    """The hard trigger that a line in plain spelling names first; None of what is denied or asked.

    One of 12315, consumer_association, authority, media, lawyer, injury, allergy, fire, report.
    """
    found = [
        (match.start(), -match.end(), row.value)
        for row in sheet("triggers").rows
        for match in row.phrases.finditer(text)
        if not _is_denied(text, match) and not _is_of_goods(text, match, row.value)
    ]
    return min(found)[2] if found else None


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """没过敏, 不会着火吧, 不想起诉, 防过敏: named, but not there."""
    return _denial().search(text[max(0, match.start() - 10) : match.start()]) is not None


def _is_of_goods(text: str, match: re.Match[str], value: str) -> bool:
    """抗过敏的药, 过敏肌能用吗, 会不会着火: a question before buying, or the name of a thing."""
    if value not in ("allergy", "fire", "injury"):
        return False
    behind, ahead = text[match.end() :], text[: match.start()]
    wondered = ahead.endswith(("会", "易")) and behind.startswith(("吗", "么", "不", "?"))
    return bool(wondered or _thing().match(behind) or _asked().search(ahead))


@cache
def _denial() -> re.Pattern[str]:
    return re.compile(
        r"(?:没有?|不|未|无|不会|不是|别|不用|不想|不必|没必要|不至于|不需要|并未|从没|从不|防|防止|避免|以免|抗|低|脱)"
        r"(?:有|发生|出现|导致|造成|引起|要|会|再|去|什么|人|容易|找|打|说|被|给|是|真的|想|过|任何|到|因为|它|弄){0,3}$"
    )


@cache
def _thing() -> re.Pattern[str]:
    return re.compile(r"(?:肌|性|体质|原|药|人群|皮肤(?:能|可以|适合)|源|险|报警器|警报)")


@cache
def _asked() -> re.Pattern[str]:
    return re.compile(
        r"(?:会不会|是不是会|容不容易|能不能|有没有可能|会否|可能会|怕|担心|万一|如果|要是|假如|容易)[^,;]{0,8}$"
    )
