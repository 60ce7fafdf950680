"""Every kind of callback is understood; what is hostile or new breaks nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat import xml
from bot.channels.wechat.parse import Incoming, Kind, incoming
from bot.channels.wechat.xml import BadXml
from tests.wechat import payloads


def read(body: bytes) -> Incoming:
    """A callback as it is understood."""
    return incoming(xml.read(body))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("text", Kind.TEXT),
        ("image", Kind.IMAGE),
        ("voice", Kind.VOICE),
        ("video", Kind.VIDEO),
        ("shortvideo", Kind.VIDEO),
        ("location", Kind.LOCATION),
        ("link", Kind.LINK),
        ("subscribe", Kind.SUBSCRIBE),
        ("unsubscribe", Kind.UNSUBSCRIBE),
        ("scan", Kind.SCAN),
        ("position", Kind.POSITION),
        ("click", Kind.CLICK),
        ("view", Kind.VIEW),
        ("scancode_push", Kind.OTHER),
        ("template_done", Kind.OTHER),
        ("unknown", Kind.OTHER),
    ],
)
def test_the_platforms_own_samples_are_understood(name: str, kind: Kind) -> None:
    found = read(payloads.ALL[name])
    assert found.kind == kind
    assert (found.openid, found.recipient) == ("fromUser", "toUser")


def test_what_comes_with_a_message_is_read() -> None:
    assert read(payloads.TEXT).text == "this is a test"
    assert read(payloads.IMAGE).media_id == "media_id"
    assert read(payloads.VOICE).text == ""
    assert read(payloads.VOICE_HEARD).text == "腾讯微信团队"
    assert read(payloads.LOCATION).place == (23.134521, 113.358803)
    assert read(payloads.LINK).text == "官网链接 https://shop.example/1"
    assert read(payloads.SUBSCRIBE_BY_CODE).press == "123123"
    assert read(payloads.SCANNED).fields["ScanCodeInfo"]["ScanResult"] == "1"
    assert read(payloads.UNKNOWN).name == "hologram"


def test_the_key_is_the_same_for_every_delivery_and_differs_between_callbacks() -> None:
    assert read(payloads.TEXT).key == read(payloads.TEXT).key == "1234567890123456"
    keys = {read(body).key for body in (payloads.SUBSCRIBE, payloads.VIEW, payloads.POSITION)}
    assert len(keys) == 3  # one shopper, one second, three events
    assert all(len(read(body).client_id) <= 32 for body in payloads.ALL.values())


@pytest.mark.parametrize("name", payloads.HOSTILE)
def test_hostile_xml_is_refused(name: str) -> None:
    with pytest.raises(BadXml):
        read(payloads.HOSTILE[name])


@pytest.mark.parametrize("place", ["nan", "1e999", "north", "91", "-181", ""])
def test_a_place_that_is_none_is_no_place(place: str) -> None:
    body = payloads.LOCATION.replace(b"113.358803", place.encode())
    found = read(body.replace(b"23.134521", place.encode()))
    assert found.place is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_goes_through_an_answer_and_back(text: str) -> None:
    written = xml.write({"Content": text, "CreateTime": 5})
    found = xml.read(written)["Content"]
    assert found == _kept(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reading(body: bytes) -> None:
    with pytest.raises(BadXml):
        incoming(xml.read(body))


def _kept(text: str) -> str:
    """What XML can hold of a text, line ends and margins as XML treats them."""
    held = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    return held.replace("\r\n", "\n").replace("\r", "\n").strip()
