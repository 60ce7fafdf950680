"""What a shopper thought of the service: once for each episode of a conversation."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.conversations import service as conversations
from bot.gateway.web import Chat, Credentials, token_of
from bot.tickets.service import Tickets


class RatingRequest(BaseModel):
    """A score from 1 to 5, and words if there are any."""

    score: int = Field(ge=1, le=5, strict=True)
    comment: str = Field(default="", max_length=1000)


def routes(chat: Chat, tickets: Tickets) -> APIRouter:
    """The route under `/api/chat`."""
    router = APIRouter(prefix="/api/chat")

    @router.post("/conversations/{conversation_id}/rating", status_code=201)
    async def rate(
        conversation_id: str, body: RatingRequest, credentials: Credentials
    ) -> Mapping[str, Any]:
        return await asyncio.to_thread(
            _rate, chat, tickets, conversation_id, token_of(credentials), body
        )

    return router


def _rate(
    chat: Chat,
    tickets: Tickets,
    conversation_id: str,
    token: str | None,
    body: RatingRequest,
) -> Mapping[str, Any]:
    with chat.db.write() as session:
        conversation = conversations.authorise(session, conversation_id, token)
        chat.talking.check(conversation.id)
        comment = body.comment.replace("\x00", "")  # PostgreSQL keeps no NUL
        rating = tickets.rate(session, conversation, body.score, comment)
        return {"score": rating.score, "comment": rating.comment, "episode": rating.episode}
