"""How long a callback waits for its answer: not at all, nearly, once turns have become slow."""

import threading
import time
from dataclasses import dataclass, field

SLOW_TURNS = 3
SHORT = 0.3  # seconds that are left while it is open: a recovered Rasa answers well within them
PROBE = 15.0  # seconds after which one callback waits in full again


@dataclass
class Breaker:
    """Opens after three slow turns in a row and closes with the first that is in time."""

    full: float
    _slow: int = 0
    _probed: float = 0.0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def open(self) -> bool:
        """Whether callbacks are acknowledged at once."""
        return self._slow >= SLOW_TURNS

    def patience(self) -> float:
        """Seconds that a callback may wait now."""
        with self._guard:
            if not self.open:
                return self.full
            if time.monotonic() - self._probed < PROBE:
                return min(SHORT, self.full)
            self._probed = time.monotonic()
            return self.full

    def report(self, patience: float, *, in_time: bool) -> None:
        """Tell how a wait of `patience` seconds ended; a short one in vain says nothing."""
        with self._guard:
            if in_time:
                self._slow = 0
            elif patience >= self.full:
                self._slow += 1
                self._probed = time.monotonic()
