"""Keeps the decisions that programs ask for, so that each can be explained by its id.

Equal questions are one row. Those that come while a write is under way share the next one: a
flood takes the database's one writer once for all who wait, not once for each.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db import Database
from bot.errors import Unavailable
from bot.policy import repository
from bot.policy.engine import Decision
from bot.policy.engine.decision import plain
from bot.policy.engine.words import Source
from bot.policy.models import AskedDecision
from bot.policy.publishing import release

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200


@dataclass
class Waiting:
    """A decision whose caller waits until it is kept."""

    decision: Decision
    done: Future[None] = field(default_factory=Future)


class Keeper:
    """Keeps decisions before they are told; safe to share between threads."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._adding = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: list[Waiting] = []

    def keep(self, decision: Decision) -> None:
        """Return once the decision can be explained. Raises Unavailable."""
        if self._is_kept(decision.decision_id):
            return
        mine = Waiting(decision)
        with self._adding:
            self._waiting.append(mine)
        while not mine.done.done():
            with self._writing:
                if not mine.done.done():
                    self._write_next()
        mine.done.result()

    def _is_kept(self, decision_id: str) -> bool:
        today = self._clock.today()
        try:
            with self._db.read() as session:
                last = repository.asked(session, [decision_id]).get(decision_id)
                return last == today or bool(repository.kept(session, [decision_id]))
        except SQLAlchemyError as error:
            raise Unavailable from error

    def _write_next(self) -> None:
        with self._adding:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        failed: Exception | None = None
        try:
            with self._db.write() as session:
                self._write(session, [each.decision for each in batch])
        except SQLAlchemyError as error:
            failed = Unavailable()
            failed.__cause__ = error
        except Exception as error:
            log.exception("decisions that were asked for cannot be kept")
            failed = error  # whoever waits is told, whatever it is
        for each in batch:
            if failed is None:
                each.done.set_result(None)
            else:
                each.done.set_exception(failed)

    def _write(self, session: Session, decisions: Sequence[Decision]) -> None:
        # In one order everywhere, so that two processes never wait for each other's rows.
        by_id = {each.decision_id: each for each in decisions}
        ordered = [by_id[key] for key in sorted(by_id)]
        known = repository.asked(session, by_id)
        today = self._clock.today()
        repository.asked_again(session, [key for key, day in known.items() if day != today], today)
        for source in _sources(ordered):
            release.keep_missing(session, source, self._clock.now())
        for decision in ordered:
            if decision.decision_id not in known:
                repository.add_asked(session, self._row(decision))

    def _row(self, decision: Decision) -> AskedDecision:
        return AskedDecision(
            id=decision.decision_id,
            policy_set=decision.policy_set,
            version=decision.version,
            as_of=decision.as_of,
            facts=plain(decision.facts),
            presume=decision.presume,
            profile=dict(decision.profile),
            rules=list(decision.rules),
            record=decision.json(),
            created_at=self._clock.now(),
            last_asked=self._clock.today(),
        )


def _sources(decisions: Sequence[Decision]) -> list[Source]:
    """The versions that decided, each once."""
    found = {(each.policy_set, each.version): each.source for each in decisions}
    return [source for source in found.values() if source is not None]
