"""Text that looks the same is read the same, and no line becomes a command by it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from rasa_ext.normalise import LONGEST, normalise, plain
from rasa_ext.traditional import _TABLE, simplified

Parse = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＢＣ　１２３！", "abc 123!"),
        ("退\u200b货\ufeff\u0000", "退货"),
        ("好好好好好好", "好好"),
        ("？？？？？", "??"),
        ("订单 6800000012", "订单 6800000012"),
        ("  在吗 \n\n 我 ", "在吗 我"),
        ("請問這個裙子可以換貨嗎", "请问这个裙子可以换货吗"),
        ("㈠①", "(一)1"),
        ("😡😡😡😡", "😡😡"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_text_is_put_into_one_spelling(written: str, read: str) -> None:
    assert normalise(written) == read


def test_normalising_twice_changes_nothing_and_a_plain_line_never_starts_with_a_slash() -> None:
    draw = random.Random(1)
    pieces = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    pieces = [c for c in pieces if unicodedata.category(c) != "Cn"]
    slashes = ["/", "／", "\u200b", "\u3000", " ", "\u0338", "⁄", "℀", "½"]
    for _ in range(20_000):
        text = "".join(draw.choices(slashes, k=draw.randrange(4)))
        text += "".join(draw.choices(pieces, k=draw.randrange(5)))
        once = plain(text)
        assert plain(once) == once, ascii(text)
        assert not once.strip().startswith("/"), ascii(text)


def test_a_pasted_page_is_read_from_its_beginning() -> None:
    assert len(normalise("退货，" * 10_000)) <= LONGEST


def test_no_simplified_form_is_itself_in_the_table() -> None:
    assert all(simplified(chr(form)) == chr(form) for form in map(ord, _TABLE.values()))


@pytest.mark.parametrize("text", ["／greet", "\u200b/greet", "／restart"])
def test_in_the_pipeline_too_no_look_alike_turns_into_a_command(parse: Parse, text: str) -> None:
    assert parse(text)["intent"]["name"] == "nlu_fallback"


def test_a_developer_may_type_a_command_in_rasa_shell(parse: Parse) -> None:
    assert parse("/greet")["intent"] == {"name": "greet", "confidence": 1.0}


def test_full_width_traditional_and_spaced_text_is_understood_alike(parse: Parse) -> None:
    plainly = parse("我想退货")["intent"]

    assert plainly["name"] == "return_request"
    assert parse("我想退貨")["intent"] == plainly
    assert parse("我 想 退\u200b貨")["intent"]["name"] == "return_request"
