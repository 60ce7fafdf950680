"""Keeping photos outside the web root, under random names, and finding them again."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.attachments import repository
from bot.attachments.models import Attachment
from bot.attachments.pictures import Picture
from bot.errors import Conflict, NotFound, Unavailable

MOST = 100  # photos of one conversation

_ID = re.compile(r"[0-9a-f-]{36}")


class NoRoom(Unavailable):
    """The photo could not be written down."""

    code = "no_room"
    message = "照片暂时存不下来，请稍后再试。"


class TooManyPhotos(Conflict):
    """The conversation already holds all the photos that it may."""

    code = "too_many_photos"
    message = "这次对话里的照片已经很多了，请挑最能说明问题的几张，或者转人工。"


class NoPhoto(NotFound):
    """There is no such photo, or it is of another conversation."""

    code = "no_photo"
    message = "没有找到这张照片。"


@dataclass(frozen=True)
class Kept:
    """A photo whose files are written but which no line carries yet."""

    id: str
    width: int
    height: int
    size: int

    def noted(self) -> Mapping[str, Any]:
        """What a line remembers of its photo; addresses belong to who serves it."""
        return {"id": self.id, "width": self.width, "height": self.height}


class Album:
    """The folder of photos, two files each, spread over 256 folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, attachment_id: str, picture: Picture) -> Kept:
        """Write both files, whole or not at all. Raises NoRoom."""
        try:
            self._write(self.path(attachment_id), picture.full)
            self._write(self.path(attachment_id, thumb=True), picture.thumb)
        except OSError as error:
            self.forget(attachment_id)
            raise NoRoom(reason=type(error).__name__) from error
        return Kept(attachment_id, picture.width, picture.height, len(picture.full))

    def read(self, attachment_id: str) -> bytes:
        """A photo. Raises NoPhoto."""
        try:
            return self.path(attachment_id).read_bytes()
        except OSError as error:
            raise NoPhoto from error

    def forget(self, attachment_id: str) -> None:
        """Remove both files, if they are there."""
        for thumb in (False, True):
            with contextlib.suppress(OSError):
                self.path(attachment_id, thumb=thumb).unlink()

    def path(self, attachment_id: str, *, thumb: bool = False) -> Path:
        """Where a photo, or its small version, lies."""
        name = f"{attachment_id}.thumb.jpg" if thumb else f"{attachment_id}.jpg"
        return self._folder / attachment_id[:2] / name

    def written_before(self, instant: datetime) -> Iterator[Sequence[Path]]:
        """The files last written before an instant, one folder's after the other's."""
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            found = [
                each for each in folder.iterdir() if each.stat().st_mtime < instant.timestamp()
            ]
            if found:
                yield found

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def check_room(session: Session, conversation_id: str) -> None:
    """Raises TooManyPhotos when the conversation holds all that it may."""
    if repository.count(session, conversation_id) >= MOST:
        raise TooManyPhotos(limit=MOST)


def put(
    session: Session, conversation_id: str, message_id: str, kept: Kept, now: datetime
) -> Attachment:
    """Let a line carry a photo, in the caller's transaction."""
    attachment = Attachment(
        id=kept.id,
        conversation_id=conversation_id,
        message_id=message_id,
        width=kept.width,
        height=kept.height,
        size=kept.size,
        created_at=now,
    )
    session.add(attachment)
    session.flush()
    return attachment


def get(session: Session, conversation_id: str, attachment_id: str) -> Attachment:
    """A photo of this conversation. Raises NoPhoto."""
    # What is no id is not looked up: PostgreSQL fails on a NUL where SQLite finds nothing.
    known = _ID.fullmatch(attachment_id)
    found = known and repository.of_conversation(session, conversation_id, attachment_id)
    if found is None:
        raise NoPhoto
    return found


def known(session: Session, ids: Iterable[str]) -> set[str]:
    """Those of these photos that a line carries."""
    return repository.known(session, ids)


def of_message(session: Session, message_id: str) -> Attachment | None:
    """The photo that a line carries, if it carries one."""
    return repository.of_message(session, message_id)


def of_messages(session: Session, message_ids: Sequence[str]) -> Sequence[Attachment]:
    """The photos of several lines, oldest first: what a case or an agent's page shows."""
    return repository.of_messages(session, message_ids)
