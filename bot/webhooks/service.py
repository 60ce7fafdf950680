"""Webhooks: adding and ending them, and what a call says and is signed with."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from bot.accounts import secrets
from bot.accounts.service import note
from bot.errors import NotFound
from bot.tickets.models import Ticket, TicketEvent
from bot.webhooks import repository, targets
from bot.webhooks.models import Webhook

PREFIX = "whsec_"


class Seal:
    """Seals the secrets of webhooks with the installation's key: they are needed in the clear to
    sign, so a hash would not do."""

    def __init__(self, secret_key: str) -> None:
        key = hashlib.sha256(b"webhooks\0" + secret_key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, plain: str) -> str:
        """What may be kept."""
        return self._fernet.encrypt(plain.encode()).decode()

    def open(self, sealed: str) -> str:
        """The secret again."""
        return self._fernet.decrypt(sealed.encode()).decode()


def add(
    session: Session,
    seal: Seal,
    url: str,
    shops: Iterable[str],
    by: str,
    now: datetime,
    private: bool = False,
) -> tuple[Webhook, str]:
    """A webhook told of every change from now on, and its secret, shown this once.

    Raises BadTarget. An address that is known already gets a new secret and begins anew.
    """
    targets.checked(url, private)
    plain = secrets.new_token(PREFIX)
    known = next((hook for hook in repository.all_hooks(session) if hook.url == url), None)
    hook = known or Webhook(id=str(uuid.uuid4()), url=url, created_at=now)
    hook.secret, hook.shops, hook.active = seal.close(plain), sorted(shops), True
    hook.watermark, hook.created_by = repository.last_event(session), by
    session.add(hook)
    session.flush()
    note(session, by, "webhook_added", hook.id, now, url=url, shops=hook.shops)
    return hook, plain


def end(session: Session, hook_id: str, by: str, now: datetime) -> None:
    """Call a webhook no more. Raises NotFound."""
    hook = session.get(Webhook, hook_id)
    if hook is None:
        raise NotFound("没有这个回调地址。")
    hook.active = False
    note(session, by, "webhook_ended", hook.id, now, url=hook.url)


def key_of(hook: Webhook, event: TicketEvent) -> str:
    """The same for every attempt of one call, and for no other."""
    return f"{hook.id}.{event.id}"


def body_of(hook: Webhook, event: TicketEvent, ticket: Ticket) -> bytes:
    """What is told: the change and nothing about the person."""
    told: dict[str, Any] = {
        "id": key_of(hook, event),
        "type": "ticket.state_changed",
        "at": event.at.isoformat(),
        "ticket": {"no": ticket.no, "shop": ticket.shop, "kind": ticket.kind},
        "event": event.what,
        "from": event.from_state,
        "to": event.to_state,
        "place": event.place,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signed(secret: str, body: bytes, at: int) -> str:
    """HMAC-SHA256 over `<seconds>.<body>`, in hexadecimal."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def headers(key: str, secret: str, body: bytes, at: int) -> dict[str, str]:
    """What goes with a call; old timestamps are the receiver's to refuse."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "after-sales-desk",
        "Idempotency-Key": key,
        "X-Desk-Timestamp": str(at),
        "X-Desk-Signature": f"v1={signed(secret, body, at)}",
    }
