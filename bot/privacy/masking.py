"""Hiding phone numbers, identity and bank cards and addresses in texts that others may read."""

import re
from collections.abc import Mapping
from typing import Any

_PHONE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?![\d])")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})-?\d{3,4}(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)([1-9]\d{5})(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)")
_CARD = re.compile(r"(?<!\d)(62\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?(?:\d{4}[ -]?)?(\d{3,4})(?!\d)")
_MAIL = re.compile(r"\b([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)", re.ASCII)
# From the street on: what is said ahead of it names a district at most.
_STREET = re.compile(
    r"((?:[\u4e00-\u9fff]{1,8}?(?:省|市|区|县))*)[\u4e00-\u9fff]{2,10}?(?:路|街|大道|巷|弄|胡同|村|小区|花园|苑)"
    r"[\u4e00-\u9fff]{0,8}?[A-Za-z\d零一二三四五六七八九十百]+\s?(?:号|弄|栋|幢|座|单元|室|楼)"
    r"(?:[\u4e00-\u9fff]{0,6}?[A-Za-z\d零一二三四五六七八九十百-]+\s?(?:号|弄|栋|幢|座|单元|室|楼|层))*"
)


def masked_text(text: str) -> str:
    """The text with what would find a person hidden; the rest stays readable."""
    if not _may_hold_any(text):
        return text
    text = _IDENTITY.sub(r"\1************", text)
    text = _CARD.sub(r"\1 **** \2", text)
    text = _PHONE.sub(r"\1****\3", text)
    text = _LANDLINE.sub(r"\1****\2", text)
    text = _MAIL.sub(r"\1***@\2", text)
    return _STREET.sub(r"\1***", text)


def masked(told: Any) -> Any:
    """JSON-like data with every text in it masked; keys stay."""
    if isinstance(told, str):
        return masked_text(told)
    if isinstance(told, Mapping):
        return {key: masked(value) for key, value in told.items()}
    return [masked(each) for each in told] if isinstance(told, list) else told


def _may_hold_any(text: str) -> bool:
    return any(sign.isdigit() or sign == "@" or sign == "号" for sign in text)
