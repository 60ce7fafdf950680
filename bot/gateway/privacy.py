"""The privacy page at `/privacy`, and a note of who went on after being pointed to it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from bot.conversations import service as conversations
from bot.conversations.models import Conversation
from bot.gateway.web import Chat, Credentials, token_of
from bot.messages import Line, Mode
from bot.privacy import consents
from bot.privacy.service import VERSION
from bot.settings import ROOT

PAGE = ROOT / "data" / "privacy.html"
PATH = "/privacy"
LINE = "继续聊就是同意我们按《隐私说明》用您发来的内容处理售后。"


class ConsentRequest(BaseModel):
    """The version of the page that was pointed to."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(pattern=r"^[0-9-]{4,16}$")


def told() -> Mapping[str, Any]:
    """What a page shows under the greeting, and where it leads."""
    return {"url": PATH, "version": VERSION, "line": LINE}


def once(chat: Chat, session: Session, conversation: Conversation, now: datetime) -> Line | None:
    """Where there is no page around the talk: the line to be said in it, once for each version."""
    if not chat.public_url or conversation.mode != Mode.BOT:
        return None
    if not consents.point_out(session, conversation.id, now):
        return None
    return chat.spoken.line("wechat_privacy", url=f"{chat.public_url}{PATH}")


def routes(chat: Chat, page: Path = PAGE) -> APIRouter:
    """`/privacy` and `/api/chat/conversations/{id}/consent`."""
    router = APIRouter()

    @router.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def notice() -> FileResponse:
        return FileResponse(page, headers={"Cache-Control": "no-cache"})

    @router.post("/api/chat/conversations/{conversation_id}/consent", status_code=204)
    async def consented(
        conversation_id: str, body: ConsentRequest, credentials: Credentials
    ) -> None:
        token = token_of(credentials)
        await asyncio.to_thread(_note, chat, conversation_id, token, body.version)

    return router


def _note(chat: Chat, conversation_id: str, token: str | None, version: str) -> None:
    with chat.db.write() as session:
        conversation = conversations.authorise(session, conversation_id, token)
        chat.talking.check(conversation.id)
        consents.note(session, conversation.id, version, chat.clock.now())
