"""Rasa is asked one whole question at a time, and anything but a whole answer is a failed turn."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.dialogue.service import Question, Rasa, RasaUnavailable
from bot.messages import Pressed


@dataclass
class Twin:
    """A server in Rasa's place; `status` and `body` are what it answers next."""

    url: str = ""
    status: int = 200
    body: bytes = b"{}"
    seen: list[Mapping[str, Any]] = field(default_factory=list)

    def answers(self, data: object, status: int = 200) -> None:
        self.status, self.body = status, json.dumps(data).encode()


@pytest.fixture
def twin() -> Iterator[Twin]:
    """Rasa's twin on a port of its own."""
    twin = Twin()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            seen = {"path": self.path, "token": self.headers["Authorization"]}
            twin.seen.append({**seen, "body": json.loads(sent)})
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(twin.status)
            self.send_header("Content-Length", str(len(twin.body)))
            self.end_headers()
            self.wfile.write(twin.body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    twin.url = f"http://127.0.0.1:{server.server_port}"
    yield twin
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def rasa(twin: Twin) -> Iterator[Rasa]:
    """A client of the twin."""
    rasa = Rasa(twin.url, "secret", timeout=1, connections=2)
    yield rasa
    rasa._session.close()


QUESTION = Question("m1", "c1", "dept_fashion", "/restart 退货", asking="worn", offer="case")


def test_a_line_is_sent_with_its_context_and_never_as_a_command(rasa: Rasa, twin: Twin) -> None:
    twin.answers({"lines": [{"text": "好的", "buttons": [], "custom": None}]})

    assert [line.text for line in rasa.answer(QUESTION)] == ["好的"]

    (seen,) = twin.seen
    assert (seen["path"], seen["token"]) == ("/webhooks/desk/webhook", "Bearer secret")
    body, context = seen["body"], seen["body"]["metadata"]
    assert (body["sender"], body["message"], body["intent"]) == ("m1", "/restart 退货", None)
    assert (context["message_id"], context["conversation_id"]) == ("m1", "c1")
    assert (context["shop"], context["text"]) == ("dept_fashion", "/restart 退货")
    assert (context["asking"], context["offer"], context["given"]) == ("worn", "case", {})


def test_a_button_is_sent_as_its_meaning_and_its_title_is_not_read(rasa: Rasa, twin: Twin) -> None:
    twin.answers({"lines": [{"text": "好的"}]})
    pressed = Pressed("inform", {"worn": "no"})
    rasa.answer(Question("m1", "c1", "dept_fashion", "没穿过", pressed))

    body = twin.seen[0]["body"]
    assert body["intent"] == "inform"
    assert (body["metadata"]["text"], body["metadata"]["given"]) == ("", {"worn": "no"})


def test_text_buttons_and_data_of_a_line_stay_together(rasa: Rasa, twin: Twin) -> None:
    button = {"title": "没穿过", "payload": "fact:worn=no"}
    custom = {"ask": "worn", "decision": {"status": "decided"}, "ticket": {"no": "1"}}
    twin.answers({"lines": [{"text": "穿过吗？", "buttons": [button], "custom": custom}]})

    (line,) = rasa.answer(QUESTION)

    assert (line.text, list(line.buttons), line.ask) == ("穿过吗？", [button], "worn")
    assert (line.decision, line.ticket) == ({"status": "decided"}, {"no": "1"})


@pytest.mark.parametrize(
    ("status", "data"),
    [
        (200, {"lines": []}),
        (200, {"lines": [{"text": None, "buttons": [], "custom": {"ask": "worn"}}]}),
        (200, {"lines": [{"text": ""}]}),
        (200, {}),
        (200, []),
        (200, None),
        (200, "好的"),
        (401, {"error": {"code": "unauthorized"}}),
        (502, {"error": {"code": "turn_failed"}}),
        (503, {"lines": [{"text": "不该听到"}]}),
    ],
)
def test_anything_but_a_line_to_say_is_a_failed_turn(
    rasa: Rasa, twin: Twin, status: int, data: object
) -> None:
    twin.answers(data, status)
    with pytest.raises(RasaUnavailable):
        rasa.answer(QUESTION)


def test_an_answer_that_is_no_json_is_a_failed_turn(rasa: Rasa, twin: Twin) -> None:
    twin.body = b"<html>"
    with pytest.raises(RasaUnavailable):
        rasa.answer(QUESTION)


def test_a_rasa_that_is_not_there_is_a_failed_turn_and_not_alive() -> None:
    rasa = Rasa("http://127.0.0.1:9", "secret", timeout=0.2, connections=1)
    assert not rasa.is_alive()
    with pytest.raises(RasaUnavailable) as failure:
        rasa.answer(QUESTION)
    assert not failure.value.permanent
    rasa._session.close()


def test_rasa_is_alive_when_its_channel_says_so(rasa: Rasa, twin: Twin) -> None:
    assert rasa.is_alive()
    twin.status = 503
    assert not rasa.is_alive()
