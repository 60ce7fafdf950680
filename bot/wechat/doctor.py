"""Looks whether an Official Account is set up so that messages go both ways."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests

from bot.channels.wechat import crypto
from bot.channels.wechat.account import Account, Security
from bot.channels.wechat.client import Api, Refused
from bot.clock import Clock
from bot.db import Database
from bot.errors import DeskError
from bot.wechat import repository
from bot.wechat.tokens import Tokens

SKEW = 60.0  # seconds that our clock may differ; callbacks are refused from 600 on
_ADVICE = {
    40013: "AppID 不对，请到公众平台“基本配置”核对。",
    40125: "AppSecret 不对，请到公众平台“基本配置”核对，或重置后更新环境变量。",
    40164: "服务器的 IP 不在白名单里，请到公众平台“基本配置”把它加进去。",
    50002: "公众号被冻结，请登录公众平台查看。",
    89503: "这个 IP 需要管理员在手机上确认。",
}


@dataclass(frozen=True)
class Finding:
    """One check of one account."""

    account: str
    check: str
    good: bool
    text: str


@dataclass(frozen=True)
class Doctor:
    """Checks accounts; only the token call and a signed GET of our own address are made."""

    db: Database
    api: Api
    tokens: Tokens
    clock: Clock

    def examine(self, account: Account, url: str) -> Sequence[Finding]:
        """All findings about an account whose callback is to be at `url`."""
        checks: Sequence[tuple[str, Callable[[], tuple[bool, str]]]] = (
            ("settings", lambda: _settings(account)),
            ("clock", self._clock),
            ("token", lambda: self._token(account)),
            ("callback", lambda: self._callback(account, url)),
            ("standing", lambda: self._standing(account)),
        )
        return [Finding(account.name, name, *check()) for name, check in checks]

    def _clock(self) -> tuple[bool, str]:
        try:
            told = self.api.date()
        except DeskError as error:
            return False, f"连不上微信接口：{error.details}"
        if told is None:
            return True, "微信接口没有给出时间，跳过。"
        skew = abs((parsedate_to_datetime(told) - _now()).total_seconds())
        if skew > SKEW:
            return False, f"服务器时间差了 {skew:.0f} 秒，请打开自动对时，否则回调会被拒绝。"
        return True, "服务器时间准确。"

    def _token(self, account: Account) -> tuple[bool, str]:
        if not account.secret:
            return False, "没有设置 AppSecret，只能被动回复。"
        try:
            self.tokens.get(account)
        except Refused as error:
            text = _ADVICE.get(error.errcode, "微信拒绝了获取令牌的请求。")
            return False, f"{text}（{error.errcode} {error.details['errmsg']}）"
        except DeskError as error:
            return False, f"没能取到令牌：{error.details}"
        return True, "令牌可用。"

    def _callback(self, account: Account, url: str) -> tuple[bool, str]:
        stamp, nonce, echo = str(int(_now().timestamp())), secrets.token_hex(5), "8123"
        signature = crypto.sign(account.token, stamp, nonce)
        query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}
        try:
            answer = requests.get(url, params=query, timeout=6)
        except requests.RequestException as error:
            return False, f"回调地址 {url} 连不上（{type(error).__name__}）。"
        if answer.status_code != 200 or answer.text != echo:
            return False, f"回调地址 {url} 应答不对（{answer.status_code}），请核对地址和 Token。"
        return True, f"回调地址 {url} 应答正确。"

    def _standing(self, account: Account) -> tuple[bool, str]:
        with self.db.read() as session:
            known = repository.standing(session, account.name)
        if known is None or not known.alert:
            return True, "没有未处理的告警。"
        at = known.alert_at.astimezone(self.clock.zone) if known.alert_at else None
        return False, f"最近的告警：{known.alert}" + (f"（{at:%m-%d %H:%M}）" if at else "")


def _settings(account: Account) -> tuple[bool, str]:
    if account.security == Security.PLAIN:
        return True, "明文模式。建议在公众平台改用安全模式，并设置 AES_KEY。"
    if account.security == Security.COMPATIBLE:
        return True, "兼容模式，明文也收。公众平台改成安全模式后，请设 WECHAT_SECURITY=secure。"
    return True, "安全模式。"


def _now() -> datetime:
    # The world's clock: the shop's may stand at another instant in tests.
    return datetime.now().astimezone()
