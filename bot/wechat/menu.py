"""The menu below a conversation: the account's own, or ours; its keys are payloads of buttons."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.channels.wechat.account import Account

Entry = Mapping[str, Any]

STANDARD: Sequence[Entry] = (
    {
        "name": "退换修",
        "sub_button": [
            {"type": "click", "name": "我要退货", "key": "intent:return_request"},
            {"type": "click", "name": "我要换货", "key": "intent:exchange_request"},
            {"type": "click", "name": "东西坏了想修", "key": "intent:repair_request"},
        ],
    },
    {
        "name": "查进度",
        "sub_button": [
            {"type": "click", "name": "我的登记", "key": "intent:ticket_status"},
            {"type": "click", "name": "退款到哪了", "key": "intent:refund_status"},
        ],
    },
    {"type": "click", "name": "转人工", "key": "human"},
)


def entries(account: Account) -> Sequence[Entry]:
    """The menu of an account as the platform takes it."""
    return account.menu or STANDARD


def title_of(account: Account, key: str) -> str:
    """What a shopper who pressed that key saw; the key itself where that is not known."""
    for entry in _all(entries(account)):
        if entry.get("key") == key:
            return str(entry["name"])
    return key


def _all(found: Sequence[Entry]) -> Iterator[Entry]:
    for entry in found:
        yield entry
        yield from _all(entry.get("sub_button", ()))
