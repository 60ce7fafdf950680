"""Passwords, tokens and second factors: how they are made, checked and kept."""

import base64
import hashlib
import secrets

import pyotp
from cryptography.fernet import Fernet
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from bot.errors import BadInput

SHORTEST = 10
LONGEST = 128  # argon2 reads all of it; nobody types more
_EASY = ("password", "123456", "qwerty", "abcdef", "111111", "admin")
TOTP_STEP = 30  # seconds


class WeakPassword(BadInput):
    """A password that would be guessed."""

    code = "weak_password"
    message = f"密码至少 {SHORTEST} 个字符，别用登录名，也别用常见的组合。"


class Passwords:
    """Argon2id, by default with the library's recommended cost (RFC 9106)."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hasher = PasswordHash((hasher or Argon2Hasher(),))
        # Checked when there is no such user, so that the time taken tells nothing.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return self._hasher.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one kept; takes as long when there is none."""
        right = self._hasher.verify(password[:LONGEST], kept or self._nobody)
        return right and kept is not None


def refuse_weak(password: str, login: str) -> None:
    """Raises WeakPassword for one that is short, easy, or holds the login."""
    low = password.lower()
    easy = login.lower() in low or any(word in low for word in _EASY) or len(set(low)) < 4
    if not SHORTEST <= len(password) <= LONGEST or easy:
        raise WeakPassword


def first_password() -> str:
    """A password to be changed at the first sign-in: four groups one can read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def new_token(prefix: str = "") -> str:
    """A token of 256 bits."""
    return prefix + secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a token: it is random, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


class SecondFactor:
    """Time-based codes (RFC 6238); the shared secret is sealed with the installation's key."""

    def __init__(self, secret_key: str) -> None:
        key = hashlib.sha256(b"second factor\0" + secret_key.encode()).digest()
        self._seal = Fernet(base64.urlsafe_b64encode(key))

    def new(self) -> tuple[str, str]:
        """A fresh secret: sealed, and as the app on the phone wants it."""
        plain = pyotp.random_base32()
        return self._seal.encrypt(plain.encode()).decode(), plain

    def address(self, sealed: str, login: str) -> str:
        """The otpauth address to be shown as a picture."""
        return self._totp(sealed).provisioning_uri(name=login, issuer_name="售后服务台")

    def step(self, sealed: str, code: str, at: float, after: int) -> int | None:
        """The time step of a right code, one step early or late allowed, each counted once."""
        now = int(at) // TOTP_STEP
        for step in (now - 1, now, now + 1):
            right = self._totp(sealed).generate_otp(step)
            if step > after and secrets.compare_digest(right.encode(), code.encode()):
                return step
        return None

    def _totp(self, sealed: str) -> pyotp.TOTP:
        return pyotp.TOTP(self._seal.decrypt(sealed.encode()).decode())
