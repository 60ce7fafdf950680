"""What a page may send: any words that a person writes and another can read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import web
from bot.errors import BadInput


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  你好  ", "你好"),
        ("一\n二", "一\n二"),
        ("退\x00货\x07", "退货"),
        ("退\u202e货\u2066", "退货"),  # marks that would show the text in another order
        ("<b>退货</b>", "<b>退货</b>"),
        ("👨‍👩‍👧 好", "👨‍👩‍👧 好"),
        ("😡", "😡"),
        ("🫩", "🫩"),  # younger than the table of characters that Python brings along
        ("\ufeff退货", "退货"),
        ("e\u0301", "é"),
        ("退\ud800货", "退货"),
        ("订单号\t123", "订单号 123"),
        ("/restart", "/restart"),
        ("𠮷野家的发票", "𠮷野家的发票"),
    ],
)
def test_a_line_is_kept_as_a_person_would_read_it(sent: str, kept: str) -> None:
    assert web.clean(sent) == kept


@pytest.mark.parametrize(
    "sent", ["", "   ", "\n\n", "\x00\x01", "\u200b", "\u200d", "\ufeff", "\ud800", "\u3000", "\t"]
)
def test_a_line_without_anything_to_read_is_refused(sent: str) -> None:
    with pytest.raises(BadInput):
        web.clean(sent)


def test_a_line_may_be_as_long_as_a_pasted_page_and_no_longer() -> None:
    assert len(web.clean("退" * web.LONGEST)) == web.LONGEST
    with pytest.raises(BadInput, match=str(web.LONGEST)):
        web.clean("退" * (web.LONGEST + 1))


@given(st.text(alphabet=st.characters()))
def test_whatever_is_kept_can_be_stored_shown_and_sent(sent: str) -> None:
    try:
        kept = web.clean(sent)
    except BadInput:
        return
    assert kept.encode()
    assert "\x00" not in kept
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in kept if c != "\n")
    assert web.clean(kept) == kept
