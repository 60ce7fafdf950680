"""Lanes: the turns of one conversation in order, those of different ones side by side."""

import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db import Database
from bot.errors import DeskError
from bot.in_order import InOrder
from bot.inbox import repository
from bot.inbox.models import TurnState
from bot.inbox.repository import Claimed
from bot.router.service import Answer, ModeChanged, Router

log = logging.getLogger(__name__)

# A turn is cut off by its own time-outs well before this, so a lease that ran out is a dead owner.
LEASE = timedelta(seconds=30)
# After these many seconds a failed turn is tried again; then people take over.
BACK_OFF = (0.5, 1, 2, 4, 8, 15, 15, 15, 30, 30)
SWEEP = 2.0  # seconds between looks for turns whose wake-up was lost


@dataclass
class Lanes:
    """Runs turns on `threads` threads; `announce` is told a conversation with new lines, and
    `queue_changed` is called when one has entered or left the queue for people."""

    db: Database
    router: Router
    clock: Clock
    announce: Callable[[str], None]
    threads: int
    alone: bool = False
    queue_changed: Callable[[], None] = lambda: None
    give_way: Callable[[], None] = lambda: None  # called before a turn: others may be in a hurry
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        self._lanes = InOrder(self._run_turns, self.threads, "lane")
        self._stopping = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_for_ever, name="sweep", daemon=True)

    def start(self) -> None:
        """Take up what a former process left and begin to sweep.

        With `alone` no other process can be running turns (SQLite and its lock file), so what
        is marked running was cut off and is due at once; otherwise its lease has to run out.
        """
        if self.alone:
            with self.db.write() as session:
                repository.release_owned_by_others(session, self.owner, self.clock.now())
        self._sweep()
        self._sweeper.start()

    def stop(self) -> None:
        """Finish the turns under way and start no others."""
        self._stopping.set()
        self._lanes.stop()

    def busy(self) -> int:
        """How many conversations have a turn under way or before them."""
        return self._lanes.busy()

    def wake(self, conversation_id: str) -> None:
        """Run the lane of a conversation, now or right after the turn it is in."""
        self._lanes.wake(conversation_id)

    def _run_turns(self, conversation_id: str) -> None:
        turn = self._claim(conversation_id)
        while turn is not None:
            turn = self._run(turn)

    def _run(self, turn: Claimed) -> Claimed | None:
        """Run a turn; the one to run next, if there is one."""
        self.give_way()
        if turn.attempt > len(BACK_OFF) + 1:  # its process dies of it each time
            return self._failed(turn, "never came to an end")
        try:
            said = self.router.answer(turn.message_id)
        except DeskError as error:
            return self._failed(turn, f"{error.code}: {error.details}")
        except Exception as error:  # a fault of ours is no reason to lose a line
            log.exception("turn %s failed", turn.message_id)
            return self._failed(turn, repr(error))
        try:
            queue_changed, following = self._end(turn, said)
        except ModeChanged:
            return self._again(turn)
        self._tell(turn.conversation_id, queue_changed)
        return following

    def _again(self, turn: Claimed) -> Claimed | None:
        """Run a turn anew at once: nothing failed, only the bot has the word again."""
        with self.db.write() as session:
            now = self.clock.now()
            repository.postpone(session, turn.message_id, self.owner, now, ModeChanged.code)
        return self._claim(turn.conversation_id)

    def _end(self, turn: Claimed, answer: Answer) -> tuple[bool, Claimed | None]:
        """Write the answer and the end of its turn as one; the turn to run next."""
        queue_changed = False
        with self.db.write() as session:
            if self._finish(session, turn, TurnState.DONE):
                queue_changed = self.router.say(session, turn.message_id, answer)
            # Here, because looking in a transaction of its own costs a turn 1 ms more.
            return queue_changed, self._head(session, turn.conversation_id)

    def _tell(self, conversation_id: str, queue_changed: bool) -> None:
        self.announce(conversation_id)
        if queue_changed:
            self.queue_changed()

    def _claim(self, conversation_id: str) -> Claimed | None:
        self.give_way()
        with self.db.write() as session:
            return self._head(session, conversation_id) or self._hastened(session, conversation_id)

    def _head(self, session: Session, conversation_id: str) -> Claimed | None:
        if self._stopping.is_set():
            return None
        now = self.clock.now()
        return repository.claim_head(session, conversation_id, self.owner, now, now + LEASE)

    def _hastened(self, session: Session, conversation_id: str) -> Claimed | None:
        """The head that was put off, when it or a line behind it asks for a person."""
        waiting = repository.pending(session, conversation_id)
        if not self._person_wanted(session, waiting):
            return None
        repository.hasten(session, waiting[0], self.clock.now())
        return self._head(session, conversation_id)

    def _person_wanted(self, session: Session, lines: Sequence[str]) -> bool:
        return any(self.router.wants_person(session, line) for line in lines)

    def _failed(self, turn: Claimed, error: str) -> Claimed | None:
        """Put a failed turn back or hand it to people; then the lane may go on."""
        log.warning("turn %s, attempt %d: %s", turn.message_id, turn.attempt, error)
        queue_changed = False
        with self.db.write() as session:
            # Also for a wish behind this line: nobody waits for a person until the bot gives in.
            waiting = [turn.message_id, *repository.pending(session, turn.conversation_id)]
            given_up = turn.attempt > len(BACK_OFF) or self._person_wanted(session, waiting)
            if given_up:
                if self._finish(session, turn, TurnState.FAILED, error):
                    queue_changed = self.router.give_up(session, turn.message_id)
            else:
                self._postpone(session, turn, error)
        self._tell(turn.conversation_id, queue_changed)
        return self._claim(turn.conversation_id) if given_up else None

    def _postpone(self, session: Session, turn: Claimed, error: str) -> None:
        pause = BACK_OFF[turn.attempt - 1]
        due = self.clock.now() + timedelta(seconds=pause)
        held = repository.postpone(session, turn.message_id, self.owner, due, error)
        # The first failure is often a restart under way; a second is worth a word, said once.
        if held and turn.attempt >= 2:
            self.router.apologise(session, turn.message_id)
        self._later(turn.conversation_id, pause)

    def _finish(
        self, session: Session, turn: Claimed, state: TurnState, error: str | None = None
    ) -> bool:
        now = self.clock.now()
        return repository.finish(session, turn.message_id, self.owner, state, now, error)

    def _later(self, conversation_id: str, seconds: float) -> None:
        timer = threading.Timer(seconds + 0.01, self.wake, [conversation_id])
        timer.daemon = True
        timer.start()

    def _sweep_for_ever(self) -> None:
        while not self._stopping.wait(SWEEP):
            try:
                self._sweep()
            except Exception:  # the database may be away for a moment; look again
                log.exception("sweep failed")

    def _sweep(self) -> None:
        with self.db.read() as session:
            lanes = repository.lanes_with_work(session, self.clock.now())
        for conversation_id in lanes:
            self.wake(conversation_id)
