"""Signatures and sealed messages of the callback protocol.

Sealed: AES-256-CBC under the account's key, whose first 16 bytes are the IV, over 16 random bytes,
the length (4 bytes, big-endian), the message and the AppID, padded to 32 bytes (PKCS#7).
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.errors import BadInput, NotAllowed

_BLOCK = 32
_HEAD = 20  # random bytes and the length


class Forged(NotAllowed):
    """The callback was not made by WeChat for this account, or is an old one played again."""

    code = "wechat_forged"
    status = 403
    message = "签名不对或者已经过期。"


@dataclass(frozen=True)
class Opened:
    """A message and the key that opened it, with which the answer is to be sealed."""

    text: bytes
    key: bytes = b""


def key_of(encoded: str) -> bytes:
    """The 32 bytes of an EncodingAESKey (43 characters). Raises BadInput."""
    try:
        key = base64.b64decode(encoded + "=", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput("EncodingAESKey 要照抄公众平台上的 43 个字符。") from error
    if len(key) != 32:
        raise BadInput("EncodingAESKey 要照抄公众平台上的 43 个字符。")
    return key


def sign(*parts: str) -> str:
    """WeChat's signature over token, timestamp, nonce and, if sealed, the sealed text."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "replace")).hexdigest()  # noqa: S324


def check(signature: str, *parts: str) -> None:
    """Compare a signature in constant time. Raises Forged."""
    given = signature.encode("utf-8", "replace")
    if not hmac.compare_digest(given, sign(*parts).encode()):
        raise Forged


def seal(key: bytes, app_id: str, text: bytes) -> str:
    """The Encrypt field that carries `text`."""
    content = os.urandom(16) + struct.pack(">I", len(text)) + text + app_id.encode()
    padding = _BLOCK - len(content) % _BLOCK
    encryptor = _cipher(key).encryptor()
    sealed = encryptor.update(content + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(keys: Sequence[bytes], app_id: str, sealed: str) -> Opened:
    """What an Encrypt field carries, opened with the first key that fits. Raises Forged when none
    does or the message is for another AppID."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Forged from error
    for key in keys:
        text = _open(key, app_id.encode(), data)
        if text is not None:
            return Opened(text, key)
    raise Forged


def _open(key: bytes, app_id: bytes, data: bytes) -> bytes | None:
    if not data or len(data) % 16:
        return None
    decryptor = _cipher(key).decryptor()
    content = decryptor.update(data) + decryptor.finalize()
    padding = content[-1]
    if not 1 <= padding <= _BLOCK or content[-padding:] != bytes([padding]) * padding:
        return None
    content = content[:-padding]
    if len(content) < _HEAD:
        return None
    end = _HEAD + int(struct.unpack(">I", content[16:_HEAD])[0])
    return content[_HEAD:end] if content[end:] == app_id and end <= len(content) else None


def _cipher(key: bytes) -> Cipher[CBC]:
    return Cipher(AES(key), CBC(key[:16]))
