"""Work on threads by key: that of one key one after the other, of different keys side by side."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)


class InOrder:
    """Calls `work(key)` for every key that is woken, never twice at once for the same one."""

    def __init__(self, work: Callable[[str], None], threads: int, name: str) -> None:
        self._work = work
        self._name = name
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._guard = threading.Lock()
        self._woken: dict[str, bool] = {}  # keys at work: whether they have been woken again
        self._stopping = threading.Event()

    def wake(self, key: str) -> None:
        """Work on a key, now or right after the work on it that is under way."""
        with self._guard:
            if self._stopping.is_set():
                return
            running = key in self._woken
            self._woken[key] = running
            if not running:
                self._pool.submit(self._run, key)

    def stop(self) -> None:
        """Finish what is under way and begin nothing else."""
        with self._guard:  # a wake-up is either before this, or sees it and hands in nothing
            self._stopping.set()
        self._pool.shutdown(wait=True)

    @property
    def stopping(self) -> bool:
        """Whether what is under way should come to an end."""
        return self._stopping.is_set()

    def busy(self) -> int:
        """How many keys are worked on or wait to be."""
        return len(self._woken)

    def _run(self, key: str) -> None:
        try:
            self._work(key)
            while self._woken_again(key):
                self._work(key)
        except Exception:  # a lane must never die silently; a sweep will come back to it
            log.exception("%s %s stopped", self._name, key)
            with self._guard:
                self._woken.pop(key, None)

    def _woken_again(self, key: str) -> bool:
        with self._guard:
            again = self._woken[key]
            if again:
                self._woken[key] = False
            else:
                # Leaving under the guard: a wake-up after this starts afresh.
                del self._woken[key]
            return again
