"""Timed work of the queue: assigning, people lost or silent, waits in vain, alerts."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.conversations import service as conversations
from bot.db import Database
from bot.handoff import repository
from bot.handoff.assigning import assign
from bot.handoff.claims import Claims
from bot.messages import Line
from bot.outbox import service as outbox

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sweeps:
    """Each sweep does all there is to do, one transaction for each conversation, and may run in
    two processes at once; `tell` is called after a commit."""

    db: Database
    claims: Claims
    tell: Callable[[str], None]

    def assign(self) -> int:
        """Give waiting shoppers to people; how many."""
        count = 0
        while True:
            with self.db.write() as session:
                given = assign(self.claims, session)
            if not given:
                return count
            count += self._changed(given)

    def lost(self) -> int:
        """Return conversations whose person has given no sign of life, or has left."""
        limits, now = self.claims.handoff.limits, self.claims.clock.now()
        with self.db.write() as session:
            gone = repository.mark_lost(session, now - limits.lost)
        if gone:
            log.warning("lost at the desk: %s", ", ".join(gone))
        with self.db.read() as session:
            left = repository.without_holder(session)
        return self._each(left, lambda session, one: self._returned(session, one, "lost"))

    def silent(self) -> int:
        """Return conversations in which a shopper has waited too long for a word."""
        before = self.claims.clock.now() - self.claims.handoff.limits.silent
        with self.db.read() as session:
            found = repository.neglected(session, before)

        def returned(session: Session, one: str) -> bool:
            conversations.locked(session, one)  # the person may just have answered
            still = one in repository.neglected(session, before)
            return still and self._returned(session, one, "silent")

        return self._each(found, returned)

    def alone(self) -> int:
        """Turn waits into call-backs where nobody is there to come."""
        now, limits = self.claims.clock.now(), self.claims.handoff.limits
        with self.db.read() as session:
            waiting = [
                (record.conversation_id, max(record.queued_at, record.told_at or record.queued_at))
                for record in repository.queued(session)
            ]
        due = [one for one, since in waiting if since <= now - limits.alone]
        return self._each(due, self._missed)

    def alert(self) -> int:
        """Mark waits that are too long, so that the desk rings; how many."""
        now, limits = self.claims.clock.now(), self.claims.handoff.limits
        with self.db.write() as session:
            late = repository.alert(session, now - limits.alert, now)
        for one in late:
            log.warning("waits too long: %s", one)
        return self._changed(late)

    def all(self) -> int:
        """Every sweep once, in the order in which one makes work for the next."""
        return self.lost() + self.silent() + self.alone() + self.assign() + self.alert()

    def _returned(self, session: Session, conversation_id: str, why: str) -> bool:
        return self.claims.requeue(session, conversation_id, why)

    def _missed(self, session: Session, conversation_id: str) -> bool:
        handoff = self.claims.handoff
        conversation = conversations.locked(session, conversation_id)
        if handoff.reachable(session, conversation):
            return False
        ticket = handoff.miss(session, conversation)
        if ticket is None:
            return False
        spoken, promise = handoff.spoken, handoff.tickets.promise(ticket)
        at = spoken.line("promise_dated", at=promise) if promise else spoken.line("promise_undated")
        said = spoken.line("queue_no_one", no=ticket.no, promise=at.text).text
        line = Line(said, ticket=handoff.tickets.shown(ticket))
        now = handoff.clock.now()
        message = conversations.say(session, conversation, line, now)
        outbox.put(session, conversation, message, now)
        return True

    def _each(self, found: Iterable[str], work: Callable[[Session, str], bool]) -> int:
        changed = []
        for conversation_id in found:
            with self.db.write() as session:
                if work(session, conversation_id):
                    changed.append(conversation_id)
        return self._changed(changed)

    def _changed(self, found: Iterable[str]) -> int:
        told = [*found]
        for conversation_id in told:
            self.tell(f"conversation:{conversation_id}")
        for topic in ("queue", "outbox") if told else ():
            self.tell(topic)
        return len(told)
