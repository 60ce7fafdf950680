"""One Official Account as the shop configured it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Security(StrEnum):
    """Which callbacks are taken: plain, plain or sealed (WeChat sends both while a shop moves to
    encryption), sealed alone."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SECURE = "secure"


class NoticeWay(StrEnum):
    """The two kinds of message that WeChat lets through beyond 48 hours."""

    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True)
class Notice:
    """How news of a case reaches a shopper beyond 48 hours; `fields` says which blank of the
    template takes what: `text`, `no`, `time` or `shop`."""

    way: NoticeWay
    template_id: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Account:
    """`keys` are AES keys, the one to write with first; the previous one only reads.

    `custom_messages` and `menu_messages` say what the platform has granted to this account.
    """

    name: str
    app_id: str
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    security: Security = Security.PLAIN
    shop: str | None = None
    custom_messages: bool = True
    menu_messages: bool = True
    notice: Notice | None = None
    menu: Sequence[Mapping[str, Any]] = ()
