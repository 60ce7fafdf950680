"""A callback from its query and body to what it says, and the answer back in the same form."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.wechat import crypto, xml
from bot.channels.wechat.account import Account, Security
from bot.channels.wechat.crypto import Forged
from bot.channels.wechat.parse import Incoming, incoming

WINDOW = 600  # seconds that a callback's time may differ from ours
NOTHING_TO_SAY = b"success"


@dataclass(frozen=True)
class Heard:
    """A callback that is WeChat's own; `key` sealed it, or is empty for a plain one."""

    incoming: Incoming
    key: bytes


def verify(account: Account, query: Mapping[str, str], now: datetime) -> str:
    """The echo that proves to WeChat that this address is ours. Raises Forged."""
    _check_time(query, now)
    _check(account, query, query.get("signature", ""))
    return query.get("echostr", "")


def hear(account: Account, query: Mapping[str, str], body: bytes, now: datetime) -> Heard:
    """What a callback says. Raises Forged or BadXml."""
    _check_time(query, now)
    if query.get("encrypt_type", "raw") != "aes":
        # Sealed is what this account asks for: a plain one proves only that somebody saw a query.
        if account.security == Security.SECURE:
            raise Forged
        _check(account, query, query.get("signature", ""))
        return Heard(incoming(xml.read(body)), b"")
    sealed = xml.read(body).get("Encrypt", "")
    if not account.keys or not isinstance(sealed, str) or not sealed:
        raise Forged
    _check(account, query, query.get("msg_signature", ""), sealed)
    opened = crypto.unseal(account.keys, account.app_id, sealed)
    return Heard(incoming(xml.read(opened.text)), opened.key)


def answer(account: Account, heard: Heard, text: str, now: datetime, nonce: str) -> bytes:
    """A passive reply with a text, sealed with the key that opened the question."""
    plain = xml.write(
        {
            "ToUserName": heard.incoming.openid,
            "FromUserName": heard.incoming.recipient,
            "CreateTime": int(now.timestamp()),
            "MsgType": "text",
            "Content": text,
        }
    )
    if not heard.key:
        return plain
    sealed, stamp = crypto.seal(heard.key, account.app_id, plain), str(int(now.timestamp()))
    return xml.write(
        {
            "Encrypt": sealed,
            "MsgSignature": crypto.sign(account.token, stamp, nonce, sealed),
            "TimeStamp": int(stamp),
            "Nonce": nonce,
        }
    )


def _check(account: Account, query: Mapping[str, str], signature: str, *more: str) -> None:
    stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    crypto.check(signature, account.token, stamp, nonce, *more)


def _check_time(query: Mapping[str, str], now: datetime) -> None:
    stamp = query.get("timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Forged
    # WeChat stamps by the world's clock; ours differs from it only where a test has set it.
    if min(abs(int(stamp) - now.timestamp()), abs(int(stamp) - time.time())) > WINDOW:
        raise Forged
