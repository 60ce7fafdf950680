"""Lets go of decisions that programs asked for and nobody asks for any more.

What a conversation or a case rests on is among the decisions kept for ever and is not touched.
"""

from datetime import timedelta

from bot.clock import Clock
from bot.db import Database
from bot.policy import repository

AT_ONCE = 1000  # rows in one transaction, so that nobody waits long for it


def forget_asked(db: Database, clock: Clock, days: int, limit: int) -> int:
    """Remove what was not asked for in so many days, and what is above the limit; how many went."""
    before = clock.today() - timedelta(days=days)
    gone = 0
    while True:
        with db.write() as session:
            went = repository.forget_asked(session, before, AT_ONCE)
            went += repository.forget_above(session, limit, AT_ONCE)
        if not went:
            return gone
        gone += went
