"""What is being asked and what was offered steer the rules, for typed lines and for buttons."""

from __future__ import annotations

import pytest
from conftest import ActionServer, Say
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain

from rasa_ext.context import slot_events

YES = [{"text": "是的"}, {"text": "", "intent": "affirm"}]


@pytest.fixture(autouse=True)
def _answers(actions: ActionServer) -> None:
    for action in ("action_affirm", "action_answer", "action_ticket"):
        actions.says(action, {"text": action})


@pytest.mark.parametrize("yes", YES)
@pytest.mark.parametrize(
    ("context", "action"),
    [
        ({}, "action_affirm"),
        ({"asking": None, "offer": None}, "action_affirm"),
        ({"asking": "worn"}, "action_answer"),
        ({"asking": "purchase_date", "offer": None}, "action_answer"),
        ({"offer": "ticket"}, "action_ticket"),
        ({"offer": "ticket", "asking": "worn"}, "action_answer"),
    ],
)
def test_a_yes_means_what_it_answers(
    say: Say, yes: dict[str, str], context: dict[str, str], action: str
) -> None:
    assert say(**yes, **context).json()["action"] == action


def test_context_does_not_outlive_its_turn(say: Say) -> None:
    say("是的", asking="worn")

    assert say("是的").json()["action"] == "action_affirm"


def test_context_does_not_disturb_rules_that_do_not_ask_for_it(say: Say) -> None:
    assert say("您好", asking="worn", offer="ticket").json()["action"] == "utter_greet"


def test_the_slots_reach_the_action_server(say: Say, actions: ActionServer) -> None:
    say("是的", asking="worn")

    assert actions.asked[0]["tracker"]["slots"]["asking"] == "worn"


def test_a_domain_without_the_slots_is_served_without_them(agent: Agent) -> None:
    assert slot_events({"asking": "worn"}, Domain.empty()) == []
    assert [e.key for e in slot_events({"asking": "worn"}, agent.domain)] == ["asking"]
