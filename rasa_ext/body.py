"""Checks what callers of the channel send."""

from __future__ import annotations

import re
from typing import Any

from rasa.shared.exceptions import RasaException
from sanic.request import Request

from rasa_ext.turn import Line

_INTENT = re.compile(r"[a-z_]{1,64}")
_MOST_TEXTS = 100


class BadBody(RasaException):
    """The body is not of the agreed form."""


def nothing(request: Request) -> None:
    """No body is read."""


def line(request: Request) -> Line:
    """`{"sender", "message", "intent": null | name, "metadata": {...}}`."""
    fields = _object(request)
    sender, text = fields.get("sender"), fields.get("message")
    intent, metadata = fields.get("intent"), fields.get("metadata") or {}
    if not isinstance(sender, str) or not sender:
        raise BadBody("sender must be a non-empty string")
    if not isinstance(text, str):
        raise BadBody("message must be a string")
    if intent is not None and not (isinstance(intent, str) and _INTENT.fullmatch(intent)):
        raise BadBody("intent must be null or the name of an intent")
    if not isinstance(metadata, dict):
        raise BadBody("metadata must be an object")
    return Line(sender, text, intent, metadata)


def texts(request: Request) -> list[str]:
    """`{"texts": [...]}`, at most a hundred."""
    given = _object(request).get("texts")
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise BadBody("texts must be a list of strings")
    if len(given) > _MOST_TEXTS:
        raise BadBody(f"at most {_MOST_TEXTS} texts at a time")
    return given


def _object(request: Request) -> dict[str, Any]:
    fields = request.json
    if not isinstance(fields, dict):
        raise BadBody("the body must be a JSON object")
    return fields
