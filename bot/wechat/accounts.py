"""The Official Accounts of this installation: the default one from the settings, more from
`data/wechat/*.yml`; secrets come from the environment alone."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

from bot.channels.wechat.account import Account, Notice, NoticeWay, Security
from bot.channels.wechat.crypto import key_of
from bot.errors import BadInput, NotFound
from bot.settings import ROOT, Settings

FOLDER = ROOT / "data" / "wechat"
DEFAULT = "default"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_KNOWN = {
    "name",
    "app_id",
    "shop",
    "security",
    "customer_messages",
    "menu_messages",
    "notice",
    "menu",
}


class UnknownAccount(NotFound):
    """No Official Account of that name is set up here."""

    code = "unknown_account"
    message = "没有配置这个公众号。"


class Accounts:
    """Accounts by the name in their callback address."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self.by_name = dict(accounts)

    @classmethod
    def load(cls, settings: Settings, folder: Path = FOLDER) -> "Accounts":
        """The settings' account and those of the files. Raises BadInput with the file's name."""
        environment = _environment(settings)
        found = [_account(path, environment) for path in sorted(folder.glob("*.yml"))]
        default = _default(settings)
        accounts = {each.name: each for each in (found if default is None else [default, *found])}
        return cls(accounts)

    def get(self, name: str | None) -> Account:
        """The account of that name, or the default one. Raises UnknownAccount."""
        found = self.by_name.get(name or DEFAULT)
        if found is None:
            raise UnknownAccount
        return found


def _default(settings: Settings) -> Account | None:
    if not settings.wechat_app_id or not settings.wechat_token.get_secret_value():
        return None
    keys = _keys(
        settings.wechat_aes_key.get_secret_value(),
        settings.wechat_aes_key_previous.get_secret_value(),
    )
    return Account(
        name=DEFAULT,
        app_id=settings.wechat_app_id,
        token=settings.wechat_token.get_secret_value(),
        secret=settings.wechat_app_secret.get_secret_value(),
        keys=keys,
        security=_security(settings.wechat_security, keys),
        shop=settings.wechat_shop,
    )


def _account(path: Path, environment: Mapping[str, str]) -> Account:
    data = yaml.safe_load(path.read_text("utf-8"))
    try:
        return _read(data, environment)
    except (BadInput, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(f"{path.name} 里的公众号配置有误：{error}") from error


def _read(data: Mapping[str, Any], environment: Mapping[str, str]) -> Account:
    name = str(data["name"])
    if not _NAME.fullmatch(name) or name == DEFAULT:
        raise BadInput(f"name 要用小写字母、数字、- 和 _，不能是 {DEFAULT}")
    if unknown := set(data) - _KNOWN:
        raise BadInput(f"不认识 {'、'.join(sorted(unknown))}")
    start = f"WECHAT_{name.upper().replace('-', '_')}_"
    keys = _keys(
        environment.get(start + "AES_KEY", ""), environment.get(start + "AES_KEY_PREVIOUS", "")
    )
    token = environment.get(start + "TOKEN", "")
    if not token:
        raise BadInput(f"环境变量 {start}TOKEN 没有设置")
    return Account(
        name=name,
        app_id=str(data["app_id"]),
        token=token,
        secret=environment.get(start + "APP_SECRET", ""),
        keys=keys,
        security=_security(data.get("security"), keys),
        shop=data.get("shop"),
        custom_messages=bool(data.get("customer_messages", True)),
        menu_messages=bool(data.get("menu_messages", True)),
        notice=_notice(data.get("notice")),
        menu=data.get("menu", ()),
    )


def _notice(data: Mapping[str, Any] | None) -> Notice | None:
    if data is None:
        return None
    fields = {str(blank): str(source) for blank, source in data["fields"].items()}
    if bad := set(fields.values()) - {"text", "no", "time", "shop"}:
        raise BadInput(f"notice.fields 不认识 {'、'.join(sorted(bad))}")
    return Notice(NoticeWay(data["way"]), str(data["template_id"]), fields)


def _keys(*encoded: str) -> tuple[bytes, ...]:
    return tuple(key_of(each) for each in encoded if each)


def _security(chosen: str | None, keys: tuple[bytes, ...]) -> Security:
    """As chosen; by itself plain without a key, and with one what WeChat sends while a shop
    moves to encryption: both."""
    if chosen:
        if chosen not in set(Security):
            raise BadInput("公众号的加密方式只有 plain、compatible、secure")
        security = Security(chosen)
        if security != Security.PLAIN and not keys:
            raise BadInput("加密模式要先设置 AES_KEY")
        return security
    return Security.COMPATIBLE if keys else Security.PLAIN


def _environment(settings: Settings) -> Mapping[str, str]:
    files = settings.model_config.get("env_file") or ()
    listed = (files,) if isinstance(files, str | Path) else files
    kept = {name: value for each in listed for name, value in dotenv_values(each).items() if value}
    return {**kept, **os.environ}
