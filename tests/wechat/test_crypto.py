"""Signatures and sealed messages agree with another implementation and refuse all else."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from bot.channels.wechat import callback, crypto, xml
from bot.channels.wechat.account import Account, Security
from bot.channels.wechat.crypto import Forged
from bot.errors import BadInput
from tests.twins.wechat.callbacks import signature
from tests.wechat.stage import AES_KEY, TOKEN

APP_ID = "wx0123456789abcdef"
KEY = crypto.key_of(AES_KEY)
OTHER = crypto.key_of("Z" * 42 + "A")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
TEXT = (
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oA]]></FromUserName>"
    "<CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[在吗]]></Content><MsgId>7</MsgId></xml>"
)


def theirs(key: bytes = KEY) -> PrpCrypto:
    """The independent implementation."""
    return PrpCrypto(key)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300).filter(lambda text: "\ud800" not in text))
def test_what_we_seal_they_open_and_the_other_way_round(text: str) -> None:
    data = text.encode("utf-8", "replace")
    assert theirs().decrypt(crypto.seal(KEY, APP_ID, data), APP_ID).encode() == data
    sealed = theirs().encrypt(data, APP_ID).decode()
    assert crypto.unseal((KEY,), APP_ID, sealed).text == data


@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 31, 32, 33, 20_000])
def test_every_length_around_the_padding_survives(size: int) -> None:
    text = b"x" * size
    assert crypto.unseal((KEY,), APP_ID, crypto.seal(KEY, APP_ID, text)).text == text


def test_a_message_under_the_previous_key_opens_and_names_that_key() -> None:
    sealed = crypto.seal(OTHER, APP_ID, b"hello")
    assert crypto.unseal((KEY, OTHER), APP_ID, sealed).key == OTHER


RUBBISH = {
    "empty": "",
    "no base64": "not base64!",
    "too short": "AAAA",
    "no whole block": base64.b64encode(b"x" * 15).decode(),
    "random": base64.b64encode(b"x" * 32).decode(),
    "cut short": crypto.seal(KEY, APP_ID, b"hello")[:-8],
    "another AppID": crypto.seal(KEY, "wxanotherappid", b"hello"),
    "another key": crypto.seal(OTHER, APP_ID, b"hello"),
    "no AppID": crypto.seal(KEY, "", b"hello"),
}


@pytest.mark.parametrize("what", RUBBISH)
def test_what_is_cut_short_foreign_or_rubbish_is_refused(what: str) -> None:
    with pytest.raises(Forged):
        crypto.unseal((KEY,), APP_ID, RUBBISH[what])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_opening(data: bytes) -> None:
    with pytest.raises(Forged):
        crypto.unseal((KEY,), APP_ID, base64.b64encode(data).decode())


def test_every_changed_byte_of_a_callback_is_noticed() -> None:
    query, body = _sealed_callback()
    for place in range(0, len(body), 7):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        if b"<Encrypt>" not in changed or b"</Encrypt>" not in changed:
            continue
        with pytest.raises((Forged, BadInput)):
            callback.hear(_account(), query, changed, NOW)


@pytest.mark.parametrize("bad", ["", "A" * 42, "A" * 44, "!" * 43, "密" * 43])
def test_a_key_that_is_none_is_refused_at_the_start(bad: str) -> None:
    with pytest.raises(BadInput):
        crypto.key_of(bad)


@pytest.mark.parametrize("given_", ["", "deadbeef", "错", signature("x", STAMP, "n")])
def test_a_wrong_signature_is_refused(given_: str) -> None:
    with pytest.raises(Forged):
        crypto.check(given_, TOKEN, STAMP, "n")


@pytest.mark.parametrize("seconds", [-601, 601, -800_000_000])
def test_a_callback_of_another_time_is_refused(seconds: int) -> None:
    stamp = str(int(NOW.timestamp()) + seconds)
    query = {"timestamp": stamp, "nonce": "n", "signature": signature(TOKEN, stamp, "n")}
    with pytest.raises(Forged):
        callback.hear(_account(), query, TEXT.encode(), NOW)


@pytest.mark.parametrize("stamp", ["", "x", "-1", "1e9", "٣", "9" * 13])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    query = {"timestamp": stamp, "nonce": "n", "signature": signature(TOKEN, stamp, "n")}
    with pytest.raises(Forged):
        callback.verify(_account(), query, NOW)


def test_a_secure_account_takes_nothing_in_the_clear() -> None:
    query = {"timestamp": STAMP, "nonce": "n", "signature": signature(TOKEN, STAMP, "n")}
    with pytest.raises(Forged):
        callback.hear(_account(Security.SECURE), query, TEXT.encode(), NOW)
    assert callback.hear(_account(Security.COMPATIBLE), query, TEXT.encode(), NOW).key == b""


def test_the_answer_is_sealed_with_the_key_that_opened_the_question() -> None:
    query, body = _sealed_callback(OTHER)
    account = _account(keys=(KEY, OTHER))
    heard = callback.hear(account, query, body, NOW)
    answer = callback.answer(account, heard, "在的 ]]> 😀\x00", NOW, "nonce")

    other = WeChatCrypto(TOKEN, "Z" * 42 + "A", APP_ID)
    fields = xml.read(answer)
    opened = other.decrypt_message(
        answer.decode(), fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
    )
    assert xml.read(opened.encode())["Content"] == "在的 ]]> 😀"


def test_in_a_compatible_callback_only_the_sealed_part_counts() -> None:
    query, body = _sealed_callback()
    faked = body.replace(b"<xml>", b"<xml><Content>forged</Content>", 1)
    assert callback.hear(_account(), query, faked, NOW).incoming.text == "在吗"


def _account(security: Security = Security.SECURE, keys: tuple[bytes, ...] = (KEY,)) -> Account:
    return Account("default", APP_ID, TOKEN, keys=keys, security=security)


def _sealed_callback(key: bytes = KEY) -> tuple[dict[str, str], bytes]:
    sealed = theirs(key).encrypt(TEXT, APP_ID).decode()
    query = {
        "timestamp": STAMP,
        "nonce": "n",
        "encrypt_type": "aes",
        "msg_signature": signature(TOKEN, STAMP, "n", sealed),
    }
    return query, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()


def test_sealing_twice_never_gives_the_same_text() -> None:
    assert crypto.seal(KEY, APP_ID, b"x") != crypto.seal(KEY, APP_ID, b"x")
