"""The shopper API: open a conversation, send a line, wait for the answer."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from bot.channels import web
from bot.clock import Clock
from bot.conversations import service as conversations
from bot.db import Database
from bot.errors import BadInput
from bot.gateway.limits import RateLimit
from bot.gateway.listeners import Listeners
from bot.handoff.waiting import Waiting
from bot.inbox import service as inbox
from bot.inbox.lanes import Lanes
from bot.messages import Author, Button, Line, Mode, Pressed, Spoken
from bot.outbox import service as outbox
from bot.shops.service import Shop, Shops
from bot.wake import SHOPPER_TYPES

LONGEST_WAIT = 25.0

_bearer = HTTPBearer(auto_error=False)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class OpenRequest(BaseModel):
    """Which shop to talk to; the default one when left out."""

    shop: str | None = Field(default=None, max_length=64)


ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]


class LineRequest(BaseModel):
    """A line in the shopper's words, or the payload of a button."""

    client_message_id: ClientId
    text: str | None = None
    payload: str | None = Field(default=None, max_length=200)


@dataclass(frozen=True)
class Chat:
    """What the shopper API works with; `announce` tells every process of a new line, `tell` the
    others of a topic."""

    db: Database
    lanes: Lanes
    listeners: Listeners
    announce: Callable[[str], None]
    waiting: Waiting
    shops: Shops
    spoken: Spoken
    clock: Clock
    opening: RateLimit
    talking: RateLimit
    typing: RateLimit
    tell: Callable[[str], None]
    public_url: str = ""


def routes(chat: Chat) -> APIRouter:
    """The routes under `/api/chat`."""
    router = APIRouter(prefix="/api/chat")

    @router.post("/conversations", status_code=201)
    async def open_conversation(request: Request, body: OpenRequest) -> Mapping[str, Any]:
        await chat.opening.admit(request.client.host if request.client else "")
        return await asyncio.to_thread(_open, chat, body.shop)

    @router.post("/conversations/{conversation_id}/messages", status_code=202)
    async def send_line(
        conversation_id: str, body: LineRequest, response: Response, credentials: Credentials
    ) -> Mapping[str, Any]:
        text, payload = _content(body)
        accepted = await asyncio.to_thread(
            _accept, chat, conversation_id, token_of(credentials), body, text, payload
        )
        if not accepted.new:
            response.status_code = 200
        return {"message_id": accepted.message_id, "seq": accepted.seq}

    @router.get("/conversations/{conversation_id}/messages")
    async def lines_after(
        conversation_id: str,
        credentials: Credentials,
        after: Annotated[int, Query(ge=0, le=2**31)] = 0,
        wait: Annotated[float, Query(ge=0)] = 0,
    ) -> Mapping[str, Any]:
        token = token_of(credentials)
        with chat.listeners.waiting(conversation_id) as news:
            view = await asyncio.to_thread(_view, chat, conversation_id, token, after)
            if not view["messages"] and wait > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), min(wait, LONGEST_WAIT))
                    view = await asyncio.to_thread(_view, chat, conversation_id, token, after)
            said = any(line["author"] == Author.AGENT for line in view["messages"])
            return {**view, "typing": news.typing and not said}

    @router.post("/conversations/{conversation_id}/typing", status_code=204)
    async def typing(conversation_id: str, credentials: Credentials) -> None:
        await asyncio.to_thread(_types, chat, conversation_id, token_of(credentials))

    return router


def token_of(credentials: HTTPAuthorizationCredentials | None) -> str | None:
    """The visitor token of a request, if it came with one."""
    return credentials.credentials if credentials else None


def _content(body: LineRequest) -> tuple[str, str | None]:
    if body.payload is not None:
        if Pressed.by(body.payload).photo:
            raise BadInput("请用图片按钮发送照片。")  # nothing is called a photo that is none
        return web.clean(body.text or body.payload), body.payload
    if body.text is None:
        raise BadInput("还没有写内容，请说说遇到了什么问题。")
    return web.clean(body.text), None


def _open(chat: Chat, slug: str | None) -> Mapping[str, Any]:
    shop = chat.shops.get(slug)
    greeting = Line(greeting_of(shop, chat.spoken), GREETING_BUTTONS)
    with chat.db.write() as session:
        opened = conversations.open_conversation(
            session, shop.slug, web.NAME, greeting, chat.clock.now()
        )
    return {
        "conversation_id": opened.conversation_id,
        "visitor_token": opened.visitor_token,
        "greeting": greeting.text,
        "shop": shop.slug,
        "shop_name": shop.name,
    }


def greeting_of(shop: Shop, spoken: Spoken) -> str:
    """The first line of a conversation with a shop."""
    return shop.greeting or spoken.line("greeting", shop=shop.name).text


GREETING_BUTTONS: tuple[Button, ...] = (
    {"title": "我要退货", "payload": "intent:return_request"},
    {"title": "我要换货", "payload": "intent:exchange_request"},
    {"title": "东西坏了想修", "payload": "intent:repair_request"},
)


def _accept(
    chat: Chat,
    conversation_id: str,
    token: str | None,
    body: LineRequest,
    text: str,
    payload: str | None,
) -> inbox.Accepted:
    with chat.db.write() as session:
        conversation = conversations.authorise(session, conversation_id, token)
        chat.talking.check(conversation.id)
        accepted = inbox.accept(
            session,
            conversation.channel,
            conversation.id,
            body.client_message_id,
            text,
            payload,
            chat.clock.now(),
        )
    # After the commit: a lane woken before it would find nothing.
    chat.lanes.wake(conversation_id)
    chat.announce(conversation_id)
    return accepted


def _types(chat: Chat, conversation_id: str, token: str | None) -> None:
    """Tell the person who answers that the shopper writes; no line of it, and nothing is kept."""
    with chat.db.read() as session:
        conversation = conversations.authorise(session, conversation_id, token)
        answered = conversation.mode == Mode.HUMAN
    if answered:
        chat.typing.check(conversation_id)
        chat.tell(f"{SHOPPER_TYPES}:{conversation_id}")


def _view(chat: Chat, conversation_id: str, token: str | None, after: int) -> Mapping[str, Any]:
    with chat.db.read() as session:
        seen = _seen(chat, session, conversation_id, token, after)
    if not any(line["author"] == Author.AGENT for line in seen["messages"]):
        return seen
    # A person may take a line back until a page has it, so that is written before it is shown.
    with chat.db.write() as session:
        seen = _seen(chat, session, conversation_id, token, after)
        outbox.fetched(session, [line["id"] for line in seen["messages"]])
    return seen


def _seen(
    chat: Chat, session: Session, conversation_id: str, token: str | None, after: int
) -> Mapping[str, Any]:
    conversation = conversations.authorise(session, conversation_id, token)
    place = chat.waiting.place(session, conversation)
    view = conversations.view(session, conversation, after, place.position if place else None)
    return {
        "messages": view.messages,
        "mode": view.mode,
        "position": view.position,
        "wait_minutes": place.minutes if place else None,
        "agent_name": view.agent_name,
        "episode": conversation.episode,
    }
