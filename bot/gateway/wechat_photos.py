"""Photos of WeChat: fetched from the platform, checked and drawn anew, then their turn comes."""

import io
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.attachments import pictures
from bot.attachments import service as attachments
from bot.attachments.pictures import Picture
from bot.attachments.service import Album
from bot.channels.wechat.account import Account
from bot.channels.wechat.client import Api, Refused
from bot.channels.wechat.codes import Fate, fate
from bot.conversations import repository as lines
from bot.conversations import service as conversations
from bot.errors import BadInput, DeskError
from bot.gateway.web import Chat
from bot.inbox import service as inbox
from bot.messages import Mode
from bot.outbox import service as outbox
from bot.wechat import repository
from bot.wechat.accounts import Accounts
from bot.wechat.models import MediaState, Received
from bot.wechat.tokens import Tokens

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
TRIES = 4
PAUSES = (1, 5, 20)  # seconds before the second try, the third, the last
SWEEP = 2.0
LOST = "[没有收到的图片]"


@dataclass
class WeChatPhotos:
    """Fetches on two threads; a sweep takes up what a former process left."""

    chat: Chat
    album: Album
    accounts: Accounts
    api: Api
    tokens: Tokens
    told: Callable[[], None]
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="photo")
        self._sweeper = threading.Thread(target=self._sweep_for_ever, daemon=True)

    def start(self) -> None:
        """Begin to sweep."""
        self._sweeper.start()

    def stop(self) -> None:
        """Finish what is being fetched."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def wake(self) -> None:
        """There is something to fetch."""
        if not self._stopping.is_set():
            self._pool.submit(self._sweep_once)

    def _sweep_for_ever(self) -> None:
        while not self._stopping.wait(SWEEP):
            self._sweep_once()

    def _sweep_once(self) -> None:
        try:
            while not self._stopping.is_set() and (one := self._claimed()) is not None:
                self._fetch(one)
        except Exception:  # the database may be away for a moment; the sweep comes again
            log.exception("photos of WeChat")

    def _claimed(self) -> Received | None:
        now = self.chat.clock.now()
        with self.chat.db.read() as session:
            waiting = bool(repository.wanted_media(session, now, 1))
        if not waiting:
            return None
        with self.chat.db.write() as session:
            for one in repository.wanted_media(session, now, 10):
                if repository.claim_media(session, one, now, now + LEASE):
                    session.expunge(one)
                    return one
        return None

    def _fetch(self, one: Received) -> None:
        tries = one.media_tries + 1  # the claim counted it past this copy
        try:
            picture = self._picture(self.accounts.get(one.account), one.media_id or "")
        except DeskError as error:
            log.warning("photo %s, try %d: %s %s", one.key, tries, error.code, error.details)
            self._failed(one, tries, passing=_may_pass(error))
            return
        self._keep(one, tries, picture)

    def _picture(self, account: Account, media_id: str) -> Picture:
        """Raises DeskError: not to be had, or none that can be shown."""
        token = self.tokens.get(account)
        try:
            data = self.api.media(token, media_id)
        except Refused as error:
            if fate(error.errcode) != Fate.TOKEN:
                raise
            data = self.api.media(self.tokens.renew(account, token), media_id)
        return pictures.redraw(io.BytesIO(data))

    def _keep(self, one: Received, tries: int, picture: Picture) -> None:
        kept = self.album.keep(conversations.new_id(), picture)
        now, written = self.chat.clock.now(), False
        try:
            with self.chat.db.write() as session:
                written = repository.settle_media(session, one, tries, MediaState.KEPT, None)
                if written and one.message_id is not None:
                    message_id = one.message_id
                    attachments.put(session, one.conversation_id, message_id, kept, now)
                    conversations.attach(session, message_id, [kept.noted()])
                    inbox.hasten(session, message_id, now)
        except Exception:
            written = False
            raise
        finally:
            if not written:
                self.album.forget(kept.id)
        self.chat.lanes.wake(one.conversation_id)
        self.chat.announce(one.conversation_id)

    def _failed(self, one: Received, tries: int, *, passing: bool) -> None:
        now = self.chat.clock.now()
        with self.chat.db.write() as session:
            if passing and tries < TRIES:
                due = now + timedelta(seconds=PAUSES[tries - 1])
                repository.settle_media(session, one, tries, MediaState.WANTED, due)
                return
            if not repository.settle_media(session, one, tries, MediaState.LOST, None):
                return
            self._own_up(session, one)
        self.chat.lanes.wake(one.conversation_id)
        self.chat.announce(one.conversation_id)
        self.told()

    def _own_up(self, session: Session, one: Received) -> None:
        """The line has its answer without a turn, and shows that there was a picture."""
        now, message_id = self.chat.clock.now(), one.message_id
        conversation = conversations.locked(session, one.conversation_id)
        message = lines.message(session, message_id) if message_id else None
        if message is None or not inbox.settle(session, message.id, now):
            return
        message.text, message.payload = LOST, None
        if conversation.mode == Mode.BOT:
            line = self.chat.spoken.line("wechat_photo_lost")
            said = conversations.say(session, conversation, line, now, message.id, "0")
            outbox.put(session, conversation, said, now)


def _may_pass(error: DeskError) -> bool:
    """Whether trying again can help: not when the file is no picture, nor when it is gone."""
    if isinstance(error, Refused):
        return fate(error.errcode) in (Fate.RETRY, Fate.TOKEN, Fate.FAULT)
    return not isinstance(error, BadInput)
