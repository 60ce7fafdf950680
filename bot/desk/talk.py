"""What a person at the desk does with conversations: each act one transaction, told after it.

The services decide; here stand who may, which transaction, and whom to wake.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.attachments import service as attachments
from bot.attachments.service import Kept
from bot.clock import Clock
from bot.conversations import modes
from bot.conversations import repository as transcript
from bot.conversations import service as conversations
from bot.conversations.models import Conversation
from bot.db import Database
from bot.desk.canned import Canned, Reply
from bot.desk.saying import Reason, Saying
from bot.errors import BadInput, DeskError, NotFound
from bot.handoff import lists
from bot.handoff.claims import Claims, Lease
from bot.handoff.models import Resolution
from bot.outbox import service as outbox
from bot.outbox.guard import Uncovered
from bot.wake import Wake

Result = TypeVar("Result")
_MENTION = re.compile(r"@(\S{1,32})")


@dataclass(frozen=True)
class Talk:
    """Conversations, as the pages call them."""

    db: Database
    clock: Clock
    claims: Claims
    saying: Saying
    canned: Canned
    wake: Wake

    def claim(self, who: Identity, conversation_id: str) -> Lease:
        """Take a shopper out of the queue."""
        self._served(who, conversation_id)
        lease = self._write(
            lambda session: self.claims.claim(session, conversation_id, who.user_id)
        )
        self._changed(conversation_id)
        return lease

    def claim_next(self, who: Identity) -> str:
        """Take whoever is next for this person; the conversation's id. Raises NotFound."""
        who.need(May.ANSWER)
        with self.db.read() as session:
            rows = lists.waiting(session, sorted(who.shops), limit=20)
        own = [row for row in rows if row.department in (None, *who.departments)]
        for row in [*own, *(row for row in rows if row not in own)]:
            try:
                self.claim(who, row.conversation_id)
            except DeskError as refused:
                if refused.code == "already_taken" or refused.code == "nobody_waits":
                    continue
                raise
            return row.conversation_id
        raise NotFound("现在没有人在排队。")

    def take_over(self, who: Identity, conversation_id: str, why: str) -> Lease:
        """Take a conversation from whoever has it; from a colleague only as a supervisor."""
        conversation = self._served(who, conversation_id)
        if conversation.agent not in (None, who.user_id):
            who.need(May.SUPERVISE)
        lease = self._write(
            lambda session: self.claims.take_over(session, conversation_id, who.user_id, why)
        )
        self._changed(conversation_id)
        return lease

    def join(self, who: Identity, conversation_id: str) -> Lease:
        """Write beside the person who has the conversation."""
        who.need(May.SUPERVISE)
        self._served(who, conversation_id)
        lease = self._write(lambda session: self.claims.join(session, conversation_id, who.user_id))
        self._changed(conversation_id)
        return lease

    def say(
        self,
        who: Identity,
        conversation_id: str,
        fence: int,
        text: str,
        client_id: str,
        over: Reason | None = None,
    ) -> str:
        """Say a line to the shopper; gives it as it was said.

        Raises UnknownBlank, Unheld, BadInput, NotYours: then nothing was sent.
        """
        self._served(who, conversation_id)

        def say(session: Session) -> str:
            conversation = self._conversation(session, conversation_id)
            line = self.saying.fill(session, who, conversation, text)
            self.saying.say(session, who, conversation, fence, line, client_id, over)
            return line

        line = self._write(say)
        self._changed(conversation_id, "outbox")
        return line

    def picture(
        self, who: Identity, conversation_id: str, fence: int, kept: Kept, client_id: str
    ) -> bool:
        """Show the shopper a picture; False when that had been done under the same id.

        Raises NotYours, NotFound, TooManyPhotos: then nothing was sent.
        """
        self._served(who, conversation_id)

        def show(session: Session) -> bool:
            attachments.check_room(session, conversation_id)
            said = self.claims.say(
                session, conversation_id, fence, who.user_id, "", client_id, wordless=True
            )
            if attachments.of_message(session, said.id) is not None:
                return False
            attachments.put(session, conversation_id, said.id, kept, self.clock.now())
            conversations.attach(session, said.id, [kept.noted()])
            return True

        shown = self._write(show)
        self._changed(conversation_id, "outbox")
        return shown

    def check(self, who: Identity, conversation_id: str, text: str) -> list[Uncovered]:
        """What a line claims and nothing holds, before it is sent."""
        with self.db.read() as session:
            conversation = self._conversation(session, conversation_id)
            return self.saying.guard.check(session, conversation, text)

    def fill(self, who: Identity, conversation_id: str, text: str) -> str:
        """A canned reply with its blanks filled in. Raises UnknownBlank."""
        with self.db.read() as session:
            conversation = self._conversation(session, conversation_id)
            return self.saying.fill(session, who, conversation, text)

    def macro(
        self,
        who: Identity,
        conversation_id: str,
        fence: int,
        macro: Reply,
        client_id: str,
    ) -> None:
        """Say a sentence and do what follows it, both or neither."""
        self._served(who, conversation_id)

        def act(session: Session) -> None:
            conversation = self._conversation(session, conversation_id)
            line = self.saying.fill(session, who, conversation, macro.text)
            self.saying.say(session, who, conversation, fence, line, client_id, None)
            tag = f"标签：{macro.tag}" if macro.tag else ""
            if macro.resolution is not None:
                self.claims.end(session, conversation_id, fence, who.user_id, macro.resolution, tag)
            elif macro.after == "give_back":
                self.claims.give_back(
                    session, conversation_id, fence, who.user_id, tag, settled=False
                )

        self._write(act)
        self._changed(conversation_id, "outbox")

    def recall(self, who: Identity, conversation_id: str, message_id: str) -> None:
        """Take back a line of one's own that has not been delivered. Raises AlreadySent."""
        self._write(lambda session: self.claims.recall(session, message_id, who.user_id))
        self._changed(conversation_id)

    def settle(self, who: Identity, conversation_id: str, message_id: str, *, used: bool) -> None:
        """Use or drop an answer of the bot that came too late."""
        self._served(who, conversation_id)
        self._write(lambda session: modes.settle_draft(session, message_id, used=used))
        self._changed(conversation_id)

    def note(self, who: Identity, conversation_id: str, text: str) -> list[str]:
        """Leave a note for colleagues; the names that it mentions."""
        words = text.strip()
        if not words or len(words) > 2000:
            raise BadInput("备注要有内容，最多 2000 个字。")
        self._served(who, conversation_id)
        self._write(lambda session: self.claims.note(session, conversation_id, who.user_id, words))
        self._changed(conversation_id)
        return _MENTION.findall(words)

    def transfer(
        self, who: Identity, conversation_id: str, fence: int, to_agent: str, note: str
    ) -> None:
        """Pass a shopper to a colleague who is there."""
        self._write(
            lambda session: self.claims.transfer(
                session, conversation_id, fence, who.user_id, to_agent, note
            )
        )
        self._changed(conversation_id)

    def transfer_to(
        self, who: Identity, conversation_id: str, fence: int, department: str, note: str
    ) -> None:
        """Pass a shopper to a department's queue."""
        self._write(
            lambda session: self.claims.transfer_to(
                session, conversation_id, fence, who.user_id, department, note
            )
        )
        self._changed(conversation_id)

    def give_back(
        self, who: Identity, conversation_id: str, fence: int, note: str, *, settled: bool
    ) -> None:
        """Let the bot go on."""
        self._write(
            lambda session: self.claims.give_back(
                session, conversation_id, fence, who.user_id, note, settled=settled
            )
        )
        self._changed(conversation_id, "outbox")

    def end(
        self,
        who: Identity,
        conversation_id: str,
        fence: int,
        resolution: Resolution,
        note: str,
    ) -> None:
        """Close a conversation."""
        self._write(
            lambda session: self.claims.end(
                session, conversation_id, fence, who.user_id, resolution, note
            )
        )
        self._changed(conversation_id, "outbox")

    def attach_decision(
        self, who: Identity, conversation_id: str, fence: int, record: Mapping[str, Any], key: str
    ) -> None:
        """Tell the shopper what was decided, in the decision's own words, which cover it."""
        self.say(who, conversation_id, fence, decision_words(record), key)

    def _served(self, who: Identity, conversation_id: str) -> Conversation:
        who.need(May.ANSWER)
        with self.db.read() as session:
            conversation = self._conversation(session, conversation_id)
        if not who.serves(conversation.shop):
            raise NotFound("没有找到这个会话。")
        return conversation

    def _conversation(self, session: Session, conversation_id: str) -> Conversation:
        found = transcript.get(session, conversation_id)
        if found is None:
            raise NotFound("没有找到这个会话。")
        return found

    def _write(self, act: Callable[[Session], Result]) -> Result:
        with self.db.write() as session:
            return act(session)

    def _changed(self, conversation_id: str, *more: str) -> None:
        self._tell(f"conversation:{conversation_id}", "queue", *more)

    def _tell(self, *topics: str) -> None:
        for topic in topics:
            self.wake.tell(topic)


def decision_words(record: Mapping[str, Any]) -> str:
    """A decision as a shopper is told it."""
    steps = "".join(f"{step.rstrip('。')}。" for step in record["next_steps"])
    return f"{record['reason']}{steps}"


def state_of(session: Session, message_id: str) -> str:
    """How far a line has come, in a word."""
    state = outbox.state_of(session, message_id)
    return "" if state is None else str(state)
