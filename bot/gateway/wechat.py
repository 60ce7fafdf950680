"""WeChat's callbacks: verified, written down, answered in time or acknowledged.

WeChat waits five seconds and then delivers again. What has its answer within four gets it as
passive reply, which costs no quota; everything else is acknowledged and sent by the courier.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response

from bot.channels.wechat import callback
from bot.channels.wechat.account import Account
from bot.channels.wechat.callback import NOTHING_TO_SAY, Heard
from bot.gateway import wechat_intake as intake
from bot.gateway.web import Chat
from bot.gateway.wechat_acceptor import Acceptor
from bot.gateway.wechat_breaker import SHORT, Breaker
from bot.gateway.wechat_intake import Taken
from bot.gateway.wechat_photos import WeChatPhotos
from bot.outbox.parcels import Passive
from bot.outbox.service import TOPIC
from bot.wake import Wake
from bot.wechat.accounts import Accounts

CROWD = 48  # callbacks that wait at once; behind so many no turn comes in time
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


@dataclass
class WeChat:
    """What callbacks are handled with; `patience` is how many seconds one may wait."""

    chat: Chat
    accounts: Accounts
    photos: WeChatPhotos
    wake: Wake
    patience: float = 4.0
    waiting: int = 0
    breakers: dict[str, Breaker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.breakers = defaultdict(lambda: Breaker(self.patience), self.breakers)
        self.acceptor = Acceptor(self.chat, self._accepted)

    def start(self) -> None:
        """Take callbacks in, fetch photos."""
        self.acceptor.start()
        self.photos.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self.photos.stop()
        self.acceptor.stop()

    def patience_now(self, account: Account) -> float:
        """Seconds that a callback of the account may wait."""
        if self.waiting >= CROWD:
            return 0.0
        return self.breakers[account.name].patience()

    def _accepted(self, taken: Taken) -> None:
        # After the commit: a lane woken before it would find nothing.
        if taken.new and taken.waits_for is not None:
            self.chat.lanes.wake(taken.conversation_id)
            self.chat.announce(taken.conversation_id)
        if taken.photo:
            self.photos.wake()


def routes(wechat: WeChat) -> APIRouter:
    """`/wechat` for the default account and `/wechat/{account}` for every other."""
    router = APIRouter()

    @router.get("/wechat", include_in_schema=False)
    @router.get("/wechat/{name}", include_in_schema=False)
    async def verify(request: Request, name: str | None = None) -> Response:
        account = wechat.accounts.get(name)
        echo = callback.verify(account, _query(request), wechat.chat.clock.now())
        return Response(echo, media_type="text/plain; charset=utf-8", headers=_HEADERS)

    @router.post("/wechat", include_in_schema=False)
    @router.post("/wechat/{name}", include_in_schema=False)
    async def receive(request: Request, name: str | None = None) -> Response:
        began, account = time.monotonic(), wechat.accounts.get(name)
        heard = callback.hear(
            account, _query(request), await request.body(), wechat.chat.clock.now()
        )
        text = await _answer(wechat, account, heard, began)
        return _response(wechat, account, heard, text)

    return router


def _query(request: Request) -> Mapping[str, str]:
    return dict(request.query_params)


def _response(wechat: WeChat, account: Account, heard: Heard, text: str | None) -> Response:
    if text is None:
        return Response(NOTHING_TO_SAY, media_type="text/plain", headers=_HEADERS)
    now = wechat.chat.clock.now()
    body = callback.answer(account, heard, text, now, secrets.token_hex(8))
    return Response(body, media_type="application/xml", headers=_HEADERS)


async def _answer(wechat: WeChat, account: Account, heard: Heard, began: float) -> str | None:
    """The passive reply, if there is one in time."""
    patience = wechat.patience_now(account)
    taken = await wechat.acceptor.take(account, heard.incoming, patience)
    reply = taken.reply
    if patience == 0.0 and reply is None:
        return None  # the courier finds it by itself
    if reply is None and taken.waits_for is not None:
        wechat.waiting += 1
        try:
            wait = _Wait(taken, heard.incoming.client_id, began + patience, patience > SHORT)
            over, reply = await _waited(wechat.chat, wait)
        finally:
            wechat.waiting -= 1
        wechat.breakers[account.name].report(patience, in_time=over)
    if reply is None or reply.more:
        await asyncio.to_thread(wechat.wake.tell, TOPIC)
    return None if reply is None else reply.text


@dataclass(frozen=True)
class _Wait:
    """A wait for the turn of a line, until `deadline` of the monotonic clock; a `thorough` one
    ends with a last look for whatever has been said, the others cost nothing in a rush."""

    taken: Taken
    client_id: str
    deadline: float
    thorough: bool


async def _waited(chat: Chat, wait: _Wait) -> tuple[bool, Passive | None]:
    """Whether the turn came in time, and the answer if the callback may have it."""
    with chat.listeners.waiting(wait.taken.conversation_id) as news:
        while True:
            news.clear()
            left = wait.deadline - time.monotonic()
            if left <= 0 and not wait.thorough:
                return False, None
            over, reply = await asyncio.to_thread(
                intake.offer, chat, wait.taken, wait.client_id, last=left <= 0
            )
            if over or reply is not None or left <= 0:
                return over, reply
            try:
                await asyncio.wait_for(news.wait(), left)
            except TimeoutError:
                continue
