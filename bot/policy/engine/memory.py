"""What was worked out once and may be wanted again, never more of it than a limit."""

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(dict[Key, Value]):
    """A table that starts afresh when it would hold more than its limit; shared by threads.

    Starting afresh costs less at every look-up than keeping the oldest entry at hand.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._weight = 0

    def keep(self, key: Key, value: Value, weight: int = 1) -> Value:
        """Remember a value; `weight` is what it takes of the limit. Gives back the value."""
        if self._weight + weight > self._limit:
            self.clear()
            self._weight = 0
        self._weight += weight
        self[key] = value
        return value
