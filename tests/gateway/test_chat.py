"""The shopper API gives what it promises: shapes, idempotence, keys and waiting."""

import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from bot.messages import Line
from tests.fixtures.desk import SHOP, until
from tests.fixtures.gateway import Gateway, NotStarted, running_gateway

MESSAGE_KEYS = {
    "seq",
    "id",
    "client_message_id",
    "author",
    "author_name",
    "text",
    "attachments",
    "buttons",
    "ask",
    "decision",
    "ticket",
    "created_at",
}


def test_a_conversation_opens_with_its_key_and_a_greeting(gateway: Gateway) -> None:
    answer = gateway.client.post("/api/chat/conversations", json={"shop": SHOP})

    assert answer.status_code == 201
    assert set(answer.json()) >= {"conversation_id", "visitor_token", "greeting"}
    assert "云锦时尚百货" in answer.json()["greeting"]


def test_a_shopper_who_names_no_shop_comes_to_the_default_one(gateway: Gateway) -> None:
    assert gateway.open(shop=None).read().status_code == 200


def test_a_line_is_accepted_and_answered_in_the_promised_shape(gateway: Gateway) -> None:
    shopper = gateway.open()
    sent = shopper.send("c1", text="在吗")
    shopper.hear(after=2)
    view = shopper.read().json()

    assert (sent.status_code, set(sent.json())) == (202, {"message_id", "seq"})
    assert {key: view[key] for key in ("mode", "position")} == {"mode": "bot", "position": None}
    assert set(view) >= {"messages", "mode", "position"}
    assert all(set(line) >= MESSAGE_KEYS for line in view["messages"])
    greeting, line, answer = view["messages"]
    assert [each["seq"] for each in view["messages"]] == [1, 2, 3]
    assert (line["id"], line["client_message_id"]) == (sent.json()["message_id"], "c1")
    assert (line["author"], line["text"]) == ("shopper", "在吗")
    assert (answer["author"], answer["text"]) == ("bot", "答：在吗")
    assert greeting["buttons"]
    assert datetime.fromisoformat(answer["created_at"]).tzinfo is not None


def test_the_same_line_again_gets_the_same_answer_and_does_nothing(gateway: Gateway) -> None:
    shopper = gateway.open()
    first = shopper.send("c1", text="在吗")
    shopper.hear(after=2)
    again = shopper.send("c1", text="在吗")

    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    assert [line["seq"] for line in shopper.read().json()["messages"]] == [1, 2, 3]


def test_a_button_is_accepted_by_its_payload(gateway: Gateway) -> None:
    shopper = gateway.open()
    assert shopper.send(payload="fact:worn=no", text="没穿过").status_code == 202
    shopper.hear(after=2)

    line = shopper.read(after=1).json()["messages"][0]
    assert line["text"] == "没穿过"
    assert gateway.rasa.asked[-1].pressed is not None


def test_markup_and_commands_are_words_like_others(gateway: Gateway) -> None:
    shopper = gateway.open()
    for text in ("<img src=x onerror=alert(1)>", "/restart", "{{7*7}} {no} %s"):
        shopper.send(text=text)
    assert until(lambda: len(shopper.read().json()["messages"]) == 7)

    heard = [line["text"] for line in shopper.read().json()["messages"] if line["seq"] > 1]
    assert {"<img src=x onerror=alert(1)>", "/restart", "{{7*7}} {no} %s"} < set(heard)


def test_only_the_key_of_a_conversation_opens_it(gateway: Gateway) -> None:
    mine, other = gateway.open(), gateway.open()
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {mine.token}"},
        other.headers,
    ):
        read = gateway.client.get(mine.url, headers=headers)
        sent = gateway.client.post(
            mine.url, json={"client_message_id": "a", "text": "在吗"}, headers=headers
        )
        assert (read.status_code, sent.status_code) == (401, 401)
    assert len(mine.read().json()["messages"]) == 1


def test_what_does_not_exist_is_not_found(gateway: Gateway) -> None:
    shopper = gateway.open()
    nowhere = shopper.url.replace(shopper.id, "nowhere")

    assert gateway.client.get(nowhere, headers=shopper.headers).status_code == 404
    unknown = gateway.client.post("/api/chat/conversations", json={"shop": "nowhere"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_shop")


def test_a_waiting_page_hears_an_answer_the_moment_it_is_there(own_gateway: Gateway) -> None:
    own_gateway.rasa.script = lambda question: time.sleep(0.3) or [Line("在的")]
    shopper = own_gateway.open()
    shopper.send(text="在吗")
    began = time.monotonic()

    view = shopper.read(after=2, wait=20).json()

    assert [line["text"] for line in view["messages"]] == ["在的"]
    assert time.monotonic() - began < 5


def test_a_page_that_waits_in_vain_gets_nothing_after_its_wait(gateway: Gateway) -> None:
    shopper = gateway.open()
    began = time.monotonic()

    view = shopper.read(after=1, wait=0.4).json()

    assert view["messages"] == []
    assert time.monotonic() - began >= 0.4


def test_waiting_pages_do_not_keep_others_waiting(gateway: Gateway) -> None:
    quiet = [gateway.open() for _ in range(5)]
    threads = [threading.Thread(target=page.read, args=(1, 2)) for page in quiet]
    for thread in threads:
        thread.start()
    busy, began = gateway.open(), time.monotonic()
    busy.send(text="在吗")

    assert busy.hear(after=2)[0]["text"] == "答：在吗"
    assert time.monotonic() - began < 2
    for thread in threads:
        thread.join()


def test_pages_that_wait_when_the_gateway_stops_are_let_go(tmp_path: Path) -> None:
    answers = []
    with running_gateway(tmp_path) as gateway:
        shopper = gateway.open()
        thread = threading.Thread(target=lambda: answers.append(shopper.read(1, 25)))
        thread.start()
        time.sleep(0.3)
        gateway.stop()
        thread.join()

    assert [(answer.status_code, answer.json()["messages"]) for answer in answers] == [(200, [])]


def test_a_shopper_faster_than_anyone_types_is_asked_to_wait(tmp_path: Path) -> None:
    with running_gateway(tmp_path, chat_rate="3/minute") as gateway:
        shopper, other = gateway.open(), gateway.open()
        statuses = [shopper.send(text=str(number)).status_code for number in range(4)]
        refused = shopper.send(text="再来")

        assert statuses == [202, 202, 202, 429]
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert refused.json()["error"]["code"] == "too_many"
        assert other.send(text="在吗").status_code == 202


def test_conversations_opened_too_fast_from_one_address_are_refused(tmp_path: Path) -> None:
    with running_gateway(tmp_path, open_rate="2/minute") as gateway:
        statuses = [
            gateway.client.post("/api/chat/conversations", json={}).status_code for _ in range(3)
        ]
    assert statuses == [201, 201, 429]


def test_lines_survive_a_restart_of_the_gateway(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        gateway.rasa.script = lambda question: []  # says nothing: never written
        shopper = gateway.open()
    with running_gateway(tmp_path) as gateway:
        again = type(shopper)(gateway.client, shopper.id, shopper.token)
        assert again.send(text="在吗").status_code == 202
        assert again.hear(after=2)[0]["text"] == "答：在吗"


def test_two_gateways_never_share_a_sqlite_folder(tmp_path: Path) -> None:
    with running_gateway(tmp_path), pytest.raises(NotStarted), running_gateway(tmp_path):
        pass
