"""What is made quicker does the same as before, and Rasa still has the place it is put in."""

from __future__ import annotations

import inspect
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from rasa_ext import speedups

RASAS_OWN = RemoteAction._validate_action_result
ACTION = RemoteAction("action_x", None)
VALID: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "asking", "value": "worn"}], "responses": [{}]},
    {"responses": [{"text": "好", "custom": {"a": [1]}}]},
]
INVALID: list[Any] = [
    None,
    [],
    {"responses": {}},
    {"responses": ["好"]},
    {"events": "none"},
    {"events": [{"event": "no_such_event"}]},
    {"events": [{"name": "asking"}]},
]


@pytest.fixture(autouse=True)
def _rasa_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RASAS_OWN)


def test_rasa_still_checks_an_answer_the_way_the_quicker_check_expects() -> None:
    source = inspect.getsource(RASAS_OWN)

    assert "validate(result, self.action_response_format_spec())" in source
    assert "return True" in source
    assert "except ValidationError as e:" in source
    assert "self._validate_action_result(response)" in inspect.getsource(RemoteAction.run)


@pytest.mark.parametrize("answer", VALID)
def test_an_answer_of_the_right_form_passes_both_checks(answer: Any) -> None:
    assert RASAS_OWN(ACTION, answer) is True
    speedups.apply()
    assert ACTION._validate_action_result(answer) is True


@pytest.mark.parametrize("answer", INVALID)
def test_an_answer_of_another_form_fails_both_checks_with_the_same_words(answer: Any) -> None:
    with pytest.raises(jsonschema.ValidationError) as theirs:
        RASAS_OWN(ACTION, answer)
    speedups.apply()
    with pytest.raises(jsonschema.ValidationError) as ours:
        ACTION._validate_action_result(answer)

    assert ours.value.message == theirs.value.message
    assert list(ours.value.path) == list(theirs.value.path)


def test_applying_twice_is_harmless() -> None:
    speedups.apply()
    once = RemoteAction._validate_action_result
    speedups.apply()

    assert RemoteAction._validate_action_result is once


def test_importing_changes_nothing_in_rasa() -> None:
    assert RASAS_OWN.__module__ == "rasa.core.actions.action"  # conftest imports the channel
