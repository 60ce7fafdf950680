"""What a callback says: the kind of message or event and what comes with it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.channels.wechat.xml import BadXml


class Kind(StrEnum):
    """Messages, then events; POSITION is a phone's report of where it is, OTHER all unknown."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SCAN = "scan"
    CLICK = "click"
    VIEW = "view"
    POSITION = "position"
    OTHER = "other"


_MESSAGES = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
}
_EVENTS = {
    "subscribe": Kind.SUBSCRIBE,
    "unsubscribe": Kind.UNSUBSCRIBE,
    "scan": Kind.SCAN,
    "click": Kind.CLICK,
    "view": Kind.VIEW,
    "location": Kind.POSITION,
}
_OPENID = re.compile(r"[^\s\x00-\x1f<>&]{1,64}")
_NUMBER = re.compile(r"\d{1,24}")


@dataclass(frozen=True)
class Incoming:
    """One callback. `key` is the same for every delivery of it and of no other.

    `name` is WeChat's own word for an unknown kind; `press` the menu key or QR scene; `menu_id`
    the choice of a menu message; `place` latitude and longitude in degrees.
    """

    kind: Kind
    openid: str
    recipient: str
    created: int
    key: str
    name: str = ""
    text: str = ""
    press: str = ""
    menu_id: str = ""
    media_id: str = ""
    place: tuple[float, float] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def client_id(self) -> str:
        """The key as an id of at most 32 plain characters."""
        if _NUMBER.fullmatch(self.key):
            return self.key
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]


def incoming(fields: Mapping[str, Any]) -> Incoming:
    """Read the fields of a callback. Raises BadXml when sender or time are missing."""
    openid, created = _text(fields, "FromUserName"), _text(fields, "CreateTime")
    if not _OPENID.fullmatch(openid) or not created.isascii() or not created.isdigit():
        raise BadXml(reason="sender or time")
    message_type = _text(fields, "MsgType").lower()
    is_event = message_type == "event"
    name = _text(fields, "Event") if is_event else message_type
    kind = (_EVENTS if is_event else _MESSAGES).get(name.lower(), Kind.OTHER)
    return Incoming(
        kind=kind,
        openid=openid,
        recipient=_text(fields, "ToUserName")[:64],
        created=int(created[:12]),
        key=_key(fields, openid, created, name),
        name=name[:64],
        text=_words(kind, fields),
        press=_text(fields, "EventKey").removeprefix("qrscene_")[:200],
        menu_id=_text(fields, "bizmsgmenuid")[:64],
        media_id=_text(fields, "MediaId")[:512],
        place=_place(kind, fields),
        fields=fields,
    )


def _key(fields: Mapping[str, Any], openid: str, created: str, name: str) -> str:
    """MsgId; for events sender and time, as WeChat advises, and the event, because two different
    ones (a scan and the report of a place) do come in one second."""
    number = _text(fields, "MsgId")
    if number:
        return number[:64]
    rest = hashlib.sha256(f"{name}\n{_text(fields, 'EventKey')}".encode()).hexdigest()[:12]
    return f"{openid}:{created[:12]}:{rest}"


def _words(kind: Kind, fields: Mapping[str, Any]) -> str:
    """The words of a message: typed, heard by WeChat, or naming what was shared."""
    if kind == Kind.TEXT:
        return _text(fields, "Content")
    if kind == Kind.VOICE:
        return _text(fields, "Recognition")
    if kind == Kind.LOCATION:
        return _text(fields, "Label")
    if kind == Kind.LINK:
        return " ".join(filter(None, (_text(fields, "Title"), _text(fields, "Url"))))
    return ""


def _place(kind: Kind, fields: Mapping[str, Any]) -> tuple[float, float] | None:
    names = {Kind.LOCATION: ("Location_X", "Location_Y"), Kind.POSITION: ("Latitude", "Longitude")}
    if kind not in names:
        return None
    try:
        latitude, longitude = (float(_text(fields, name)) for name in names[kind])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""
