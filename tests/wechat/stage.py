"""The real gateway, the real courier and the twin of the platform, over loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from bot.attachments.service import Album
from bot.channels.wechat.account import Account
from bot.channels.wechat.client import Api
from bot.clock import Clock
from bot.conversations.models import Message
from bot.db import Base, Database
from bot.messages import Author
from bot.outbox.delivery import Courier
from bot.outbox.models import Delivery
from bot.outbox.post import WeChatPost
from bot.settings import Settings
from bot.wake import LocalWake
from bot.wechat.accounts import Accounts
from bot.wechat.tokens import Tokens
from tests.fixtures.desk import ZONE, ScriptedRasa, until
from tests.fixtures.gateway import Gateway, running_gateway
from tests.fixtures.tables import with_tables
from tests.twins.wechat.callbacks import Caller
from tests.twins.wechat.platform import Platform
from tests.twins.wechat.server import running

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN = "a-token-of-the-shop"
BUYER = "oBuyer-00000000000000000001"
_TALK = {
    "attachments",
    "conversations",
    "inbox",
    "messages",
    "outbox",
    "outbox_attempts",
    "outbox_parcels",
    "wechat_arrivals",
    "wechat_contacts",
    "wechat_received",
}


@dataclass
class Stage:
    """What a test talks to: `caller` is the platform's side, `rasa` the script of the bot."""

    gateway: Gateway
    platform: Platform
    caller: Caller
    db: Database
    var: Path
    api: str

    @property
    def rasa(self) -> ScriptedRasa:
        """What the bot says."""
        return self.gateway.rasa

    def all(self, model: type[Any]) -> Sequence[Any]:
        """Every row of a table."""
        with self.db.read() as session:
            return list(session.scalars(select(model)))

    def one(self, model: type[Any]) -> Any:
        """The only row of a table."""
        (row,) = self.all(model)
        return row

    def lines(self, author: Author) -> list[str]:
        """What one side has said, in order."""
        with self.db.read() as session:
            query = select(Message).where(Message.author == author).order_by(Message.seq)
            return [message.text for message in session.scalars(query)]

    def empty(self) -> None:
        """Forget all that was said."""
        with self.db.write() as session:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name in _TALK:
                    session.execute(delete(table))
        self.rasa.asked.clear()

    def states(self) -> list[str]:
        """The states of all deliveries."""
        return [delivery.state for delivery in self.all(Delivery)]

    def arrived(self, count: int, openid: str = BUYER, seconds: float = 15) -> list[str]:
        """Wait until the phone shows that many lines of the shop."""
        follower = self.platform.follower(openid)
        assert until(lambda: len(follower.texts()) >= count, seconds), follower.screen
        return follower.texts()


def settings_of(api: str, security: str, platform: Platform) -> Mapping[str, Any]:
    """The settings of an account at the twin."""
    return {
        "wechat_app_id": platform.app_id,
        "wechat_app_secret": platform.secret,
        "wechat_token": TOKEN,
        "wechat_aes_key": AES_KEY if security != "plain" else "",
        "wechat_security": security,
        "wechat_api_base": api,
        "wechat_rate": 500,
    }


@contextmanager
def staged(
    var: Path,
    *,
    security: str = "secure",
    courier: bool = True,
    scale: float = 1.0,
    **more: Any,
) -> Iterator[Stage]:
    """Everything running; it stops with the block."""
    platform = Platform()
    with running(platform) as twin:
        chosen = {**settings_of(twin.url, security, platform), **more}
        with running_gateway(var, **chosen) as gateway:
            url = f"{gateway.client.base_url}/wechat".replace("//wechat", "/wechat")
            caller = Caller(platform, url, TOKEN, AES_KEY, security, scale)
            config = Settings(_env_file=None, var_dir=var, database_url="", **_known(chosen))  # type: ignore[call-arg]
            database = Database(config.database)
            with delivering(config, database) if courier else nothing():
                yield Stage(gateway, platform, caller, database, var, twin.url)
            database.close()


def _known(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if name != "database_url"}


@contextmanager
def nothing() -> Iterator[None]:
    """No courier at work."""
    yield


@contextmanager
def delivering(config: Settings, database: Database, **more: Any) -> Iterator[Courier]:
    """A courier as the worker runs it: woken, and looking by itself."""
    made = make_courier(config, database, **more)
    stopping = threading.Event()

    def look() -> None:
        while not stopping.wait(0.1):
            made.sweep()

    thread = threading.Thread(target=look)
    listening = LocalWake(config.var_dir / "run" / "wake").listen(lambda _: made.sweep())
    thread.start()
    try:
        yield made
    finally:
        stopping.set()
        thread.join()
        listening.stop()
        made.stop()


def make_courier(config: Settings, database: Database, **more: Any) -> Courier:
    """A courier of the accounts in the settings."""
    accounts, clock = Accounts.load(config).by_name, Clock(ZONE)
    api = Api(config.wechat_api_base)
    post = WeChatPost(api, Tokens(database, api, clock), Album(config.var_dir / "attachments").read)
    return Courier(database, clock, post, accounts, config.wechat_rate, **more)


def account(platform: Platform, **more: Any) -> Account:
    """The account of a twin, for tests below the gateway."""
    return Account("default", platform.app_id, TOKEN, platform.secret, **more)


def make_database(url: str) -> Database:
    """An empty database with every table."""
    return with_tables(url)
