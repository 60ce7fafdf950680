"""Keys of the shop's own systems."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.accounts import repository, secrets
from bot.accounts.models import ApiKey
from bot.accounts.service import note
from bot.errors import BadInput, NotFound

PREFIX = "asd_"  # so that a key that leaked is found by those who look for such
USED = timedelta(minutes=1)


def issue(
    session: Session, name: str, shops: Iterable[str], may_write: bool, by: str, now: datetime
) -> tuple[ApiKey, str]:
    """A new key and its plain text, which is kept nowhere. Raises BadInput."""
    name = name.strip()
    if not 1 <= len(name) <= 64:
        raise BadInput("给密钥起个 1–64 字的名字，方便以后辨认。")
    if any(known.name == name for known in repository.api_keys(session)):
        raise BadInput("已经有同名的密钥了，换个名字。", name=name)
    plain = secrets.new_token(PREFIX)
    key = ApiKey(
        id=str(uuid.uuid4()),
        name=name,
        key_hash=secrets.hashed(plain),
        shops=sorted(shops),
        may_write=may_write,
        created_by=by,
        created_at=now,
    )
    session.add(key)
    session.flush()
    note(session, by, "key_issued", name, now, shops=key.shops, may_write=may_write)
    return key, plain


def known(session: Session, plain: str | None) -> ApiKey | None:
    """The key of that plain text if it still holds."""
    if not plain or not plain.startswith(PREFIX) or len(plain) > 128:
        return None
    key = repository.api_key(session, secrets.hashed(plain))
    return None if key is None or key.revoked_at is not None else key


def is_to_be_noted(key: ApiKey, now: datetime) -> bool:
    """Whether a use of it is to be noted, once a minute."""
    return key.used_at is None or now - key.used_at > USED


def used(session: Session, key_id: str, now: datetime) -> None:
    """Note when a key was last used."""
    repository.note_use(session, key_id, now)


def revoke(session: Session, key_id: str, by: str, now: datetime) -> None:
    """End a key at once. Raises NotFound."""
    key = repository.api_key_by_id(session, key_id)
    if key is None:
        raise NotFound("没有这个密钥。")
    key.revoked_at = key.revoked_at or now
    note(session, by, "key_revoked", key.name, now)
