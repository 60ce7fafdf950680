"""Photos of a conversation, shown to whoever serves its shop; pictures that people send into it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.requests import ClientDisconnect

from bot.accounts.roles import May
from bot.accounts.sessions import Present
from bot.attachments import service as attachments
from bot.conversations import repository as transcript
from bot.desk import pictures
from bot.desk.services import Services
from bot.errors import BadInput, DeskError, NotFound

LARGEST = 10 * 1024 * 1024  # bytes of a picture
_IN_MEMORY = 1024 * 1024
_PATIENCE = 30.0  # seconds without a byte after which an upload is broken off
_AT_ONCE = 2  # pictures drawn at the same time: up to 400 MB each


def routes(services: Services) -> APIRouter:
    """The route of the pictures; the door has let in only who is signed in."""
    router = APIRouter(include_in_schema=False)
    drawing = asyncio.Semaphore(_AT_ONCE)

    @router.post("/photos/{conversation_id}")
    async def send(
        request: Request,
        conversation_id: str,
        fence: Annotated[int, Query(ge=0, le=2**31)],
        line_id: Annotated[str, Query(alias="id", min_length=1, max_length=64)],
    ) -> Response:
        who = _present(request).identity
        try:
            who.need(May.ANSWER)
            async with _received(request) as file, drawing:
                given = (who, conversation_id, fence, file, line_id)
                await asyncio.to_thread(pictures.send, services.talk, services.album, *given)
        except DeskError as error:
            return PlainTextResponse(error.message, error.status)
        return Response(status_code=204)

    @router.get("/photos/{conversation_id}/{photo_id}")
    async def photo(
        request: Request, conversation_id: str, photo_id: str, size: str = ""
    ) -> Response:
        present = _present(request)
        try:
            path = await asyncio.to_thread(
                _path, services, present, conversation_id, photo_id, size == "thumb"
            )
        except DeskError as error:
            return PlainTextResponse(error.message, error.status)
        kept = {"Cache-Control": "private, max-age=86400, immutable"}
        return FileResponse(path, media_type="image/jpeg", headers=kept)

    return router


def _present(request: Request) -> Present:
    found: Present = request.scope["present"]
    return found


@asynccontextmanager
async def _received(request: Request) -> AsyncIterator[IO[bytes]]:
    """The body in a nameless temporary file, which is gone afterwards however it ends."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        chunks, size = request.stream(), 0
        try:
            while chunk := await asyncio.wait_for(anext(chunks, b""), _PATIENCE):
                size += len(chunk)
                if size > LARGEST:
                    raise BadInput("图片超过 10 MB，请截取一部分或者缩小后再发。")
                file.write(chunk)
        except (ClientDisconnect, TimeoutError) as error:
            raise BadInput("图片没有传完整，请再试一次。") from error
        yield file


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
