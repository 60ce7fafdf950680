"""A compiled set as canonical text and back: a version outlives the files and their reader."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, cast

from bot.policy import promises
from bot.policy.engine import words
from bot.policy.engine.words import Source
from bot.shops.service import Term as Length

_KINDS: Mapping[str, Any] = MappingProxyType(
    {
        name: kind
        for module in (words, promises)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    }
    | {"Length": Length}  # the words have a term of their own
)
_NAMES: Mapping[type, str] = MappingProxyType({kind: name for name, kind in _KINDS.items()})


def as_text(source: Source) -> str:
    """The one text of a source. Fields at their default are left out, so that a field added to
    the words later changes no text written before."""
    return json.dumps(_plain(source), ensure_ascii=False, separators=(",", ":"))


def as_source(text: str) -> Source:
    """The source of a text."""
    return cast(Source, json.loads(text, object_hook=_made))


def as_data(promise: promises.Promise) -> dict[str, Any]:
    """A promise as JSON, as the canonical text has it."""
    return cast(dict[str, Any], _plain(promise))


def digest(text: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return {"enum": type(value).__name__, "value": value.value}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if isinstance(value, Mapping):
        return {"map": [[key, _plain(each)] for key, each in value.items()]}
    if is_dataclass(value) and type(value) in _NAMES:
        return {"is": _NAMES[type(value)], **_told(value)}
    raise TypeError(f"no text for {type(value).__name__}")


def _told(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    return {
        each.name: _plain(getattr(value, each.name))
        for each in fields(value)
        if each.default is MISSING or getattr(value, each.name) != each.default
    }


def _made(told: dict[str, Any]) -> object:
    if "is" in told:
        kind = _KINDS[told.pop("is")]
        return kind(**{name: _fixed(value) for name, value in told.items()})
    if "enum" in told:
        return _KINDS[told["enum"]](told["value"])
    if "decimal" in told:
        return Decimal(told["decimal"])
    if "set" in told:
        return frozenset(told["set"])
    if "map" in told:
        return {key: _fixed(value) for key, value in told["map"]}
    return date.fromisoformat(told["day"])


def _fixed(value: object) -> object:
    return tuple(_fixed(each) for each in value) if isinstance(value, list) else value
