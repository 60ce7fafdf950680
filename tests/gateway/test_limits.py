"""Callers are counted one by one, also behind a proxy, and counting keeps nobody waiting."""

import argparse
import asyncio
import socket
import time
from typing import Any
from unittest import mock

import httpx
import pytest
import uvicorn

from bot import cli
from bot.errors import TooMany
from bot.gateway import limits
from bot.gateway.limits import RateLimit


def test_who_calls_too_often_is_told_when_to_come_again() -> None:
    limit = RateLimit("open", "2/minute", None)
    asyncio.run(limit.admit("a"))
    limit.check("a")
    with pytest.raises(TooMany) as refused:
        asyncio.run(limit.admit("a"))
    assert 1 <= refused.value.details["retry_after"] <= 60
    limit.check("b")


def test_a_redis_that_does_not_answer_lets_callers_in_and_holds_no_other_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "_REDIS_PATIENCE", 0.2)
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            ticks.append(time.monotonic())
            await asyncio.sleep(0.01)

    async def admitted(address: str) -> None:
        limit = RateLimit("open", "1/minute", address)
        ticking = asyncio.create_task(tick())
        await limit.admit("a")
        await limit.admit("a")
        ticking.cancel()

    with socket.create_server(("127.0.0.1", 0)) as mute:
        asyncio.run(admitted(f"redis://127.0.0.1:{mute.getsockname()[1]}/0"))
    assert len(ticks) > 5


@pytest.mark.parametrize(
    ("trusted", "caller"), [("10.0.0.0/24", "203.0.113.7"), ("127.0.0.1", "10.0.0.9")]
)
def test_behind_a_proxy_of_ours_each_shopper_has_an_address_of_their_own(
    monkeypatch: pytest.MonkeyPatch, trusted: str, caller: str
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", trusted)
    monkeypatch.setenv("RASA_TOKEN", "a-token")
    served: list[uvicorn.Config] = []

    async def who(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["client"][0].encode()})

    with (
        mock.patch.object(cli.gateway, "build", return_value=who),
        mock.patch.object(cli.gateway, "Server", side_effect=lambda config: served.append(config)),
        pytest.raises(AttributeError),  # nothing is to be run
    ):
        cli._serve(argparse.Namespace())
    assert _seen(served[0]) == caller


def _seen(config: uvicorn.Config) -> str:
    config.load()
    proxy = httpx.ASGITransport(app=config.loaded_app, client=("10.0.0.9", 4711))

    async def ask() -> str:
        async with httpx.AsyncClient(transport=proxy, base_url="http://desk") as client:
            answer = await client.get("/", headers={"X-Forwarded-For": "203.0.113.7"})
            return answer.text

    return asyncio.run(ask())
