"""Signing in and staying signed in."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.accounts import repository, secrets
from bot.accounts.models import SignIn, User
from bot.accounts.secrets import Passwords, SecondFactor
from bot.accounts.service import Identity, identity, note
from bot.errors import DeskError, NotAllowed

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
RENEW = timedelta(hours=1)  # a token is changed for a new one this often
SEEN = timedelta(seconds=30)  # the note of being there is written no more often than this
FREE_FAILURES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(hours=1)


class WrongLogin(DeskError):
    """Login, password or code do not fit; which of them is not told."""

    code = "wrong_login"
    status = 401
    permanent = True
    message = "登录名、密码或验证码不对，请再试一次。"


class LockedOut(DeskError):
    """Too many failures; `retry_after` seconds are in the details."""

    code = "locked_out"
    status = 429
    message = "试错次数太多，账号先锁一会儿，请稍后再试，或请管理员重置密码。"


class SignedOut(NotAllowed):
    """The session has ended."""

    code = "signed_out"
    message = "登录已过期，请重新登录。"


@dataclass(frozen=True)
class Present:
    """Who is signed in, and the session by which; `unseen` when it is time to note that they are
    there."""

    sign_in: str
    identity: Identity
    unseen: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Entered:
    """A sign-in: its token, and what is still to be done before it opens anything:
    `code` (second factor), `password` (change of the first one) or nothing."""

    token: str
    user_id: str
    todo: str | None


class Sessions:
    """Sessions of browsers at the desk."""

    def __init__(self, passwords: Passwords, factor: SecondFactor) -> None:
        self._passwords = passwords
        self._factor = factor

    def enter(
        self, session: Session, login: str, password: str, address: str, now: datetime
    ) -> Entered | DeskError:
        """Sign in, or the error to be raised once the failure has been committed."""
        user = repository.by_login(session, login.strip().lower()[:64])
        locked = self._locked(user, now)
        # The password is checked all the same: an answer that comes sooner would tell.
        right = self._passwords.fits(password, user.password_hash if user else None)
        if locked is not None:
            return locked
        if user is None or not user.active or not right:
            return self._failed(session, user, address, now)
        if not user.totp_on:
            user.failures, user.locked_until = 0, None
        note(session, user.login, "signed_in", user.login, now, address=address)
        return self._open(session, user, address, now)

    def confirm(self, session: Session, token: str, code: str, now: datetime) -> str | DeskError:
        """Give the second factor; gives a fresh token, or the error to raise after commit."""
        known = self._known(session, token, now)
        if known is None:
            return SignedOut()
        user = repository.user(session, known.user_id)
        if user is None or not user.totp_secret:
            return SignedOut()
        locked = self._locked(user, now)
        if locked is not None:
            return locked
        step = self._factor.step(user.totp_secret, code.strip(), now.timestamp(), user.totp_step)
        if step is None:
            return self._failed(session, user, known.address, now)
        user.totp_step, user.failures, user.locked_until = step, 0, None
        known.full = not user.must_change
        return self._renew(known, now)

    def change_password(
        self, session: Session, token: str, old: str, new: str, now: datetime
    ) -> str | DeskError:
        """Change one's password; all other sessions end and this one gets a fresh token."""
        known = self._known(session, token, now)
        user = repository.user(session, known.user_id) if known else None
        if known is None or user is None:
            return SignedOut()
        if user.totp_on and not known.full:
            return SignedOut()  # the second factor comes first
        if not self._passwords.fits(old, user.password_hash):
            return self._failed(session, user, known.address, now)
        secrets.refuse_weak(new, user.login)
        if self._passwords.fits(new, user.password_hash):
            raise secrets.WeakPassword("新密码不能和旧的一样。")
        user.password_hash, user.must_change = self._passwords.hash(new), False
        known.full = True
        repository.revoke_all(session, user.id, now, but=known.id)
        note(session, user.login, "password_changed", user.login, now)
        return self._renew(known, now)

    def who(self, session: Session, token: str | None, now: datetime) -> Present | None:
        """Whose session it is, if it is open, full, and its user may still work here."""
        known = self._known(session, token, now) if token else None
        return self._present(session, known, now)

    def still(self, session: Session, sign_in: str, now: datetime) -> Present | None:
        """The same for a page that has been open since its token was looked at."""
        known = repository.sign_in_by_id(session, sign_in)
        return self._present(session, known if self._holds(known, now) else None, now)

    def saw(self, session: Session, sign_in: str, now: datetime) -> None:
        """Note that they are there: asked for every half minute, or the session ends as idle."""
        known = repository.sign_in_by_id(session, sign_in)
        if known is not None and self._holds(known, now):
            known.seen_at = now

    def open_ones(self, session: Session, sign_ins: Iterable[str], now: datetime) -> set[str]:
        """Which of these sessions still hold; nobody is noted as being there."""
        return {
            known.id
            for known in repository.sign_ins(session, sign_ins)
            if known.full and self._holds(known, now)
        }

    def renewed(self, session: Session, token: str, now: datetime) -> str | None:
        """A fresh token when this one has been used for an hour, else None."""
        known = self._known(session, token, now)
        if known is None or not known.full or now - known.renewed_at < RENEW:
            return None
        return self._renew(known, now)

    def leave(self, session: Session, token: str, now: datetime) -> None:
        """Sign out."""
        known = self._known(session, token, now)
        if known is not None:
            known.revoked_at = now

    def begin_factor(self, session: Session, user: User) -> tuple[str, str]:
        """Begin with a second factor: the address for the phone and the secret to type."""
        sealed, plain = self._factor.new()
        user.totp_secret, user.totp_on, user.totp_step = sealed, False, 0
        return self._factor.address(sealed, user.login), plain

    def finish_factor(self, session: Session, user: User, code: str, now: datetime) -> bool:
        """Turn the second factor on with a first right code."""
        if not user.totp_secret:
            return False
        step = self._factor.step(user.totp_secret, code.strip(), now.timestamp(), user.totp_step)
        if step is None:
            return False
        user.totp_step, user.totp_on = step, True
        note(session, user.login, "second_factor_on", user.login, now)
        return True

    def _present(self, session: Session, known: SignIn | None, now: datetime) -> Present | None:
        user = repository.user(session, known.user_id) if known else None
        if known is None or user is None or not known.full or not user.active:
            return None
        return Present(known.id, identity(session, user), now - known.seen_at >= SEEN)

    def _known(self, session: Session, token: str | None, now: datetime) -> SignIn | None:
        known = repository.sign_in(session, secrets.hashed(token)) if token else None
        return known if self._holds(known, now) else None

    def _holds(self, known: SignIn | None, now: datetime) -> bool:
        if known is None or known.revoked_at is not None:
            return False
        return now - known.seen_at <= IDLE and now - known.created_at <= LONGEST

    def _open(self, session: Session, user: User, address: str, now: datetime) -> Entered:
        token = secrets.new_token()
        todo = "code" if user.totp_on else "password" if user.must_change else None
        session.add(
            SignIn(
                id=str(uuid.uuid4()),
                token_hash=secrets.hashed(token),
                user_id=user.id,
                full=todo is None,
                address=address[:64],
                created_at=now,
                renewed_at=now,
                seen_at=now,
            )
        )
        session.flush()
        return Entered(token, user.id, todo)

    def _renew(self, known: SignIn, now: datetime) -> str:
        token = secrets.new_token()
        known.token_hash, known.renewed_at, known.seen_at = secrets.hashed(token), now, now
        return token

    def _locked(self, user: User | None, now: datetime) -> LockedOut | None:
        if user is None or user.locked_until is None or user.locked_until <= now:
            return None
        return LockedOut(retry_after=int((user.locked_until - now).total_seconds()) + 1)

    def _failed(
        self, session: Session, user: User | None, address: str, now: datetime
    ) -> WrongLogin:
        """Count a failure; from the fifth on the account is locked, twice as long each time."""
        if user is not None:
            user.failures += 1
            over = user.failures - FREE_FAILURES
            if over >= 0:
                user.locked_until = now + min(FIRST_LOCK * 2 ** min(over, 12), LONGEST_LOCK)
                note(session, user.login, "locked_out", user.login, now, address=address)
        return WrongLogin()
