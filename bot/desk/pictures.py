"""Pictures that people send to shoppers: checked and drawn anew, as those of shoppers are."""

from typing import IO

from bot.accounts.service import Identity
from bot.attachments import pictures
from bot.attachments.service import Album
from bot.conversations import service as conversations
from bot.desk.talk import Talk


def send(
    talk: Talk,
    album: Album,
    who: Identity,
    conversation_id: str,
    fence: int,
    file: IO[bytes],
    client_id: str,
) -> None:
    """Show a picture to the shopper; the same `client_id` again changes nothing. Takes a moment:
    to be called off the event loop.

    Raises NotAPicture, BrokenPicture, TooManyPixels, NoRoom, TooManyPhotos, NotYours, NotFound.
    """
    kept = album.keep(conversations.new_id(), pictures.redraw(file))
    shown = False
    try:
        shown = talk.picture(who, conversation_id, fence, kept, client_id)
    finally:
        if not shown:
            album.forget(kept.id)
