"""Access tokens: one per account for all processes, fetched by whoever holds the row.

`stable_token` gives the same token until five minutes before its end and lets both live through
those five minutes, so a token is fetched ahead and an old one is used while another process
fetches. A forced refresh kills the token of every other user of the account: at most one an
hour, whatever goes wrong, and twenty a day.
"""

import logging
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.wechat.account import Account
from bot.channels.wechat.client import Api, Fetched
from bot.clock import Clock
from bot.db import Database
from bot.errors import DeskError, Unavailable
from bot.wechat import repository
from bot.wechat.models import Standing

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=5)
LEASE = timedelta(seconds=20)  # longer than the call may take
PATIENCE = 12.0  # seconds to wait for a token that another process fetches
RECENT = timedelta(minutes=10)
FORCED_APART = timedelta(hours=1)
MOST_FORCED = 20  # a day, by the platform's rule
MOST_FETCHED = 500  # a day; the platform allows more, but so many mean a fault of ours
_LOOK_EVERY = 0.1


class NoToken(Unavailable):
    """There is no access token to be had now."""

    code = "wechat_no_token"


@dataclass
class Tokens:
    """The tokens of all accounts. Safe to use from several threads and processes."""

    db: Database
    api: Api
    clock: Clock
    owner: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        self._pause = threading.Event()  # never set: a wait that can be interrupted by nothing

    def get(self, account: Account) -> str:
        """A token that holds. Raises NoToken, or why WeChat gave none."""
        with self.db.read() as session:
            known = repository.standing(session, account.name)
        if known is not None and known.token and _holds(known, self.clock.now() + AHEAD):
            return known.token
        return self._fetched(account, known.token if known else None, force=False)

    def renew(self, account: Account, bad: str) -> str:
        """Another token than `bad`, which WeChat no longer takes; at most one forced refresh.

        Asked without force first, unless that was done a moment ago: another system of the shop
        may have forced one, and then it need not lose that. Raises NoToken when one was forced
        lately already: the fault is elsewhere.
        """
        with self.db.read() as session:
            known = repository.standing(session, account.name)
        if known is not None and known.token and known.token != bad:
            return known.token  # another process has been here
        if known is None or self._is_old(known):
            other = self._fetched(account, bad, force=False)
            if other != bad:
                return other
        if known is not None and not self._may_force(known):
            raise NoToken(reason="刚刚强制刷新过，令牌仍然无效")
        return self._fetched(account, bad, force=True)

    def keep_fresh(self, accounts: Mapping[str, Account]) -> None:
        """Fetch ahead what is about to end; a failure is for whoever needs the token."""
        for account in accounts.values():
            if account.secret:
                try:
                    self.get(account)
                except DeskError as error:
                    log.warning("no token for %s: %s", account.name, error.details)

    def _is_old(self, known: Standing) -> bool:
        return known.fetched_at is None or self.clock.now() - known.fetched_at > RECENT

    def _may_force(self, known: Standing) -> bool:
        now = self.clock.now()
        apart = known.forced_at is None or now - known.forced_at >= FORCED_APART
        return apart and not (known.day == now.date() and known.forced >= MOST_FORCED)

    def _fetched(self, account: Account, old: str | None, *, force: bool) -> str:
        """Fetch, or wait for who fetches; the old one does while it lasts and is not `force`d."""
        waited = 0.0
        while not self._claim(account, force=force):
            usable = self._usable(account, old, force=force)
            if usable is not None:
                return usable
            if waited >= PATIENCE:
                raise NoToken(reason="等待另一个进程刷新令牌超时")
            self._pause.wait(_LOOK_EVERY)
            waited += _LOOK_EVERY
        # Between our look and our claim another may have fetched, and once is enough.
        usable = self._usable(account, old, force=True)
        if usable is not None:
            self._release(account)
            return usable
        return self._call(account, force=force)

    def _usable(self, account: Account, old: str | None, *, force: bool) -> str | None:
        with self.db.read() as session:
            known = repository.standing(session, account.name)
        if known is None or not known.token or (force and known.token == old):
            return None
        return known.token if _holds(known, self.clock.now()) else None

    def _claim(self, account: Account, *, force: bool) -> bool:
        """Take the right to fetch and count the call before it is made."""
        now = self.clock.now()
        with self.db.write() as session:
            repository.ensure_standing(session, account.name)
            if not repository.claim_token(session, account.name, self.owner, now, now + LEASE):
                return False
            known = repository.standing(session, account.name)
            assert known is not None
            if known.day != now.date():
                known.day, known.fetched, known.forced = now.date(), 0, 0
            allowed = known.fetched < MOST_FETCHED
            if allowed:
                known.fetched += 1
                known.forced += force
                known.forced_at = now if force else known.forced_at
            else:
                known.owner = known.lease_until = None
        if not allowed:
            raise NoToken(reason="今天获取令牌的次数已用完")
        return True

    def _call(self, account: Account, *, force: bool) -> str:
        try:
            fetched = self.api.stable_token(account, force=force)
        except Exception:
            self._release(account)
            raise
        self._store(account, fetched)
        return fetched.token

    def _store(self, account: Account, fetched: Fetched) -> None:
        now = self.clock.now()
        with self.db.write() as session:
            known = repository.standing(session, account.name, lock=True)
            assert known is not None
            known.token, known.expires_at = fetched.token, now + timedelta(seconds=fetched.seconds)
            known.fetched_at = now
            known.owner = known.lease_until = None

    def _release(self, account: Account) -> None:
        with self.db.write() as session:
            known = repository.standing(session, account.name, lock=True)
            if known is not None and known.owner == self.owner:
                known.owner = known.lease_until = None


def _holds(known: Standing, at: datetime) -> bool:
    return known.expires_at is not None and known.expires_at > at
