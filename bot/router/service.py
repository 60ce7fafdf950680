"""Answer one line: ask Rasa while the bot has the word, and keep quiet while people have it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversations import modes, repository
from bot.conversations import service as conversations
from bot.conversations.models import Conversation, Message
from bot.db import Database
from bot.dialogue.service import Question, Rasa
from bot.errors import Conflict, NotFound
from bot.handoff.assigning import at_once
from bot.handoff.claims import Claims
from bot.handoff.service import HandOff
from bot.handoff.waiting import Place
from bot.language.person import asks_for_person
from bot.messages import Author, Line, Mode, Pressed, Spoken
from bot.outbox import service as outbox
from bot.outbox.guard import Guard
from bot.router import waiting
from bot.router.waiting import Means

BEGUN = "reply"  # the effect under which the action server keeps what it did about a line


class ModeChanged(Conflict):
    """The bot has the word again, but had not when this turn began: it is to be run anew."""

    code = "mode_changed"


@dataclass(frozen=True)
class Answer:
    """What is to be said to a line, and the fence under which the turn began. `by_bot` is False
    where the bot was not asked, because it did not have the word."""

    lines: Sequence[Line]
    fence: int
    by_bot: bool = True


@dataclass(frozen=True)
class Router:
    """Answers lines one at a time; safe to use from several threads."""

    db: Database
    rasa: Rasa
    handoff: HandOff
    spoken: Spoken
    clock: Clock
    guard: Guard | None = None  # None: nothing is held back

    def answer(self, message_id: str) -> Answer:
        """What is to be said to a line. Holds no transaction while Rasa thinks.

        Raises DeskError when nothing can be said now.
        """
        with self.db.read() as session:
            message, conversation = _look(session, message_id)
            # A line that took the word from the bot has yet to hear of it.
            asked = conversation.mode == Mode.BOT or _has_begun(session, message_id)
        if conversation.mode == Mode.CLOSED:  # it was closed over this line
            conversation, asked = self._reopened(conversation.id), True
        if not asked:
            return Answer((), conversation.fence, by_bot=False)
        return Answer(self.rasa.answer(_question(message, conversation)), conversation.fence)

    def say(self, session: Session, message_id: str, answer: Answer) -> bool:
        """Write the answer to a line and send it on its way, in the caller's transaction; whether
        the queue has changed with this turn.

        An answer that comes after somebody has taken over becomes a draft for them. Raises
        ModeChanged, before anything is written, when the turn has to be run anew.
        """
        message, conversation = self._load(session, message_id)
        if not answer.by_bot:
            return self._say_without_bot(session, message, conversation)
        queued = self.handoff.waiting.queued_by(session, conversation, message_id)
        if queued or self._may_write(conversation, answer.fence):
            self._say_all(session, conversation, message, answer.lines)
            if queued:
                self._has_heard_of_queue(session, conversation)
            return queued
        self._too_late(session, message, conversation, answer.lines)
        return False

    def apologise(self, session: Session, message_id: str) -> bool:
        """Tell the shopper once per line that it is kept but cannot be answered yet."""
        message, conversation = self._load(session, message_id)
        told = any(reply.place == "outage" for reply in repository.replies(session, message_id))
        if told or conversation.mode != Mode.BOT:
            return False
        self._say(session, conversation, message, self.spoken.line("outage"), "outage")
        return True

    def give_up(self, session: Session, message_id: str) -> bool:
        """Hand a line that the bot cannot answer to people: into the queue, or with a promised
        time. Whether the queue has changed."""
        message, conversation = self._load(session, message_id)
        if conversation.mode == Mode.CLOSED:  # it was closed over this line
            modes.reopen(conversation)
        if conversation.mode != Mode.BOT:
            return False
        asks = _asks_for_person(message)
        why = "系统没能自动答复：" + message.text[:200]
        handed = self.handoff.request(session, conversation, message_id, why, {"asks": asks})
        if handed.place is not None:
            self._say(session, conversation, message, self._queued(handed.place), "0")
            self._has_heard_of_queue(session, conversation)
            return True
        ticket = handed.ticket
        assert ticket is not None  # the bot had the word, so it is the queue or a case
        promise = self.handoff.tickets.promise(ticket)
        name = "person_without_bot" if asks else "given_up"
        line = self.spoken.line(
            name,
            no=ticket.no,
            promise=self.spoken.line("promise_dated", at=promise).text
            if promise
            else self.spoken.line("promise_undated").text,
        )
        said = Line(line.text, ticket=self.handoff.tickets.shown(ticket))
        self._say(session, conversation, message, said, "0")
        return False

    def wants_person(self, session: Session, message_id: str) -> bool:
        """Whether a line asks for a person in so many words."""
        message = repository.message(session, message_id)
        return message is not None and _asks_for_person(message)

    def _reopened(self, conversation_id: str) -> Conversation:
        with self.db.write() as session:
            conversation = conversations.locked(session, conversation_id)
            if conversation.mode == Mode.CLOSED:
                modes.reopen(conversation)
            return conversation

    def _may_write(self, conversation: Conversation, fence: int) -> bool:
        return conversation.mode == Mode.BOT and conversation.fence == fence

    def _too_late(
        self, session: Session, message: Message, conversation: Conversation, lines: Sequence[Line]
    ) -> None:
        _check_not_left(session, message, conversation)
        modes.keep_draft(session, conversation.id, message.id, lines, self.clock.now())

    def _say_without_bot(
        self, session: Session, message: Message, conversation: Conversation
    ) -> bool:
        if conversation.mode == Mode.WAITING:
            return self._while_waiting(session, message, conversation)
        _check_not_left(session, message, conversation)
        return False

    def _while_waiting(
        self, session: Session, message: Message, conversation: Conversation
    ) -> bool:
        means = waiting.meaning(message.text, message.payload)
        if means == Means.LEAVE:
            self.handoff.leave(session, conversation)
            again, free = self.spoken.line("back_to_bot"), self.spoken.line("back_to_bot_free")
            lines = self.handoff.welcome_back(session, conversation, again, free)
            self._say_all(session, conversation, message, lines)
            return True
        if means == Means.HOW_LONG:
            place = self.handoff.waiting.place(session, conversation)
        else:
            place = self.handoff.waiting.news(session, conversation)
        if place is not None:
            said = self.handoff.waiting.place_line(place)
            self._say(session, conversation, message, Line(said, (waiting.BACK,)), "0")
            self.handoff.waiting.told(session, conversation)
        return False

    def _has_heard_of_queue(self, session: Session, conversation: Conversation) -> None:
        """From now on people may take the shopper; one who is free does at once."""
        self.handoff.waiting.told(session, conversation)
        at_once(Claims(self.handoff), session, conversation)

    def _queued(self, place: Place) -> Line:
        where = self.handoff.waiting.place_line(place)
        return self.spoken.line("person_queued", (waiting.BACK,), place=where)

    def _load(self, session: Session, message_id: str) -> tuple[Message, Conversation]:
        message = repository.message(session, message_id)
        if message is None:
            raise NotFound
        return message, conversations.locked(session, message.conversation_id)

    def _say_all(
        self, session: Session, conversation: Conversation, message: Message, lines: Sequence[Line]
    ) -> None:
        for place, line in enumerate(lines):
            self._say(session, conversation, message, line, str(place), lines)

    def _say(
        self,
        session: Session,
        conversation: Conversation,
        message: Message,
        line: Line,
        place: str,
        beside: Sequence[Line] = (),
    ) -> None:
        now = self.clock.now()
        leaves = line
        if self.guard is not None:
            leaves = self.guard.may_leave(session, conversation, line, beside)
        said = conversations.say(session, conversation, leaves, now, message.id, place)
        outbox.put(session, conversation, said, now)


def _look(session: Session, message_id: str) -> tuple[Message, Conversation]:
    message = repository.message(session, message_id)
    conversation = repository.get(session, message.conversation_id) if message else None
    if message is None or conversation is None:
        raise NotFound
    return message, conversation


def _has_begun(session: Session, message_id: str) -> bool:
    return conversations.effect(session, message_id, BEGUN) is not None


def _question(message: Message, conversation: Conversation) -> Question:
    return Question(
        message_id=message.id,
        conversation_id=conversation.id,
        shop=conversation.shop,
        text=message.text,
        pressed=Pressed.by(message.payload) if message.payload else None,
        asking=conversation.asking,
        offer=conversation.offer,
    )


def _check_not_left(session: Session, message: Message, conversation: Conversation) -> None:
    """A line that people have let go of without a word is the bot's to answer again."""
    if conversation.mode in (Mode.BOT, Mode.CLOSED) and not repository.said_after(
        session, conversation.id, message.seq, Author.AGENT
    ):
        raise ModeChanged


def _asks_for_person(message: Message) -> bool:
    return message.payload == "human" or asks_for_person(message.text)
