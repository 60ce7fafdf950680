"""Longer lines made of the examples keep the intent that decides."""

from __future__ import annotations

from rasa_ext.joined import LONGEST, joined

LINES = ["你好", "谢谢", "好的", "想退货", "单号 12345", "转人工", "坏了"]
INTENTS = [
    "greet",
    "thanks",
    "affirm",
    "return_request",
    "inform",
    "request_human",
    "report_defect",
]


def test_each_example_is_in_its_longer_lines_which_have_its_intent() -> None:
    made = joined(LINES, INTENTS, 30)

    assert len(made) == 30 * len(LINES)
    of = dict(zip(INTENTS, LINES, strict=True))
    assert all(of[intent] in line for line, intent in made)


def test_the_same_examples_give_the_same_lines() -> None:
    assert joined(LINES, INTENTS, 5) == joined(LINES, INTENTS, 5)
    assert joined(LINES, INTENTS, 5) != joined(LINES, INTENTS, 5, seed=2)


def test_a_wish_is_a_wish_beside_a_greeting_a_number_or_a_reason() -> None:
    wishes = {line for line, intent in joined(LINES, INTENTS, 200) if intent == "return_request"}

    assert {"你好 想退货", "单号 12345 想退货", "坏了 想退货", "想退货 谢谢"} <= wishes


def test_thanks_never_stand_with_a_wish() -> None:
    thanks = [line for line, intent in joined(LINES, INTENTS, 200) if intent == "thanks"]

    assert not any("退货" in line or "转人工" in line for line in thanks)


def test_a_long_example_is_put_beside_no_other() -> None:
    long = "很长" * LONGEST
    made = joined([long, "想退货"], ["greet", "return_request"], 50)

    assert not any(long in line for line, intent in made if intent == "return_request")


def test_intents_without_examples_are_left_out() -> None:
    assert joined(["想退货"], ["return_request"], 3)[0][0].startswith("想退货")
