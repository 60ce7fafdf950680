"""Callbacks written down together fail, and are waited for, one by one."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.exc import IntegrityError

from bot.channels.wechat.account import Account
from bot.channels.wechat.parse import Incoming, incoming
from bot.clock import Clock
from bot.db import Database
from bot.gateway import wechat_acceptor
from bot.gateway.web import Chat
from bot.gateway.wechat_acceptor import Acceptor
from bot.gateway.wechat_intake import Taken
from bot.wechat import repository
from bot.wechat.accounts import Accounts
from tests.fixtures.desk import ZONE, until
from tests.wechat.stage import make_database

ACCOUNT = Account("default", "wx1", "t")


@dataclass
class Played:
    """A database and the keys of what was taken in; `bad` always fails, `late` collides once."""

    db: Database
    taken: list[str] = field(default_factory=list)
    collided: bool = False

    def take_in(
        self, session: Any, chat: Any, account: Any, incoming: Incoming, until: Any, seen: Any
    ) -> Taken:
        """Stands in for the real one."""
        if incoming.key == "bad":
            raise ValueError
        if incoming.key == "late" and not self.collided:
            self.collided = True
            raise IntegrityError("", {}, ValueError())
        return Taken(incoming.key, new=True)

    def make(self, *, alone: bool = True) -> Acceptor:
        """An acceptor of this database that begins with a test."""
        chat = SimpleNamespace(db=self.db, clock=Clock(ZONE), lanes=SimpleNamespace(alone=alone))
        accounts = Accounts({ACCOUNT.name: ACCOUNT})
        return Acceptor(
            cast(Chat, chat), accounts, lambda taken, news: self.taken.append(taken.conversation_id)
        )

    def left(self) -> int:
        """How many are written down and not taken in."""
        with self.db.read() as session:
            return len(repository.arrived(session, None, 99, 99))


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    """Whose taking in is played."""
    made = Played(make_database(f"sqlite:///{tmp_path / 'desk.sqlite3'}"))
    monkeypatch.setattr(wechat_acceptor, "take_in", made.take_in)
    yield made
    made.db.close()


@pytest.fixture
def acceptor(played: Played) -> Iterator[Acceptor]:
    """One at work."""
    made = played.make()
    made.start()
    yield made
    made.stop()


def test_a_callback_that_fails_spoils_no_other(acceptor: Acceptor) -> None:
    async def all_at_once() -> list[Any]:
        keys = ["a", "bad", "b", "late", "c"]
        return await asyncio.gather(*(_take(acceptor, key) for key in keys), return_exceptions=True)

    a, bad, b, late, c = _run(all_at_once())
    assert isinstance(bad, ValueError)
    assert [each.conversation_id for each in (a, b, late, c)] == ["a", "b", "late", "c"]


def test_whoever_stops_waiting_does_not_stop_the_others(acceptor: Acceptor, played: Played) -> None:
    async def called_off() -> None:
        waiting = [asyncio.ensure_future(_take(acceptor, f"{n}")) for n in range(50)]
        await asyncio.sleep(0)
        for each in waiting:
            each.cancel()
        await _take(acceptor, "last")

    _run(called_off())
    assert until(lambda: played.taken == [*(f"{n}" for n in range(50)), "last"])


def test_a_rush_is_written_down_first_and_then_taken_in_as_it_came(
    acceptor: Acceptor, played: Played
) -> None:
    keys = [f"{n}" for n in range(40)]

    async def rush() -> list[Taken | None]:
        return await asyncio.gather(*(_take(acceptor, key, 0.0) for key in keys))

    assert _run(rush()) == [None] * 40
    assert until(lambda: played.taken == keys)
    assert played.left() == 0


def test_one_that_cannot_be_taken_in_is_kept_and_holds_up_no_other(
    acceptor: Acceptor, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rush() -> None:
        await asyncio.gather(*(_take(acceptor, key, 0.0) for key in ("a", "bad", "b")))

    _run(rush())
    assert until(lambda: sorted(played.taken) == ["a", "b"])
    assert until(lambda: played.left() == 1)


def test_what_a_dead_process_wrote_down_is_taken_in_once_by_the_next(played: Played) -> None:
    dead = played.make()
    orders = [wechat_acceptor._Order(ACCOUNT, _incoming(key), None, None) for key in "abc"]
    with played.db.write() as session:
        dead._arrive(session, orders)

    following = played.make()
    following.start()
    assert until(lambda: played.taken == ["a", "b", "c"])
    following.stop()
    assert played.left() == 0


def test_what_another_process_wrote_down_of_a_follower_goes_before(played: Played) -> None:
    dead, living = played.make(), played.make(alone=False)
    living.start()
    with played.db.write() as session:
        dead._arrive(session, [wechat_acceptor._Order(ACCOUNT, _incoming("a"), None, None)])

    _run(_take(living, "b"))
    assert until(lambda: played.taken == ["a", "b"])
    living.stop()


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    # In a thread of its own: a browser left open by another file holds a loop in this one.
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, work).result()


async def _take(acceptor: Acceptor, key: str, patience: float = 1.0) -> Taken | None:
    return await acceptor.take(ACCOUNT, _incoming(key), patience)


def _incoming(key: str) -> Incoming:
    text = {"FromUserName": "o", "CreateTime": "1", "MsgType": "text", "MsgId": key}
    return incoming(text)
