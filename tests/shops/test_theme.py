"""From any colour that a shop chooses come shades that can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shops.theme import READABLE, Theme, contrast

GROUNDS = {"light": ["#ffffff", "#f8f6f2"], "dark": ["#161a18", "#202523"]}
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_every_colour_can_be_read_on_and_against(accent: str) -> None:
    for scheme, shades in Theme(accent).shades().items():
        assert contrast(shades["on_accent"], shades["accent"]) >= READABLE
        for ground in (*GROUNDS[scheme], shades["accent_wash"]):
            assert contrast(shades["accent_text"], ground) >= READABLE, (scheme, ground)


def test_a_colour_that_stands_out_by_itself_is_left_alone() -> None:
    assert Theme("#1c6b5a").shades()["light"]["accent"] == "#1c6b5a"


@pytest.mark.parametrize("accent", ["red", "#fff", "#12345", "1c6b5a", "#1c6b5a;}", ""])
def test_what_is_no_colour_is_refused(accent: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        Theme(accent)


@pytest.mark.parametrize("mark", ["三个字", "😀", "<b", "a "])
def test_a_mark_is_one_or_two_letters(mark: str) -> None:
    with pytest.raises(ValueError, match="mark"):
        Theme(mark=mark)
