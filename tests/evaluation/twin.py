"""A server that answers like the shopper API and like Rasa's parse, with scripted lines."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

AT = "2026-05-08T10:00:00+00:00"
_PATH = re.compile(r"/api/chat/conversations/(\d+)/messages")

Line = Mapping[str, Any]
Reply = Sequence[Line]  # what the bot says to one line


def ask(fact: str, text: str = "请问？", *payloads: str) -> Line:
    return {
        "text": text,
        "ask": fact,
        "buttons": [{"title": payload, "payload": payload} for payload in payloads],
    }


def decided(outcome: str, **more: Any) -> Line:
    record = {"status": "decided", "outcome": outcome, "remedies": [], "escalate_to": None, **more}
    return {"text": "这样办。", "decision": record}


@dataclass
class Talk:
    shop: str
    replies: Sequence[Reply]
    mode: str = "bot"
    lines: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def say(self, author: str, **line: Any) -> None:
        seq = len(self.lines) + 1
        self.lines.append({"seq": seq, "author": author, "text": "", "created_at": AT} | line)


@dataclass
class Twin:
    """`scripts` holds the bot's replies by shop; `refuse` calls are told to come back first."""

    scripts: Mapping[str, Sequence[Reply]] = field(default_factory=dict)
    intents: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    refuse: int = 0
    mode: str = "bot"
    url: str = ""
    talks: list[Talk] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    def talk_with(self, first: str) -> Talk:
        return next(t for t in self.talks if t.sent and t.sent[0].get("text") == first)

    def open(self, shop: str) -> tuple[int, Any]:
        if shop not in self.scripts:
            return 404, {"error": {"code": "unknown_shop", "message": "没有这家店。"}}
        talk = Talk(shop, self.scripts[shop], self.mode)
        talk.say("bot", text="您好")
        self.talks.append(talk)
        return 201, {"conversation_id": str(len(self.talks) - 1), "visitor_token": "t"}

    def hear(self, talk: Talk, body: dict[str, Any]) -> tuple[int, Any]:
        reply = talk.replies[len(talk.sent)] if len(talk.sent) < len(talk.replies) else ()
        talk.sent.append(body)
        talk.say("shopper", text=body.get("text") or body["payload"])
        for line in reply:
            talk.say("bot", **line)
        return 202, {"message_id": "m", "seq": len(talk.lines)}

    def parse(self, texts: list[str]) -> tuple[int, Any]:
        def one(text: str) -> Any:
            acted, likeliest = self.intents[text]
            return {
                "intent": {"name": acted, "confidence": 0.5},
                "ranking": [{"name": likeliest, "confidence": 0.5}],
            }

        return 200, {"parses": [one(text) for text in texts]}


@contextmanager
def running(twin: Twin) -> Iterator[Twin]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(twin))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    twin.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield twin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(twin: Twin) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            talk = twin.talks[int(_PATH.match(self.path)[1])]
            after = int(parse_qs(urlsplit(self.path).query)["after"][0])
            new = [line for line in talk.lines if line["seq"] > after]
            self._answer(200, {"messages": new, "mode": talk.mode, "position": None})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                if twin.refuse:
                    twin.refuse -= 1
                    self._answer(429, {"error": {"code": "too_many"}}, {"Retry-After": "7"})
                    return
                self._answer(*self._post(body))

        def _post(self, body: Any) -> tuple[int, Any]:
            twin.tokens.append(self.headers.get("Authorization"))
            if self.path == "/webhooks/desk/parse":
                return twin.parse(body["texts"])
            found = _PATH.match(self.path)
            if found:
                return twin.hear(twin.talks[int(found[1])], body)
            return twin.open(body["shop"])

        def _answer(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing: the test says what went wrong."""

    return Handler
