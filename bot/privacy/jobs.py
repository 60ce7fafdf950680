"""The worker's part: what is old enough is erased, whoever asks or not."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.attachments import service as attachments
from bot.attachments.service import Album
from bot.clock import Clock
from bot.db import Database
from bot.privacy import repository, service
from bot.privacy.service import Subject

AT_ONCE = 50  # shoppers of one run; the next run goes on
BY = "retention"
STRAY = timedelta(days=1)  # a line carries its photo within seconds, on WeChat within minutes


class Retention:
    """Erases shoppers who have been silent for `days`; 0 keeps them for ever."""

    def __init__(self, db: Database, clock: Clock, album: Album, days: int) -> None:
        self._db, self._clock, self._album, self._days = db, clock, album, days

    def sweep(self) -> int:
        """Erase; how many there were. Each is a transaction of its own."""
        if self._days <= 0:
            return 0
        before = self._clock.now() - timedelta(days=self._days)
        stale = self._stale(before)
        for whose in stale:
            with self._db.write() as session:
                service.erase(session, whose, self._album, BY, self._clock.now())
        return len(stale)

    def forget_strays(self) -> int:
        """Remove files of photos that no line came to carry; how many there were."""
        count = 0
        for files in self._album.written_before(self._clock.now() - STRAY):
            with self._db.read() as session:
                known = attachments.known(session, {_id_of(file) for file in files})
            strays = [file for file in files if _id_of(file) not in known]
            for file in strays:
                file.unlink(missing_ok=True)
            count += len(strays)
        return count

    def _stale(self, before: datetime) -> list[Subject]:
        with self._db.read() as session:
            talks = repository.stale_conversations(session, before, AT_ONCE)
            cases = repository.stale_cases(session, before, AT_ONCE)
            found = [service.subject(session, conversation=talk) for talk in talks]
        return [*found, *(Subject((), (case,)) for case in cases)]


def _id_of(file: Path) -> str:
    return file.name.partition(".")[0]
