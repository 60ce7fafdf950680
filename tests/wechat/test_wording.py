"""Lines read well on a phone, and a number means what was numbered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat.wording import choices, chosen, clean, numbered, place_of, split

OFFERED = choices(
    [
        {"title": "我要退货", "payload": "intent:return_request"},
        {"title": "不用了", "payload": "no"},
    ],
    seq=12,
)


@pytest.mark.parametrize(
    "said",
    ["1", " 1 ", "１", "①", "回复1", "回复 1", "选1", "第1个", "1.", "1。", "01", "我要退货"],
)
def test_a_number_in_any_dress_is_the_choice(said: str) -> None:
    choice = chosen(said, OFFERED)
    assert choice is not None
    assert choice["payload"] == "intent:return_request"


@pytest.mark.parametrize("said", ["0", "3", "12345", "1件", "买了1天", "退货", "", "-1", "1 2"])
def test_any_other_number_is_what_the_shopper_says(said: str) -> None:
    assert chosen(said, OFFERED) is None


def test_an_id_of_a_menu_message_leads_back_to_its_line_and_place() -> None:
    assert [place_of(each["id"]) for each in OFFERED] == [(12, 1), (12, 2)]
    assert [place_of(bad) for bad in ("", "1", "x", "１２３", "9" * 13)] == [None] * 5


def test_choices_stand_below_the_text() -> None:
    assert numbered("要办哪样？", OFFERED) == "要办哪样？\n回复 1 我要退货\n回复 2 不用了"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="退换货a 😀。！？\n；，.🏳\u200d🌈", max_size=600), st.integers(40, 300))
def test_parts_fit_and_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_broken_after_its_sentences() -> None:
    parts = split("第一句在这里。第二句也在。第三句。", 50)
    assert parts == ["第一句在这里。第二句也在。", "第三句。"]


def test_twenty_thousand_characters_are_carried_in_parts() -> None:
    text = "退" * 20_000
    parts = split(text)
    assert "".join(parts) == text
    assert all(len(part.encode()) < 2000 for part in parts)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("在吗\x00", "在吗"),
        ("\u202e在吗", "在吗"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a]]>b", "a]]>b"),
        ("\x00\u200b ", ""),
        ("e\u0301", "é"),
    ],
)
def test_words_come_in_without_what_nobody_sees(raw: str, kept: str) -> None:
    assert clean(raw) == kept
