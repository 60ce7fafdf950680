"""Callbacks written down together fail, and are waited for, one by one."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.exc import IntegrityError

from bot.channels.wechat.account import Account
from bot.channels.wechat.parse import Incoming, Kind
from bot.gateway import wechat_acceptor
from bot.gateway.web import Chat
from bot.gateway.wechat_acceptor import Acceptor
from bot.gateway.wechat_intake import Taken
from tests.wechat.stage import make_database

ACCOUNT = Account("default", "wx1", "t")


@pytest.fixture
def acceptor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Acceptor]:
    """One whose taking in is played: `bad` always fails, `late` collides once."""
    collided = set()

    def take_in(
        session: Any, chat: Any, account: Any, incoming: Incoming, patience: float
    ) -> Taken:
        if incoming.key == "bad":
            raise ValueError
        if incoming.key == "late" and incoming.key not in collided:
            collided.add(incoming.key)
            raise IntegrityError("", {}, ValueError())
        return Taken(incoming.key, new=True)

    monkeypatch.setattr(wechat_acceptor, "take_in", take_in)
    database = make_database(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    made = Acceptor(cast(Chat, SimpleNamespace(db=database)), lambda taken: None)
    made.start()
    yield made
    made.stop()
    database.close()


def test_a_callback_that_fails_spoils_no_other(acceptor: Acceptor) -> None:
    async def all_at_once() -> list[Any]:
        keys = ["a", "bad", "b", "late", "c"]
        return await asyncio.gather(*(_take(acceptor, key) for key in keys), return_exceptions=True)

    a, bad, b, late, c = _run(all_at_once())
    assert isinstance(bad, ValueError)
    assert [each.conversation_id for each in (a, b, late, c)] == ["a", "b", "late", "c"]


def test_whoever_stops_waiting_does_not_stop_the_others(acceptor: Acceptor) -> None:
    async def called_off() -> Taken:
        waiting = [asyncio.ensure_future(_take(acceptor, f"{n}")) for n in range(50)]
        await asyncio.sleep(0)
        for each in waiting:
            each.cancel()
        return await _take(acceptor, "last")

    assert _run(called_off()).conversation_id == "last"


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    # In a thread of its own: a browser left open by another file holds a loop in this one.
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, work).result()


async def _take(acceptor: Acceptor, key: str) -> Taken:
    incoming = Incoming(Kind.TEXT, openid="o", recipient="g", created=1, key=key)
    return await acceptor.take(ACCOUNT, incoming, 1.0)
