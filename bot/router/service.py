"""Answer one line: ask Rasa, say what it said, and keep the shopper informed when it cannot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.conversations.models import Conversation, Message
from bot.db import Database
from bot.dialogue.service import Question, Rasa
from bot.errors import NotFound
from bot.handoff.service import HandOff
from bot.messages import Line, Pressed, Spoken
from bot.outbox import service as outbox

# Enough to hear a plain wish for a person while Rasa, which hears all others, is away.
_PERSON = re.compile(r"人工|真人|找人|经理|回电|回个?电话")


@dataclass(frozen=True)
class Router:
    """Answers lines one at a time; safe to use from several threads."""

    db: Database
    rasa: Rasa
    handoff: HandOff
    spoken: Spoken
    clock: Clock

    def answer(self, message_id: str) -> Sequence[Line]:
        """What is to be said to a line. Holds no transaction while Rasa thinks.

        Raises DeskError when nothing can be said now.
        """
        with self.db.read() as session:
            question = self._question(session, message_id)
        return self.rasa.answer(question)

    def say(self, session: Session, message_id: str, lines: Sequence[Line]) -> None:
        """Write the answer to a line and send it on its way, in the caller's transaction."""
        message, conversation = self._load(session, message_id)
        for place, line in enumerate(lines):
            self._say(session, conversation, message, line, str(place))

    def apologise(self, session: Session, message_id: str) -> bool:
        """Tell the shopper once per line that it is kept but cannot be answered yet."""
        message, conversation = self._load(session, message_id)
        if any(reply.place == "outage" for reply in repository.replies(session, message_id)):
            return False
        self._say(session, conversation, message, self.spoken.line("outage"), "outage")
        return True

    def give_up(self, session: Session, message_id: str) -> None:
        """Hand a line that the bot cannot answer to people, with a promised time."""
        message, conversation = self._load(session, message_id)
        why = "系统没能自动答复：" + message.text[:200]
        ticket, _ = self.handoff.call_back(session, conversation, message_id, why)
        promise = self.handoff.tickets.promise(ticket)
        name = "person_without_bot" if _asks_for_person(message) else "given_up"
        line = self.spoken.line(
            name,
            no=ticket.no,
            promise=self.spoken.line("promise_dated", at=promise).text
            if promise
            else self.spoken.line("promise_undated").text,
        )
        said = Line(line.text, ticket=self.handoff.tickets.shown(ticket))
        self._say(session, conversation, message, said, "0")

    def wants_person(self, session: Session, message_id: str) -> bool:
        """Whether a line asks for a person in so many words."""
        message = repository.message(session, message_id)
        return message is not None and _asks_for_person(message)

    def _question(self, session: Session, message_id: str) -> Question:
        message, conversation = self._load(session, message_id)
        return Question(
            message_id=message.id,
            conversation_id=conversation.id,
            shop=conversation.shop,
            text=message.text,
            pressed=Pressed.by(message.payload) if message.payload else None,
            asking=conversation.asking,
            offer=conversation.offer,
        )

    def _load(self, session: Session, message_id: str) -> tuple[Message, Conversation]:
        message = repository.message(session, message_id)
        if message is None:
            raise NotFound
        return message, conversations.locked(session, message.conversation_id)

    def _say(
        self,
        session: Session,
        conversation: Conversation,
        message: Message,
        line: Line,
        place: str,
    ) -> None:
        now = self.clock.now()
        said = conversations.say(session, conversation, line, now, message.id, place)
        outbox.put(session, conversation, said, now)


def _asks_for_person(message: Message) -> bool:
    return message.payload == "human" or bool(_PERSON.search(message.text))
