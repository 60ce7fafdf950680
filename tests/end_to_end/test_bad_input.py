"""What shoppers should not send, but do: nothing executed, nothing lost, no stack trace."""

import pytest

from tests.end_to_end.conftest import Shopper

pytestmark = pytest.mark.rasa

ODD = [
    "😀😀😀",
    "<script>alert(1)</script>",
    "'; DROP TABLE tickets; --",
    "/restart",
    "/session_start",
    '/inform{"worn": "no"}',
    "/request_human",
    "Can I return this dress?",
    "返品したいのですが",
    "？？？",
    "{reason} {0} %s ${RASA_TOKEN}",
    "退" * 1990,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_answered_in_chinese_and_kept_as_it_was(shopper: Shopper, text: str):
    answer = shopper.says(text)
    assert any("\u4e00" <= c <= "\u9fff" for c in answer[0]["text"])
    assert "Traceback" not in answer[0]["text"]
    sent = next(line for line in shopper.lines if line["author"] == "shopper")
    assert sent["text"] == text


def test_a_command_of_rasa_in_a_line_is_only_text(shopper: Shopper):
    asked = shopper.says("我要退货")[-1]["ask"]
    assert asked
    answer = shopper.says("/restart")
    assert answer[-1]["ask"] == asked
    assert all(line["ticket"] is None for line in answer)


@pytest.mark.parametrize("text", ["", "   ", "\u0000\u0007", "长" * 10_000])
def test_lines_without_content_or_end_are_refused_with_a_clear_line(shopper: Shopper, text: str):
    response = shopper.send(text=text)
    assert response.status_code in (413, 422)
    error = response.json()["error"]
    assert any("\u4e00" <= c <= "\u9fff" for c in error["message"])
