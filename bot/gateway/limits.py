"""How often one caller may call, counted over a moving window."""

import asyncio
import logging
import math
import time
from typing import cast

from limits import parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from bot.errors import TooMany

log = logging.getLogger(__name__)

_REDIS_PATIENCE = 0.5  # seconds; a Redis slower than that does not keep shoppers waiting


class RateLimit:
    """At most `rate` ("60/minute") calls per key; kept in Redis when `redis_url` is set.

    While Redis cannot be reached nothing is counted: a shopper is not to suffer for it.
    """

    def __init__(self, name: str, rate: str, redis_url: str | None) -> None:
        self._name = name
        self._rate = parse(rate)
        self._distant = redis_url is not None
        self._limiter = MovingWindowRateLimiter(_storage(redis_url))

    async def admit(self, key: str) -> None:
        """Count one call without holding the event loop up. Raises TooMany as `check`."""
        if self._distant:
            await asyncio.to_thread(self.check, key)
        else:
            self.check(key)

    def check(self, key: str) -> None:
        """Count one call. Raises TooMany with `retry_after` seconds in its details."""
        try:
            if self._limiter.hit(self._rate, self._name, key):
                return
            stats = self._limiter.get_window_stats(self._rate, self._name, key)
        except StorageError as error:
            log.warning("not counted: %s", error)
            return
        raise TooMany(retry_after=max(1, math.ceil(stats.reset_time - time.time())))


def _storage(redis_url: str | None) -> Storage:
    if redis_url is None:
        return MemoryStorage()
    patience = {
        "socket_timeout": _REDIS_PATIENCE,
        "socket_connect_timeout": _REDIS_PATIENCE,
        "wrap_exceptions": True,
    }
    return cast(Storage, storage_from_string(redis_url, **patience))
