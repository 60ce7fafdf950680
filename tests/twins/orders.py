"""A shop's order system on loopback, with the faults that real ones have."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DRESS = {
    "no": "A-1001",
    "purchased_on": "2026-11-20",
    "remote": False,
    "lines": [{"name": "连衣裙", "price_paid": "399.00", "category": "dress"}],
    "phone_tail": "5678",
}


@dataclass
class OrderSystem:
    """`fault` is how it fails from now on; `asked` is every call that reached it."""

    orders: list[dict[str, Any]] = field(default_factory=lambda: [DRESS])
    fault: str = ""
    asked: list[tuple[str, dict[str, str], str | None]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@contextmanager
def order_system() -> Iterator[OrderSystem]:
    """The system, running until the end of the block."""
    system = OrderSystem()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            wanted = {key: values[0] for key, values in parse_qs(parts.query).items()}
            system.asked.append((unquote(parts.path), wanted, self.headers.get("Authorization")))
            _FAULTS.get(system.fault, _answer)(self, system, unquote(parts.path), wanted)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    system.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield system
    finally:
        system.over.set()
        server.shutdown()
        server.server_close()


def _send(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json"
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _answer(
    handler: BaseHTTPRequestHandler, system: OrderSystem, path: str, wanted: dict[str, str]
) -> None:
    if path == "/orders":
        card, tail = wanted.get("member"), wanted.get("phone", "")[-4:]
        by_card = [order for order in system.orders if order.get("member") == card]
        by_phone = [order for order in system.orders if order.get("phone_tail") == tail]
        found = by_card if card else by_phone
        _send(handler, 200, json.dumps({"orders": found}).encode())
        return
    named = [order for order in system.orders if f"/orders/{order['no']}" == path]
    _send(handler, 200 if named else 404, json.dumps(named[0] if named else {}).encode())


def _hangs(handler: BaseHTTPRequestHandler, system: OrderSystem, *_: object) -> None:
    system.over.wait(30)


def _trickles(handler: BaseHTTPRequestHandler, system: OrderSystem, *_: object) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _each in range(300):
        if system.over.wait(0.1):
            return
        handler.wfile.write(b" ")
        handler.wfile.flush()


def _closes(handler: BaseHTTPRequestHandler, *_: object) -> None:
    handler.connection.close()


def _once_busy(
    handler: BaseHTTPRequestHandler, system: OrderSystem, path: str, wanted: dict[str, str]
) -> None:
    system.fault = ""
    _send(handler, 503, b"{}")


def _says(status: int, body: bytes, kind: str = "application/json") -> Any:
    return lambda handler, *_: _send(handler, status, body, kind)


_FAULTS = {
    "hangs": _hangs,
    "trickles": _trickles,
    "closes": _closes,
    "once busy": _once_busy,
    "busy": _says(503, b"{}"),
    "refuses": _says(403, b"{}"),
    "html": _says(200, b"<html>login</html>", "text/html"),
    "not json": _says(200, b"{"),
    "another order": _says(200, json.dumps({**DRESS, "no": "B-2"}).encode()),
    "negative price": _says(
        200, json.dumps({**DRESS, "lines": [{"name": "x", "price_paid": "-1"}]}).encode()
    ),
    "no such day": _says(200, json.dumps({**DRESS, "purchased_on": "2026-02-30"}).encode()),
    "huge": _says(200, b" " * 400_000 + json.dumps(DRESS).encode()),
    "elsewhere": _says(302, b"{}"),
}
