"""The platform's side of the callback: signed, sealed by another implementation than ours, and
delivered again when the answer is late or none."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from tests.twins.wechat.platform import Platform

DELIVERIES = 4
PATIENCE = 5.0  # seconds
FAULT = "该公众号提供的服务出现故障，请稍后再试"


def signature(*parts: str) -> str:
    """SHA1 over the sorted parts."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def cdata(value: str) -> str:
    """A text that stays one, whatever it holds."""
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def document(fields: Mapping[str, Any]) -> str:
    """The XML of a callback: numbers bare, texts in CDATA, mappings nested."""
    return f"<xml>{_inner(fields)}</xml>"


def _inner(fields: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _inner(value)
    return str(value) if isinstance(value, int | float) else cdata(str(value))


@dataclass
class Delivered:
    """What came of one callback: seconds and answer of each delivery, and what was shown."""

    seconds: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    reply: str | None = None
    faulty: bool = False


@dataclass
class Caller:
    """Delivers to `url` in the given security mode; `scale` shortens the platform's patience."""

    platform: Platform
    url: str
    token: str
    aes_key: str = ""
    security: str = "plain"
    scale: float = 1.0
    account_id: str = "gh_desk0123456"

    def __post_init__(self) -> None:
        self._ids = itertools.count(int(time.time() * 1000) * 1_000_000)
        self._session = requests.Session()
        self._session.trust_env = False

    def verify(self, echo: str = "5678901234") -> requests.Response:
        """The first GET when an address is entered on the platform."""
        return self._session.get(self.url, params={**self._query(), "echostr": echo}, timeout=30)

    def fields(self, openid: str, kind: str, **more: Any) -> dict[str, Any]:
        """The fields of a message, with an id of its own, or of an event."""
        head = {
            "ToUserName": self.account_id,
            "FromUserName": openid,
            "CreateTime": int(self.platform.now()),
            "MsgType": kind,
        }
        own = {} if kind == "event" else {"MsgId": next(self._ids)}
        return {**head, **more, **own}

    def say(self, openid: str, text: str, **more: Any) -> Delivered:
        """The shopper writes a line."""
        self.platform.show(openid, "me", text)
        return self.message(openid, "text", Content=text, **more)

    def message(self, openid: str, kind: str, **more: Any) -> Delivered:
        """The shopper sends a message of any kind."""
        self.platform.spoke(openid)
        return self.deliver(self.fields(openid, kind, **more))

    def event(self, openid: str, name: str, **more: Any) -> Delivered:
        """Something happens on the phone."""
        one = self.platform.follower(openid)
        if name == "unsubscribe":
            one.following = False
        elif name in ("subscribe", "SCAN", "CLICK"):
            one.following = True
            self.platform.tapped(openid)
        return self.deliver(self.fields(openid, "event", Event=name, **more))

    def deliver(self, fields: Mapping[str, Any]) -> Delivered:
        """Deliver up to four times, until there is an answer in time."""
        done = Delivered()
        openid = str(fields["FromUserName"])
        for _ in range(DELIVERIES):
            response = self._once(fields, done)
            if response is None:
                continue
            done.bodies.append(response.content)
            if response.status_code != 200:
                continue
            self._take(done, openid, response.content)
            return done
        done.faulty = True
        self.platform.show(openid, "platform", FAULT)
        return done

    def post(
        self, fields: Mapping[str, Any] | str, timeout: float = 30, **query: str
    ) -> requests.Response:
        """One delivery as it is, without judging the answer; `query` overrides what is sent."""
        text = fields if isinstance(fields, str) else document(fields)
        body, asked = self._sealed(text)
        return self._session.post(
            self.url, params={**asked, **query}, data=body.encode(), timeout=timeout
        )

    def opened(self, body: bytes) -> Mapping[str, Any]:
        """The fields of a passive reply, checked and opened as the platform does."""
        outer = xmltodict.parse(body.decode())["xml"]
        if "Encrypt" in outer:
            crypto = WeChatCrypto(self.token, self.aes_key, self.platform.app_id)
            text = crypto.decrypt_message(
                body.decode(), outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
            )
            return dict(xmltodict.parse(text)["xml"])
        assert self.security != "secure", "a secure account was answered in plain text"
        return dict(outer)

    def _once(self, fields: Mapping[str, Any], done: Delivered) -> requests.Response | None:
        began = time.monotonic()
        try:
            return self.post(fields, timeout=PATIENCE * self.scale)
        except requests.RequestException:
            left = PATIENCE * self.scale - (time.monotonic() - began)
            time.sleep(max(0.0, left))
            return None
        finally:
            done.seconds.append(time.monotonic() - began)

    def _take(self, done: Delivered, openid: str, body: bytes) -> None:
        if body in (b"", b"success"):
            return
        try:
            fields = self.opened(body)
            assert fields["ToUserName"] == openid
            assert fields["MsgType"] == "text"
            done.reply = str(fields["Content"])
        except Exception:  # noqa: BLE001  # whatever is wrong with it, the shopper sees a fault
            done.faulty = True
            self.platform.show(openid, "platform", FAULT)
            return
        self.platform.show(openid, "shop", done.reply, "passive")

    def _query(self, *more: str) -> dict[str, str]:
        stamp, nonce = str(int(self.platform.now())), secrets.token_hex(5)
        query = {
            "signature": signature(self.token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
        }
        if more:
            query["msg_signature"] = signature(self.token, stamp, nonce, *more)
            query["encrypt_type"] = "aes"
        return query

    def _sealed(self, text: str) -> tuple[str, dict[str, str]]:
        if self.security == "plain":
            return text, self._query()
        key = WeChatCrypto(self.token, self.aes_key, self.platform.app_id).key
        sealed = PrpCrypto(key).encrypt(text, self.platform.app_id).decode()
        envelope = (
            f"<ToUserName>{cdata(self.account_id)}</ToUserName><Encrypt>{cdata(sealed)}</Encrypt>"
        )
        if self.security == "compatible":
            envelope = text.removeprefix("<xml>").removesuffix("</xml>") + envelope
        return f"<xml>{envelope}</xml>", self._query(sealed)
