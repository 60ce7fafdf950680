"""A yes, a no or a number and nothing else, beside each question of the policy's facts."""

from pathlib import Path

import pytest
import yaml

from bot.language.reading import Value
from tests.language.conftest import Facts

FACTS = Path(__file__).parents[2] / "data" / "policy" / "facts.yml"
# The question offers a choice, or asks two things at once: a bare yes says nothing.
OPEN_TO_YES = {"remote_purchase", "repairable"}
OPEN_TO_NO = {"remote_purchase", "repairable", "same_size_in_stock", "clean"}


def _asked(kind: str) -> list[str]:
    facts = yaml.safe_load(FACTS.read_text("utf-8"))["facts"]
    return [
        key
        for key, fact in facts.items()
        if fact.get("type") == kind and fact.get("class") in ("ask", "presume")
    ]


@pytest.mark.parametrize("key", _asked("yes_no"))
@pytest.mark.parametrize("text", ["是", "是的", "对", "嗯"])
def test_a_bare_yes_is_one_unless_the_question_offers_a_choice(
    facts: Facts, key: str, text: str
) -> None:
    assert facts(text, key) == ({} if key in OPEN_TO_YES else {key: "yes"})


@pytest.mark.parametrize("key", _asked("yes_no"))
@pytest.mark.parametrize("text", ["不是", "不"])
def test_a_bare_no_is_one_unless_the_question_offers_a_choice(
    facts: Facts, key: str, text: str
) -> None:
    assert facts(text, key) == ({} if key in OPEN_TO_NO else {key: "no"})


@pytest.mark.parametrize("key", _asked("integer"))
@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("三", 3), ("0", 0), ("有", None), ("是", None)]
)
def test_a_bare_number_answers_how_many(
    facts: Facts, key: str, text: str, value: int | None
) -> None:
    assert facts(text, key) == ({} if value is None else {key: value})


BARE: list[tuple[str, str, Value | None]] = [
    # There is, there is none
    ("worn", "有", "yes"), ("worn", "没有", "no"), ("worn", "没", "no"), ("worn", "好的", None),
    ("washed", "有", "yes"), ("washed", "没呢", "no"),
    ("damaged", "有", "yes"), ("damaged", "没有没有", "no"), ("damaged", "好的", None),
    ("damaged", "好好的", "no"),
    ("clean", "没有", "yes"), ("clean", "有", "no"), ("clean", "有一点", "no"), ("clean", "是的", "yes"),
    ("complete", "都有", "yes"), ("complete", "在", "yes"), ("complete", "没", "no"),
    ("receipt", "在的在的", "yes"), ("receipt", "没", "no"), ("receipt", "有的 不过丢了", "no"),
    ("receipt", "嗯 没有", "no"),
    ("tag", "是", "on"), ("tag", "有", "on"), ("tag", "没有", "removed"), ("tag", "不在", "removed"),
    ("packaging", "有", "intact"), ("packaging", "没", "missing"), ("packaging", "盒子还在 拆过", "opened"),
    ("registered", "有", "yes"), ("registered", "还没", "no"),
    ("card", "在", "yes"), ("card", "没", "no"), ("repair_records", "有", "yes"),
    ("used_before", "有", "yes"), ("used_before", "没有过", "no"), ("gore_tex", "没有", "no"),
    ("store_confirms", "能", "yes"), ("store_confirms", "不能", "no"),
    # Able, willing
    ("accepts_repair", "可以", "yes"), ("accepts_repair", "行", "yes"), ("accepts_repair", "不行", "no"),
    ("accepts_repair", "没有", None),
    ("repairable", "能", "yes"), ("repairable", "不能", "no"), ("repairable", "没有", None),
    ("repairable", "没看过", "unknown"), ("restorable", "能", "yes"), ("restorable", "不能", "no"),
    # What is said at two levels
    ("same_size_in_stock", "有", "yes"), ("same_size_in_stock", "没有", None),
    ("same_size_in_stock", "没货", "no"), ("same_size_in_stock", "没有了", "no"),
    ("same_size_in_stock", "没问过", "unknown"), ("store_confirms", "没问", "unknown"),
    # Choices
    ("cause", "是", None), ("cause", "没有", None), ("problem", "有", None), ("category", "有", None),
    ("wants", "是的", None), ("remote_purchase", "有", None),
    # Periods and numbers
    ("in_period", "在", "yes"), ("in_period", "没过", "yes"), ("in_period", "过了", "no"),
    ("in_warranty", "没过保", "yes"), ("in_warranty", "还在保修期", "yes"),
    ("prior_repairs", "没有", 0), ("prior_repairs", "好几次", None), ("prior_repairs", "第三次了", None),
    # Asked back
    ("receipt", "在?", None),
    ("receipt", "在吗", None),
    ("worn", "是?", None),
    # A question this room has never heard of
    ("some_new_question", "是的", "yes"), ("some_new_question", "没有", "no"),
    ("some_new_question", "好的", None),
]  # fmt: skip


@pytest.mark.parametrize(("asking", "text", "value"), BARE)
def test_a_bare_word_is_read_by_the_kind_of_question(
    facts: Facts, asking: str, text: str, value: Value | None
) -> None:
    assert facts(text, asking) == ({} if value is None else {asking: value})
