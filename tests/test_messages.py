"""A button means what we made it mean; anything else that pretends to be one is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.messages import Pressed, Spoken


@pytest.mark.parametrize(
    ("payload", "meaning"),
    [
        ("yes", Pressed("affirm")),
        ("no", Pressed("deny")),
        ("human", Pressed("request_human")),
        ("intent:return_request", Pressed("return_request")),
        ("fact:worn=no", Pressed("inform", {"worn": "no"})),
        ("fact:days_since_purchase=0", Pressed("inform", {"days_since_purchase": "0"})),
        ("fact:problem=size+service", Pressed("inform", {"problem": "size+service"})),
    ],
)
def test_a_button_means_an_intent_and_the_facts_it_gives(payload: str, meaning: Pressed) -> None:
    assert Pressed.by(payload) == meaning


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "maybe",
        "YES",
        "intent:",
        "intent:Return",
        "intent:a b",
        "intent:/restart",
        'intent:greet{"a":1}',
        "intent:greet\n",
        "intent:" + "a" * 41,
        "fact:",
        "fact:worn",
        "fact:worn=",
        "fact:=no",
        "fact:Worn=no",
        "fact:worn=" + "x" * 65,
        "fact:worn=\x00",
        "fact:worn=\ud800",
        "fact:worn=no\n",
        "wants=refund",
        "/return_request",
    ],
)
def test_a_payload_that_no_button_of_ours_has_is_refused(payload: str) -> None:
    with pytest.raises(BadInput):
        Pressed.by(payload)


@given(st.text(max_size=80))
def test_no_payload_at_all_does_worse_than_be_refused(payload: str) -> None:
    try:
        pressed = Pressed.by(payload)
    except BadInput:
        return
    assert pressed.intent.isascii()
    assert all(value.isprintable() for value in pressed.given.values())


def test_a_line_is_said_with_its_blanks_filled_and_nothing_around_it() -> None:
    spoken = Spoken({"greeting": "您好，这里是{shop}售后。\n"})
    assert spoken.line("greeting", shop="云锦").text == "您好，这里是云锦售后。"
