"""Queries over users, sessions, keys and the audit log."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bot.accounts.models import ApiKey, AuditEntry, Grant, SignIn, User
from bot.accounts.roles import Role


def user(session: Session, user_id: str) -> User | None:
    """The user of that id."""
    return session.get(User, user_id)


def by_login(session: Session, login: str) -> User | None:
    """The user of that login, held until the transaction ends."""
    query = select(User).where(User.login == login).with_for_update()
    return session.scalar(query)


def users(session: Session) -> Sequence[User]:
    """Every user, by login."""
    return session.scalars(select(User).order_by(User.login)).all()


def count_users(session: Session) -> int:
    """How many users there are."""
    return session.scalar(select(func.count()).select_from(User)) or 0


def roles(session: Session, user_id: str) -> frozenset[Role]:
    """The roles of a user."""
    found = session.scalars(select(Grant.role).where(Grant.user_id == user_id))
    return frozenset(Role(role) for role in found)


def set_roles(session: Session, user_id: str, wanted: frozenset[Role]) -> None:
    """Make these the roles of a user."""
    session.execute(delete(Grant).where(Grant.user_id == user_id))
    session.add_all(Grant(user_id=user_id, role=role) for role in sorted(wanted))
    session.flush()


def active_with(session: Session, role: Role) -> Sequence[User]:
    """The active users who hold a role."""
    query = select(User).join(Grant, Grant.user_id == User.id)
    return session.scalars(query.where(Grant.role == role, User.active)).all()


def sign_in(session: Session, token_hash: str) -> SignIn | None:
    """The session of that token, revoked or not."""
    return session.scalar(select(SignIn).where(SignIn.token_hash == token_hash))


def sign_in_by_id(session: Session, sign_in_id: str) -> SignIn | None:
    """The session of that id, revoked or not."""
    return session.get(SignIn, sign_in_id)


def sign_ins(session: Session, ids: Iterable[str]) -> Sequence[SignIn]:
    """The sessions of these ids."""
    return session.scalars(select(SignIn).where(SignIn.id.in_(list(ids)))).all()


def revoke_all(session: Session, user_id: str, now: datetime, but: str | None = None) -> int:
    """Revoke the sessions of a user, except the one with id `but`; how many."""
    wanted: list[ColumnElement[bool]] = [SignIn.user_id == user_id, SignIn.revoked_at.is_(None)]
    if but is not None:
        wanted.append(SignIn.id != but)
    revoked = update(SignIn).where(*wanted).values(revoked_at=now).returning(SignIn.id)
    return len(session.scalars(revoked).all())


def api_key(session: Session, key_hash: str) -> ApiKey | None:
    """The key of that hash, revoked or not."""
    return session.scalar(select(ApiKey).where(ApiKey.key_hash == key_hash))


def note_use(session: Session, key_id: str, now: datetime) -> None:
    """Write down that a key was used at an instant."""
    session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_at=now))


def api_key_by_id(session: Session, key_id: str) -> ApiKey | None:
    """The key of that id, revoked or not."""
    return session.get(ApiKey, key_id)


def api_keys(session: Session) -> Sequence[ApiKey]:
    """Every key, by name."""
    return session.scalars(select(ApiKey).order_by(ApiKey.name)).all()


def audit(
    session: Session, limit: int, before: int | None = None, about: str | None = None
) -> Sequence[AuditEntry]:
    """The newest entries of the audit log below the id `before`."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if about is not None:
        query = query.where(AuditEntry.about == about)
    return session.scalars(query).all()
