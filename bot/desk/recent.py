"""The desk's lists read once for everybody who looks at them."""

import threading
import time
from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.handoff import lists
from bot.handoff.lists import OpenRow, WaitingRow

LONGEST = 1.0  # seconds for which lists are given again though nobody told of a change

Lists = tuple[Sequence[WaitingRow], Sequence[OpenRow]]


class Recent:
    """Who waits and what people have, as read since the last change of the queue.

    20 people look at the same 700 rows: read for each of them they cost half a second.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._changes = 0
        self._kept: tuple[float, Lists] | None = None

    def changed(self, topics: set[str]) -> None:
        """Read anew next time, if that is what was told."""
        if "queue" in topics:
            self._changes += 1
            self._kept = None

    def lists(self, session: Session) -> Lists:
        """The queue and the open conversations of all shops."""
        with self._guard:  # the first reads, the others wait for what it has read
            kept = self._kept
            if kept is not None and time.monotonic() - kept[0] < LONGEST:
                return kept[1]
            before = self._changes
            found = lists.waiting(session), lists.open_conversations(session)
            if before == self._changes:  # otherwise it may be out of date already
                self._kept = time.monotonic(), found
            return found
