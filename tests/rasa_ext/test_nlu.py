"""Intents: near lines are understood, unknown ones stay unknown, the model survives its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from rasa_ext.classifier import LineClassifier, fitted, told
from rasa_ext.fragments import grams, marks
from rasa_ext.lines import LineModel, Settings
from rasa_ext.normalise import Normaliser

Parse = Callable[[str], dict[str, Any]]

LINES = ["订单 123456789", "尺码 38", "订单 2222222222", "尺码 40", "一共 399"]
INTENTS = ["order", "size", "order", "size", "price"]


@pytest.fixture
def lines() -> LineModel:
    return LineModel.fit(LINES, INTENTS, Settings(longest=2, seen_in=1, penalty=10.0))


@pytest.mark.parametrize(
    ("text", "intent"),
    [("请问有人在吗", "greet"), ("包包想退掉", "return_request"), ("订单号 8812345670", "inform")],
)
def test_a_line_near_the_examples_is_understood(parse: Parse, text: str, intent: str) -> None:
    assert parse(text)["intent"]["name"] == intent


@pytest.mark.parametrize("text", ["", "…", "qzx", "🦖"])
def test_a_line_in_which_nothing_is_known_is_not_understood(parse: Parse, text: str) -> None:
    assert parse(text)["intent"]["name"] == "nlu_fallback"


def test_confidences_are_probabilities_in_order(parse: Parse) -> None:
    confidences = [entry["confidence"] for entry in parse("我想退货")["intent_ranking"]]

    assert sum(confidences) == pytest.approx(1)
    assert confidences == sorted(confidences, reverse=True)


def test_which_number_it_is_makes_no_difference_but_its_length_does() -> None:
    assert list(grams("尺码 38", 3)) == list(grams("尺码 42", 3))
    assert list(grams("单 6802211409", 3)) == list(grams("单 99000011112222", 3))
    assert len({tuple(grams(number, 3)) for number in ("38", "399", "6802211409")}) == 3


def test_spaces_make_no_difference() -> None:
    assert list(grams("我 想 退 货", 3)) == list(grams("我想退货", 3))


def test_a_model_read_from_its_file_says_the_same(lines: LineModel, tmp_path: Path) -> None:
    lines.save(tmp_path / "lines.npz")
    again = LineModel.load(tmp_path / "lines.npz")

    assert again.intents == lines.intents == ["order", "price", "size"]
    for line in ("订单 7", "尺码", "399"):
        assert again.probabilities(line) == pytest.approx(lines.probabilities(line), abs=1e-6)


def test_probabilities_are_those_of_the_machines_that_were_fitted(lines: LineModel) -> None:
    likeliest = [lines.probabilities(line) for line in LINES]

    assert [lines.intents[p.argmax()] for p in likeliest if p is not None] == INTENTS
    assert all(p is not None and p.sum() == pytest.approx(1) for p in likeliest)


def test_grams_seen_in_too_few_lines_do_not_count() -> None:
    model = LineModel.fit(LINES, INTENTS, Settings(longest=2, seen_in=2, penalty=1.0))

    assert "订单" in model.places
    assert "一共" not in model.places
    assert model.probabilities("一共") is None


def test_an_untrained_classifier_understands_nothing() -> None:
    message = Message({"text": "你好"})

    LineClassifier(LineClassifier.get_default_config(), None, None).process([message])

    assert message.get("intent") == {"name": None, "confidence": 0.0}


def test_a_change_in_how_lines_are_read_trains_anew() -> None:
    assert "def grams" in str(LineClassifier.fingerprint_addon({}))
    assert "def joined" in str(LineClassifier.fingerprint_addon({}))
    assert "def plain" in str(Normaliser.fingerprint_addon({}))


def test_marks_tell_a_fragment_of_its_own_from_the_same_words_inside_another() -> None:
    assert "^好的$" in marks("好的 我要退货")
    assert "^好的$" not in marks("我说好的是退货")


def test_two_intents_are_told_apart_too() -> None:
    model = LineModel.fit(LINES[:4], INTENTS[:4], Settings(longest=2, seen_in=1, penalty=10.0))

    likeliest = [model.probabilities(line) for line in LINES[:4]]
    assert [model.intents[p.argmax()] for p in likeliest if p is not None] == INTENTS[:4]


def test_a_person_asked_for_in_one_fragment_is_asked_for() -> None:
    model = fitted(
        ["转人工", "转人工 谢谢", "我想退掉这双鞋子", "鞋子想退掉"],
        ["person", "person", "refund", "refund"],
        Settings(seen_in=1, penalty=10.0),
        0,
    )
    line = "我想退掉这双鞋子鞋子想退掉 转人工"

    whole, heard = told(model, line, None, 0.6), told(model, line, "person", 0.6)

    assert whole is not None
    assert heard is not None
    assert model.intents[heard.argmax()] == "person"
    assert heard.max() > whole[model.intents.index("person")]
