"""The twin over HTTP: the platform's API, and a phone to try the product by hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.twins.wechat.callbacks import Caller
from tests.twins.wechat.platform import ERRORS, Platform, Refusal

PAGE = Path(__file__).parent / "phone.html"
PHONE = "oPhone0000000000000000000001"


@dataclass
class Running:
    """A twin that answers at `url`."""

    platform: Platform
    url: str


@contextmanager
def running(platform: Platform, port: int = 0, caller: Caller | None = None) -> Iterator[Running]:
    """Serve the API, and with a `caller` the phone."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(platform, caller))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Running(platform, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(platform: Platform, caller: Caller | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._handle(b"")

        def do_POST(self) -> None:
            self._handle(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def _handle(self, body: bytes) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            try:
                if address.path.startswith("/cgi-bin/"):
                    self._answer(200, *_api(platform, self.command, address.path, query, body))
                elif caller is not None:
                    self._answer(200, *_phone(platform, caller, address.path, query, body))
                else:
                    self._answer(404, b"", "text/plain")
            except Refusal as refusal:
                text = ERRORS.get(refusal.code, "error")
                data = json.dumps({"errcode": refusal.code, "errmsg": text}).encode()
                self._answer(200, data, "application/json")
            except Dropped:
                self.close_connection = True
                self.connection.close()

        def _answer(self, status: int, data: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Nothing: the test says what went wrong."""

    return Handler


class Dropped(Exception):
    """The connection is to end without an answer."""


def drop() -> None:
    """For `Platform.failures`: the send was done and nobody is told."""
    raise Dropped


def _api(
    platform: Platform, method: str, path: str, query: dict[str, str], body: bytes
) -> tuple[bytes, str]:
    token = query.get("access_token", "")
    if path == "/cgi-bin/stable_token" and method == "POST":
        return _json(platform.stable_token(json.loads(body)))
    if path == "/cgi-bin/message/custom/send":
        return _json(platform.send(token, body))
    if path in ("/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend"):
        return _json(platform.notify(token, body))
    if path == "/cgi-bin/menu/create":
        platform.check_token(token)
        platform.menu = json.loads(body.decode())["button"]
        return _json({"errcode": 0, "errmsg": "ok"})
    if path == "/cgi-bin/media/upload":
        return _json(platform.upload(token, body))
    if path == "/cgi-bin/media/get":
        platform.check_token(token)
        if platform.media_failure is not None:
            raise Refusal(platform.media_failure)
        if query.get("media_id") not in platform.files:
            raise Refusal(40007)
        return platform.files[query["media_id"]]
    raise Refusal(-1)


def _phone(
    platform: Platform, caller: Caller, path: str, query: dict[str, str], body: bytes
) -> tuple[bytes, str]:
    if path == "/":
        return PAGE.read_bytes(), "text/html; charset=utf-8"
    if path == "/phone/state":
        one = platform.follower(PHONE)
        after = int(query.get("after", 0))
        new = [asdict(bubble) for bubble in one.screen if bubble.number > after]
        return _json({"bubbles": new, "menu": platform.menu or [], "following": one.following})
    if path == "/phone/picture":
        return platform.files[query["id"]]
    if path == "/phone/photo":
        media_id = platform.keep(body)
        platform.show(PHONE, "me", "[图片]", picture=media_id)
        _later(caller.message, PHONE, "image", PicUrl="", MediaId=media_id)
    elif path.startswith("/phone/"):
        _do(platform, caller, path.removeprefix("/phone/"), json.loads(body or b"{}"))
    return _json({})


def _do(platform: Platform, caller: Caller, what: str, data: dict[str, Any]) -> None:
    if what == "say":
        _later(caller.say, PHONE, data["text"])
    elif what == "tap":
        _later(caller.say, PHONE, data["text"], bizmsgmenuid=data["id"])
    elif what == "voice":
        platform.show(PHONE, "me", "[语音] " + data.get("text", ""))
        _later(caller.message, PHONE, "voice", Format="amr", Recognition=data.get("text", ""))
    elif what == "place":
        platform.show(PHONE, "me", "[位置]")
        place = {"Location_X": data["latitude"], "Location_Y": data["longitude"], "Scale": 15}
        _later(caller.message, PHONE, "location", Label=data.get("label", ""), **place)
    elif what == "press":
        platform.show(PHONE, "me", f"[菜单] {data['name']}")
        _later(caller.event, PHONE, "CLICK", EventKey=data["key"])
    elif what in ("subscribe", "unsubscribe"):
        platform.show(PHONE, "platform", "已关注" if what == "subscribe" else "已取消关注")
        _later(caller.event, PHONE, what, EventKey="")


def _later(work: Any, *given: Any, **more: Any) -> None:
    threading.Thread(target=work, args=given, kwargs=more, daemon=True).start()


def _json(data: Any) -> tuple[bytes, str]:
    return json.dumps(data, ensure_ascii=False).encode(), "application/json; charset=utf-8"
