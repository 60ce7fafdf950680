"""WeChat's callbacks: verified, written down, answered in time or acknowledged.

WeChat waits five seconds and then delivers again. What has its answer within four gets it as
passive reply, which costs no quota; everything else is acknowledged and sent by the courier.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response

from bot.channels.wechat import callback
from bot.channels.wechat.account import Account
from bot.channels.wechat.callback import NOTHING_TO_SAY, Heard
from bot.gateway import wechat_intake as intake
from bot.gateway.listeners import News
from bot.gateway.web import Chat
from bot.gateway.wechat_acceptor import Acceptor
from bot.gateway.wechat_breaker import SHORT, Breaker
from bot.gateway.wechat_intake import Taken
from bot.gateway.wechat_photos import WeChatPhotos
from bot.outbox.parcels import Passive
from bot.outbox.service import TOPIC
from bot.wake import Wake
from bot.wechat.accounts import Accounts

CROWD = 24  # conversations whose turns are under way; behind so many none comes in good time
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


@dataclass
class WeChat:
    """What callbacks are handled with; `patience` is how many seconds one may wait."""

    chat: Chat
    accounts: Accounts
    photos: WeChatPhotos
    wake: Wake
    patience: float = 4.0
    breakers: dict[str, Breaker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.breakers = defaultdict(lambda: Breaker(self.patience), self.breakers)
        self.acceptor = Acceptor(
            self.chat, self.accounts, self._accepted, lambda: self.wake.tell(TOPIC)
        )

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
        if self.acceptor.behind() or self.chat.lanes.busy() >= CROWD:
            return 0.0
        return self.breakers[account.name].patience()

    def _accepted(self, taken: Taken, news: News | None) -> None:
        # After the commit: a lane woken before it would find nothing.
        if taken.new and taken.waits_for is not None:
            self.chat.announce(taken.conversation_id)
            if news is not None:  # before the turn can end, and deaf to the line itself
                self.chat.listeners.join(taken.conversation_id, news)
            self.chat.lanes.wake(taken.conversation_id)
        if taken.photo:
            self.photos.wake()


def routes(wechat: WeChat) -> APIRouter:
    """`/wechat` for the default account and `/wechat/{name}` for every other; bare routes, since
    in a rush half the time of a callback went into what FastAPI does around them."""

    async def verify(request: Request) -> Response:
        account = wechat.accounts.get(request.path_params.get("name"))
        echo = callback.verify(account, request.query_params, wechat.chat.clock.now())
        return Response(echo, media_type="text/plain; charset=utf-8", headers=_HEADERS)

    async def receive(request: Request) -> Response:
        began = time.monotonic()
        account = wechat.accounts.get(request.path_params.get("name"))
        body, now = await request.body(), wechat.chat.clock.now()
        heard = callback.hear(account, request.query_params, body, now)
        text = await _answer(wechat, account, heard, began)
        return _response(wechat, account, heard, text)

    router = APIRouter()
    for path in ("/wechat", "/wechat/{name}"):
        router.add_route(path, verify, ["GET"], include_in_schema=False)
        router.add_route(path, receive, ["POST"], include_in_schema=False)
    return router


def _response(wechat: WeChat, account: Account, heard: Heard, text: str | None) -> Response:
    if text is None:
        return Response(NOTHING_TO_SAY, media_type="text/plain", headers=_HEADERS)
    now = wechat.chat.clock.now()
    body = callback.answer(account, heard, text, now, secrets.token_hex(8))
    return Response(body, media_type="application/xml", headers=_HEADERS)


async def _answer(wechat: WeChat, account: Account, heard: Heard, began: float) -> str | None:
    """The passive reply, if there is one in time."""
    patience = wechat.patience_now(account)
    news = News() if patience else None
    taken = await wechat.acceptor.take(account, heard.incoming, patience, news)
    if taken is None or (news is None and taken.reply is None):
        return None  # the courier finds it by itself
    reply = taken.reply
    if reply is None and news is not None and taken.waits_for is not None:
        wait = _Wait(taken, heard.incoming.client_id, began + patience, patience > SHORT)
        over, reply = await _waited(wechat, wait, news)
        if over or not wechat.acceptor.behind():
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


async def _waited(wechat: WeChat, wait: _Wait, news: News) -> tuple[bool, Passive | None]:
    """Whether the turn came in time, and the answer if the callback may have it. A rush that
    sets in ends the wait."""
    with wechat.chat.listeners.waiting(wait.taken.conversation_id, news):
        if not wait.taken.new:
            news.set()  # the turn may be over already
        while True:
            last = False
            while not last and not await _told(news, wait.deadline):
                if wechat.acceptor.behind():
                    return False, None
                last = time.monotonic() >= wait.deadline
            if last and not wait.thorough:
                return False, None
            over, reply = await asyncio.to_thread(
                intake.offer, wechat.chat, wait.taken, wait.client_id, last=last
            )
            if over or reply is not None or last:
                return over, reply


async def _told(news: News, deadline: float) -> bool:
    """Wait a moment for an announcement; whether there was one."""
    left = max(0.0, min(SHORT, deadline - time.monotonic()))
    try:
        await asyncio.wait_for(news.wait(), left)
    except TimeoutError:
        return False
    news.clear()
    return True
