"""The worker's part: find what webhooks are owed, and call them until they say yes."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import urllib3

from bot.clock import Clock
from bot.db import Database
from bot.tickets.models import Ticket, TicketEvent
from bot.webhooks import repository, service, targets
from bot.webhooks.models import CallState, Webhook, WebhookCall
from bot.webhooks.service import Seal

log = logging.getLogger(__name__)

PAGE = 200
FIRST = timedelta(seconds=10)  # until the second attempt; each next one waits twice as long
LONGEST = timedelta(hours=6)
# Numbers of entries are given out before they are seen: no transaction takes this long.
ON_ITS_WAY = timedelta(minutes=10)
KEPT = timedelta(days=30)  # what was sent or given up, to be looked up


@dataclass(frozen=True)
class _Call:
    """A claimed call, ready to be made."""

    id: int
    url: str
    body: bytes
    headers: dict[str, str]
    last: bool


class Calls:
    """Calls of every webhook; two workers never make the same attempt."""

    def __init__(
        self, db: Database, clock: Clock, seal: Seal, tries: int = 8, private: bool = False
    ) -> None:
        self._db, self._clock, self._seal = db, clock, seal
        self._tries, self._private = tries, private

    def sweep(self) -> int:
        """Collect, then call whatever is due; how many calls were answered with yes."""
        self.collect()
        with self._db.read() as session:
            hooks = [hook.id for hook in repository.all_hooks(session)]
        return sum(self._sweep_one(hook_id) for hook_id in hooks)

    def collect(self) -> None:
        """Owe every webhook what has happened since."""
        with self._db.read() as session:
            active = [hook.id for hook in repository.all_hooks(session) if hook.active]
        for hook_id in active:
            while self._collect_page(hook_id) == PAGE:
                pass

    def forget(self) -> int:
        """Remove what ended long ago."""
        with self._db.write() as session:
            return repository.forget(session, self._clock.now() - KEPT)

    def _sweep_one(self, hook_id: str) -> int:
        """The due calls of one webhook, until one is not answered with yes: who does not answer
        must not hold up the others, seconds for each call."""
        with self._db.read() as session:
            due = repository.due(session, hook_id, self._clock.now(), PAGE)
        answered = 0
        for call in due:
            tried = self._try(call)
            if tried is False:
                break
            answered += tried is True
        return answered

    def _collect_page(self, hook_id: str) -> int:
        now = self._clock.now()
        with self._db.write() as session:
            hook = session.get(Webhook, hook_id, with_for_update=True)
            if hook is None:
                return 0
            found = repository.unseen(session, hook, PAGE)
            for event_id in found:
                session.add(WebhookCall(webhook_id=hook.id, event_id=event_id, due_at=now))
            if len(found) < PAGE:
                hook.watermark = repository.settled_before(session, hook, now - ON_ITS_WAY)
        return len(found)

    def _try(self, call: WebhookCall) -> bool | None:
        """Whether the call was answered with yes; None where it was not made."""
        claimed = self._claim(call)
        if claimed is None:
            return None
        outcome, yes = self._made(claimed)
        now = self._clock.now()
        with self._db.write() as session:
            if yes:
                return repository.end(session, claimed.id, CallState.SENT, outcome, now)
            if claimed.last:
                repository.end(session, claimed.id, CallState.DEAD, outcome, now)
            else:
                repository.note(session, claimed.id, outcome)
        log.warning("webhook call %d failed: %s", claimed.id, outcome)
        return False

    def _claim(self, call: WebhookCall) -> _Call | None:
        now = self._clock.now()
        with self._db.write() as session:
            hook = session.get(Webhook, call.webhook_id)
            happened = repository.happened(session, call.event_id)
            over = call.attempts >= self._tries  # killed in its last attempt
            if hook is None or not hook.active or happened is None or over:
                repository.end(session, call.id, CallState.DEAD, call.outcome or "given up", now)
                return None
            if not repository.claim(session, call, now + _wait(call.attempts)):
                return None
            return self._ready(call, hook, *happened, now=now)

    def _ready(
        self,
        call: WebhookCall,
        hook: Webhook,
        event: TicketEvent,
        ticket: Ticket,
        now: datetime,
    ) -> _Call:
        body = service.body_of(hook, event, ticket)
        secret = self._seal.open(hook.secret)
        headers = service.headers(service.key_of(hook, event), secret, body, int(now.timestamp()))
        return _Call(call.id, hook.url, body, headers, last=call.attempts + 1 >= self._tries)

    def _made(self, call: _Call) -> tuple[str, bool]:
        try:
            status = targets.post(call.url, call.body, call.headers, self._private)
        except targets.BadTarget:
            return "address not allowed", False
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return type(error).__name__, False
        return f"status {status}", 200 <= status < 300


def _wait(attempts: int) -> timedelta:
    """Until the attempt after the one that is made now."""
    return min(FIRST * (1 << min(attempts, 20)), LONGEST)
