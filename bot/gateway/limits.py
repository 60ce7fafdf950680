"""How often one caller may call, counted over a moving window."""

import math
import time

from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from bot.errors import TooMany


class RateLimit:
    """At most `rate` ("60/minute") calls per key; kept in Redis when `redis_url` is set."""

    def __init__(self, name: str, rate: str, redis_url: str | None) -> None:
        self._name = name
        self._rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(storage_from_string(redis_url or "memory://"))

    def check(self, key: str) -> None:
        """Count one call. Raises TooMany with `retry_after` seconds in its details."""
        if not self._limiter.hit(self._rate, self._name, key):
            stats = self._limiter.get_window_stats(self._rate, self._name, key)
            raise TooMany(retry_after=max(1, math.ceil(stats.reset_time - time.time())))
