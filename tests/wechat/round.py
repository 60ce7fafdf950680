"""Delivery without a gateway: a follower, the outbox, the courier and the twin, under one clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.attachments.pictures import Picture
from bot.attachments.service import Album
from bot.channels.wechat.account import Account
from bot.channels.wechat.client import Api
from bot.channels.wechat.parse import Kind
from bot.clock import Clock
from bot.conversations import service as conversations
from bot.conversations.models import Conversation
from bot.db import Database
from bot.messages import Line
from bot.outbox import parcels
from bot.outbox import service as outbox
from bot.outbox.delivery import Courier
from bot.outbox.models import Attempt, Delivery, Parcel
from bot.outbox.post import WeChatPost
from bot.outbox.service import Meter
from bot.wechat import repository as followers
from bot.wechat import service as wechat
from bot.wechat.models import Standing
from bot.wechat.tokens import Tokens
from tests.fixtures.desk import SHOP, ZONE, until
from tests.twins.wechat.platform import Platform
from tests.twins.wechat.server import running
from tests.wechat.stage import BUYER, account, make_database


class SetClock(Clock):
    """A clock that a test moves ahead."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@dataclass
class Round:
    """One account with its courier; `send` lets it send all that is due."""

    db: Database
    clock: SetClock
    platform: Platform
    account: Account
    tokens: Tokens
    album: Album
    courier: Courier
    conversations: dict[str, str] = field(default_factory=dict)

    def spoke(self, openid: str = BUYER, kind: Kind = Kind.TEXT) -> str:
        """The shopper writes, or taps; the conversation's id."""
        (self.platform.spoke if kind == Kind.TEXT else self.platform.tapped)(openid)
        now = self.clock.now()
        with self.db.write() as session:
            contact, _ = wechat.follower(session, self.account.name, openid, SHOP, now)
            wechat.grant(contact, kind, now)
            parcels.release(session, contact, now)
            self.conversations[openid] = contact.conversation_id
        return self.conversations[openid]

    def say(self, *texts: str, openid: str = BUYER, **more: Any) -> list[str]:
        """The bot says lines at once; their ids."""
        ids = []
        with self.db.write() as session:
            conversation = conversations.locked(session, self.conversations[openid])
            for text in texts:
                line = Line(text, **more)
                said = conversations.say(session, conversation, line, self.clock.now())
                outbox.put(session, conversation, said, self.clock.now())
                ids.append(said.id)
        return ids

    def picture(self, data: bytes, openid: str = BUYER) -> Path:
        """A person shows a picture; where its file lies."""
        kept = self.album.keep(conversations.new_id(), Picture(data, data, 40, 30))
        with self.db.write() as session:
            conversation = conversations.locked(session, self.conversations[openid])
            said = conversations.say(session, conversation, Line(""), self.clock.now())
            conversations.attach(session, said.id, [kept.noted()])
            outbox.put(session, conversation, said, self.clock.now())
        return self.album.path(kept.id)

    def send(self) -> list[str]:
        """Let the courier send what is due; what the phone shows afterwards."""
        self.courier.sweep()
        assert until(self.courier.idle, 20)
        return self.platform.follower(BUYER).texts()

    def later(self, **more: float) -> None:
        """Let time pass for us and for the platform."""
        self.clock.ahead += timedelta(**more)

    def states(self) -> list[str]:
        """The states of all lines, in the order they were put."""
        with self.db.read() as session:
            query = select(Delivery).join(Parcel, isouter=True).order_by(Delivery.due_at)
            return [delivery.state for delivery in session.scalars(query)]

    def all(self, model: type[Any]) -> Sequence[Any]:
        """Every row of a table."""
        with self.db.read() as session:
            return list(session.scalars(select(model)))

    def attempts(self) -> list[tuple[str, str, int | None]]:
        """Way, outcome and code of every attempt."""
        return [(each.way, each.outcome, each.code) for each in self.all(Attempt)]

    def meter(self, openid: str = BUYER) -> Meter:
        """What the desk shows."""
        with self.db.read() as session:
            conversation = session.get(Conversation, self.conversations[openid])
            assert conversation is not None
            return outbox.meter(session, conversation, self.clock.now())

    def standing(self) -> Standing:
        """How the account stands."""
        with self.db.read() as session:
            found = followers.standing(session, self.account.name)
            assert found is not None
            return found


@contextmanager
def sending(url: str, folder: Path = Path("nowhere"), **more: Any) -> Iterator[Round]:
    """A round on the database at `url` with photos in `folder`; `more` is of the account."""
    clock = SetClock(ZONE)
    platform = Platform(now=lambda: clock.now().timestamp())
    database = make_database(url)
    with running(platform) as twin:
        api, chosen = Api(twin.url), account(platform, **more)
        tokens, album = Tokens(database, api, clock), Album(folder)
        courier = Courier(
            database, clock, WeChatPost(api, tokens, album.read), {chosen.name: chosen}, rate=1000
        )
        made = Round(database, clock, platform, chosen, tokens, album, courier)
        made.spoke()
        yield made
        courier.stop()
    database.close()
