"""The desk channel: who may speak, what is answered, and that a failure is never an empty 200."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import requests
from conftest import TOKEN, ActionServer, Say
from rasa.core.agent import Agent
from rasa.core.run import create_http_input_channels
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import RasaException

from rasa_ext.channel import DeskInput
from rasa_ext.tracker_store import KeepNothing


def test_a_line_is_answered_with_lines_intent_ranking_and_action(say: Say) -> None:
    answer = say("您好").json()

    assert answer["lines"] == [
        {
            "text": "您好，请讲。",
            "buttons": [{"title": "我要退货", "payload": "intent:return_request"}],
            "custom": None,
        }
    ]
    assert answer["intent"]["name"] == "greet"
    assert 0 < answer["intent"]["confidence"] <= 1
    assert answer["ranking"][0]["name"] == "greet"
    assert len(answer["ranking"]) == 3
    assert answer["action"] == "utter_greet"


def test_text_buttons_and_custom_of_one_response_stay_together(
    say: Say, actions: ActionServer
) -> None:
    custom = {"ask": "worn", "decision": {"status": "needs_facts", "remedies": []}, "empty": None}
    buttons = [{"title": "穿过", "payload": "fact:worn=yes"}]
    actions.says(
        "action_return",
        {"text": "穿过吗？\n\n洗过吗？", "buttons": buttons, "custom": custom},
        {"text": "另外请说一下订单号。"},
        {"custom": {"only": 1}},
    )

    assert say("我想退货").json()["lines"] == [
        {"text": "穿过吗？\n\n洗过吗？", "buttons": buttons, "custom": custom},
        {"text": "另外请说一下订单号。", "buttons": [], "custom": None},
        {"text": None, "buttons": [], "custom": {"only": 1}},
    ]


def test_the_action_gets_the_text_the_metadata_and_the_token_but_not_the_domain(
    say: Say, actions: ActionServer
) -> None:
    actions.says("action_return", {"text": "好"})

    say("我想退货！！！！", shop="dept_fashion", message_id="m-1", given={"worn": "no"})

    (asked,) = actions.asked
    assert actions.tokens == ["t"]
    assert "domain" not in asked
    message = asked["tracker"]["latest_message"]
    assert message["text"] == "我想退货！！！！"
    assert message["metadata"]["shop"] == "dept_fashion"
    assert message["metadata"]["given"] == {"worn": "no"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer t\u00f6ken".encode()},
    ],
)
@pytest.mark.parametrize("route", ["webhook", "parse"])
def test_a_caller_without_the_token_is_refused(
    desk_url: str, headers: dict[str, str], route: str
) -> None:
    body = {"sender": "m", "message": "你好", "metadata": {}}

    refused = requests.post(f"{desk_url}/{route}?token={TOKEN}", json=body, headers=headers)

    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "unauthorized"


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/session_start",
        "/back",
        "/greet",
        " /greet",
        "\u3000/greet",
        "\u200b/greet",
        "\ufeff／greet",
        "／greet",
        "//greet",
        "/／/ /greet",
        '/return_request{"asking": "worn"}',
        "EXTERNAL: greet",
        "⁄greet",
        "/",
    ],
)
def test_a_line_that_looks_like_a_command_is_read_as_text(say: Say, text: str) -> None:
    response = say(text)

    assert response.status_code == 200
    assert response.json()["action"] == "utter_shrug"
    assert response.json()["intent"]["name"] == "nlu_fallback"


def test_a_slash_before_words_does_not_hide_the_words(say: Say, actions: ActionServer) -> None:
    actions.says("action_return", {"text": "好"})

    assert say("/我想退货").json()["action"] == "action_return"
    assert actions.asked[0]["tracker"]["latest_message"]["text"] == "/我想退货"


def test_a_pressed_button_is_the_intent_it_stands_for(say: Say, actions: ActionServer) -> None:
    actions.says("action_return", {"text": "好"})

    answer = say("你好", intent="return_request").json()

    assert answer["action"] == "action_return"
    assert answer["intent"] == {"name": "return_request", "confidence": 1.0}


def test_out_of_scope_is_an_intent_of_ours_though_rasa_knows_the_name_too(say: Say) -> None:
    assert say(intent="out_of_scope").json()["action"] == "utter_shrug"


@pytest.mark.parametrize(
    "intent", ["nlu_fallback", "no_such_intent", "restart", "session_start", "back"]
)
def test_a_button_for_an_intent_that_shoppers_do_not_have_is_refused(say: Say, intent: str) -> None:
    refused = say(intent=intent)

    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "unknown_intent"


@pytest.mark.parametrize(
    "change",
    [
        {"sender": ""},
        {"sender": None},
        {"message": None},
        {"message": ["你好"]},
        {"intent": "/greet"},
        {"intent": 'greet{"asking": "worn"}'},
        {"intent": "greet\n"},
        {"intent": ""},
        {"metadata": "shop"},
    ],
)
def test_a_body_of_another_form_is_refused(desk_url: str, change: dict[str, object]) -> None:
    body = {"sender": "m", "message": "你好", "intent": None, "metadata": {}, **change}

    refused = _post(desk_url, json=body)

    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "bad_request"


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b"null"])
def test_a_body_that_is_no_json_object_is_refused(desk_url: str, raw: bytes) -> None:
    assert _post(desk_url, data=raw).status_code == 400


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_an_action_server_that_fails_makes_the_turn_fail(
    say: Say, actions: ActionServer, status: int
) -> None:
    actions.fails("action_return", status)

    failed = say("我想退货")

    assert failed.status_code == 502
    assert failed.json()["error"]["code"] == "action_failed"


def test_what_was_said_before_the_failing_action_is_not_answered_alone(
    say: Say, actions: ActionServer
) -> None:
    actions.fails("action_after", 500)

    assert say("不用了").status_code == 502


def test_an_action_server_that_is_not_there_makes_the_turn_fail(
    say: Say, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONS_URL", "http://127.0.0.1:9/webhook")
    before = agent.processor.action_endpoint
    try:
        assert say("我想退货").status_code == 502
    finally:
        agent.processor.action_endpoint = before


@pytest.mark.parametrize("answer", [[], "好", {"responses": "好"}, {"events": [{"event": 1}]}])
def test_an_answer_of_another_form_makes_the_turn_fail(
    say: Say, actions: ActionServer, answer: object
) -> None:
    actions.answers["action_return"] = (200, answer)

    assert say("我想退货").json()["error"]["code"] == "action_failed"


def test_an_action_that_says_nothing_makes_the_turn_fail(say: Say, actions: ActionServer) -> None:
    actions.says("action_return")

    failed = say("我想退货")

    assert failed.status_code == 502
    assert failed.json()["error"]["code"] == "nothing_said"


def test_an_action_that_does_not_end_makes_the_turn_fail(
    desk_url: str, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object, **__: object) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr("rasa.core.actions.action.RemoteAction.run", hang)
    body = {"sender": "m", "message": "我想退货", "intent": None, "metadata": {}}

    failed = _post(desk_url, json=body)

    assert failed.status_code == 503
    assert failed.json()["error"]["code"] == "timeout"


def test_without_a_model_the_channel_says_so(
    say: Say, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "processor", None)

    failed = say("你好")

    assert failed.status_code == 503
    assert failed.json()["error"]["code"] == "no_model"


def test_parse_tells_what_is_understood_and_runs_no_action(
    desk_url: str, actions: ActionServer
) -> None:
    body = {"texts": ["我想退货", "/restart"]}

    answer = requests.post(
        f"{desk_url}/parse", json=body, headers={"Authorization": f"Bearer {TOKEN}"}
    ).json()

    assert [p["intent"]["name"] for p in answer["parses"]] == ["return_request", "nlu_fallback"]
    assert answer["parses"][0]["ranking"][0]["name"] == "return_request"
    assert actions.asked == []


def test_a_turn_leaves_nothing_behind(say: Say, agent: Agent) -> None:
    say("您好")

    assert asyncio.run(agent.tracker_store.retrieve("m-1")) is None
    assert list(asyncio.run(agent.tracker_store.keys())) == []
    assert agent.lock_store.conversation_locks == {}


def test_the_channel_does_not_start_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASA_TOKEN", raising=False)

    with pytest.raises(RasaException, match="RASA_TOKEN"):
        DeskInput.from_credentials({})


def test_the_credentials_open_our_channel_and_no_other(
    monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.setenv("RASA_TOKEN", TOKEN)

    channels = create_http_input_channels(None, str(root / "credentials.yml"))

    assert [type(channel) for channel in channels] == [DeskInput]


def test_the_endpoints_keep_no_tracker_and_send_no_domain(root: Path) -> None:
    endpoints = AvailableEndpoints.read_endpoints(str(root / "endpoints.yml"))

    assert isinstance(TrackerStore.create(endpoints.tracker_store), KeepNothing)
    assert endpoints.action.kwargs["enable_selective_domain"] is True
    assert endpoints.event_broker is None
    assert endpoints.lock_store is None


def test_the_environment_goes_before_the_file_for_the_action_server(
    say: Say, actions: ActionServer, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.says("action_return", {"text": "好"})
    configured = agent.processor.action_endpoint
    monkeypatch.setenv("ACTIONS_TOKEN", "of-the-environment")
    try:
        assert say("我想退货").status_code == 200
    finally:
        agent.processor.action_endpoint = configured

    assert actions.tokens == ["of-the-environment"]
    assert "domain" not in actions.asked[0]


def _post(desk_url: str, **kwargs: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return requests.post(f"{desk_url}/webhook", headers=headers, timeout=20, **kwargs)
