"""Photos of shoppers, shown to whoever serves their shop."""

import asyncio
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response

from bot.accounts.roles import May
from bot.accounts.sessions import Present
from bot.attachments import service as attachments
from bot.conversations import repository as transcript
from bot.desk.services import Services
from bot.errors import DeskError, NotFound


def routes(services: Services) -> APIRouter:
    """The route of the pictures; the door has let in only who is signed in."""
    router = APIRouter(include_in_schema=False)

    @router.get("/photos/{conversation_id}/{photo_id}")
    async def photo(
        request: Request, conversation_id: str, photo_id: str, size: str = ""
    ) -> Response:
        present: Present = request.scope["present"]
        try:
            path = await asyncio.to_thread(
                _path, services, present, conversation_id, photo_id, size == "thumb"
            )
        except DeskError as error:
            return PlainTextResponse(error.message, error.status)
        kept = {"Cache-Control": "private, max-age=86400, immutable"}
        return FileResponse(path, media_type="image/jpeg", headers=kept)

    return router


def _path(
    services: Services,
    present: Present,
    conversation_id: str,
    photo_id: str,
    thumb: bool,
) -> Path:
    present.identity.need(May.ANSWER)
    with services.db.read() as session:
        found = attachments.get(session, conversation_id, photo_id)
        conversation = transcript.get(session, conversation_id)
    path = services.album.path(found.id, thumb=thumb)
    if conversation is None or not present.identity.serves(conversation.shop) or not path.is_file():
        raise NotFound("没有找到这张照片。")
    return path
