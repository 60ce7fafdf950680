"""Photos of shoppers: taken in as lines of the conversation, given back to its shopper alone."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from bot.attachments import pictures
from bot.attachments import service as attachments
from bot.attachments.service import Album, Kept
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.errors import BadInput, Conflict
from bot.gateway.failures import TooLarge
from bot.gateway.limits import RateLimit
from bot.gateway.web import Chat, ClientId, Credentials, token_of
from bot.inbox import service as inbox

LARGEST = 10 * 1024 * 1024  # bytes of a photo
_AROUND = 64 * 1024  # bytes of the other fields and the seams between them
_PATIENCE = 30.0  # seconds without a byte after which an upload is broken off
_FREE = 500 * 1024 * 1024  # bytes of disk that photos leave to the database
_AT_ONCE = 2  # pictures drawn at the same time: up to 400 MB each

_client_id: TypeAdapter[str] = TypeAdapter(ClientId)

# A photo never runs anything, whatever a browser takes it for, and no shared cache keeps it.
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
}

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "client_message_id": {"type": "string", "maxLength": 64},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


class PhotoTooLarge(TooLarge):
    """The file is larger than a photo may be."""

    message = "照片超过 10 MB，请截取一部分或者缩小后再发。"


class BrokenOff(BadInput):
    """The upload ended before the photo was whole; sending it again may help."""

    code = "broken_off"
    status = 400
    message = "照片没有传完整，请再试一次。"


@dataclass(frozen=True)
class Photos:
    """What taking in photos works with; `rate` counts by conversation, `crowd` by address."""

    chat: Chat
    album: Album
    folder: Path
    rate: RateLimit
    crowd: RateLimit
    drawing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))


@dataclass(frozen=True)
class Taken:
    """An accepted photo: its line, what the line shows of it, and whether it is new."""

    message_id: str
    seq: int
    photo: Mapping[str, Any]
    new: bool

    def body(self) -> Mapping[str, Any]:
        """What the page is told."""
        return {**self.photo, "message_id": self.message_id, "seq": self.seq}


def routes(photos: Photos) -> APIRouter:
    """The routes under `/api/chat/conversations/{id}/attachments`."""
    router = APIRouter(prefix="/api/chat/conversations/{conversation_id}/attachments")

    @router.post("", status_code=201, openapi_extra=BODY)
    async def send_photo(
        conversation_id: str, request: Request, response: Response, credentials: Credentials
    ) -> Mapping[str, Any]:
        address = request.client.host if request.client else ""
        token = token_of(credentials)
        # Before a byte of the photo is read: nobody uploads without a key.
        await asyncio.to_thread(_permit, photos, conversation_id, token, address)
        async with _received(request) as (file, client_id):
            taken = await _take(photos, conversation_id, client_id, file)
        if not taken.new:
            response.status_code = 200
        return taken.body()

    @router.get("/{attachment_id}", response_class=FileResponse)
    async def show_photo(
        conversation_id: str,
        attachment_id: str,
        credentials: Credentials,
        size: Literal["thumb"] | None = None,
    ) -> FileResponse:
        path = await asyncio.to_thread(
            _path, photos, conversation_id, attachment_id, token_of(credentials), size == "thumb"
        )
        return FileResponse(path, media_type="image/jpeg", headers=HEADERS)

    return router


def _permit(photos: Photos, conversation_id: str, token: str | None, address: str) -> None:
    with photos.chat.db.read() as session:
        conversations.authorise(session, conversation_id, token)
        attachments.check_room(session, conversation_id)
    photos.rate.check(conversation_id)
    photos.crowd.check(address)
    photos.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(photos.folder).free < _FREE:
        raise attachments.NoRoom


@asynccontextmanager
async def _received(request: Request) -> AsyncIterator[tuple[IO[bytes], str]]:
    """The photo in a nameless temporary file, which is gone afterwards however it ends."""
    form = await _form(Request(request.scope, _limited(request.receive)))
    try:
        file = next((each for _, each in form.multi_items() if isinstance(each, UploadFile)), None)
        if file is None or not file.size:
            raise BadInput("没有收到照片，请重新选择。")
        if file.size > LARGEST:
            raise PhotoTooLarge(limit=LARGEST)
        yield file.file, _named(form.get("client_message_id"))
    finally:
        await form.close()


async def _form(request: Request) -> FormData:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadInput("照片要用 multipart/form-data 上传。")
    try:
        return await request.form(max_files=1, max_fields=4, max_part_size=1024)
    except (ClientDisconnect, TimeoutError) as error:
        raise BrokenOff from error
    except HTTPException as error:
        raise BadInput("上传的内容格式不对，请重新选择照片。") from error


def _limited(receive: Receive) -> Receive:
    """`receive` that gives up on bodies above the limit and on senders who fell silent."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await asyncio.wait_for(receive(), _PATIENCE)
        taken += len(message.get("body", b""))
        if taken > LARGEST + _AROUND:
            raise PhotoTooLarge(limit=LARGEST)
        return message

    return limited


def _named(given: object) -> str:
    if given is None:
        return uuid.uuid4().hex
    try:
        return _client_id.validate_python(given)
    except ValidationError as error:
        raise BadInput from error


async def _take(photos: Photos, conversation_id: str, client_id: str, file: IO[bytes]) -> Taken:
    known = await asyncio.to_thread(_known, photos, conversation_id, client_id)
    if known is not None:
        return known
    async with photos.drawing:
        picture = await asyncio.to_thread(pictures.redraw, file)
    return await asyncio.to_thread(_accept, photos, conversation_id, client_id, picture)


def _known(photos: Photos, conversation_id: str, client_id: str) -> Taken | None:
    with photos.chat.db.read() as session:
        message = repository.by_client_id(session, conversation_id, client_id)
        if message is None:
            return None
        shown = conversations.shown(message)["attachments"]
    if not shown:
        raise Conflict("这个编号已经用在别的消息上了。")
    return Taken(message.id, message.seq, shown[0], new=False)


def _accept(
    photos: Photos, conversation_id: str, client_id: str, picture: pictures.Picture
) -> Taken:
    kept = photos.album.keep(conversations.new_id(), picture)
    taken = None
    try:
        taken = _write(photos, conversation_id, client_id, kept)
    finally:
        if taken is None or not taken.new:
            photos.album.forget(kept.id)
    # After the commit: a lane woken before it would find nothing.
    photos.chat.lanes.wake(conversation_id)
    photos.chat.announce(conversation_id)
    return taken


def _write(photos: Photos, conversation_id: str, client_id: str, kept: Kept) -> Taken:
    now = photos.chat.clock.now()
    with photos.chat.db.write() as session:
        conversation = conversations.locked(session, conversation_id)
        accepted = inbox.accept(
            session, conversation.channel, conversation.id, client_id, "", "photo", now
        )
        if accepted.new:
            attachments.put(session, conversation.id, accepted.message_id, kept, now)
            shown = conversations.attach(session, accepted.message_id, [kept.noted()])
            return Taken(accepted.message_id, accepted.seq, shown[0], new=True)
    # The same photo arrived twice at once, and the other one was first.
    known = _known(photos, conversation_id, client_id)
    assert known is not None
    return known


def _path(
    photos: Photos, conversation_id: str, attachment_id: str, token: str | None, thumb: bool
) -> Path:
    with photos.chat.db.read() as session:
        conversations.authorise(session, conversation_id, token)
        attachment = attachments.get(session, conversation_id, attachment_id)
    path = photos.album.path(attachment.id, thumb=thumb)
    if not path.is_file():
        raise attachments.NoPhoto
    return path
