"""Tables of users, their roles and sessions, keys of other systems, and the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.accounts.roles import Role
from bot.db import Base, one_of
from bot.immutable import keep_unchanged


class User(Base):
    """Someone who works here. `shops` and `departments` narrow what comes to them; empty is all.

    `totp_secret` is sealed with the installation's secret; `totp_step` is the last time step
    that was accepted, so that a code counts once.
    """

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("login"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    login: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(256))
    must_change: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(String(256))
    totp_on: Mapped[bool] = mapped_column(default=False)
    totp_step: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    shops: Mapped[list[Any]] = mapped_column(default=list)
    departments: Mapped[list[Any]] = mapped_column(default=list)
    capacity: Mapped[int] = mapped_column(default=5)
    created_at: Mapped[datetime]


class Grant(Base):
    """One role of one user."""

    __tablename__ = "grants"
    __table_args__ = (one_of("role", Role),)

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(24), primary_key=True)


class SignIn(Base):
    """A browser that is signed in; only the hash of its token is kept.

    `full` is false until the second factor or the change of the first password is done.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_sign_ins_user_id", "user_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    full: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key of one of the shop's own systems; `shops` empty means every shop."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("key_hash"), UniqueConstraint("name"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    key_hash: Mapped[str] = mapped_column(String(64))
    shops: Mapped[list[Any]] = mapped_column(default=list)
    may_write: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Base):
    """One privileged act; entries are only ever added."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(48))
    about: Mapped[str] = mapped_column(String(128))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")


_AUDIT = AuditEntry.__table__
assert isinstance(_AUDIT, Table)
keep_unchanged(_AUDIT)
