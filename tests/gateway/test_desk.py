"""What goes below /desk arrives at the desk as it was sent, whatever it is."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.fixtures.gateway import running_gateway


class Echo(BaseHTTPRequestHandler):
    """Answers with the line it was asked by and what came with it."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = f"{self.command} {self.path} {self.rfile.read(length).decode()}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815  # the names that http.server calls

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A gateway whose desk echoes."""
    desk = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=desk.serve_forever)
    thread.start()
    var = tmp_path_factory.mktemp("gateway")
    with running_gateway(var, desk_port=desk.server_port, sign_in_rate="2/hour") as running:
        yield running.client
    desk.shutdown()
    thread.join()
    desk.server_close()


@pytest.mark.parametrize(
    "path",
    [
        "cases?q=%E7%BC%96%E5%8F%B7&page=2",
        "a%23b",
        "a%3Fb",
        "a%00b%0D%0A",
        "%2e%2e/%2e%2e/etc",
        "case/1%2F2",
    ],
)
def test_an_address_arrives_as_it_was_written(gateway: httpx.Client, path: str) -> None:
    assert gateway.get(f"/desk/{path}").text == f"GET /{path} "


def test_a_question_that_carries_a_body_is_answered_without_it(gateway: httpx.Client) -> None:
    assert gateway.request("GET", "/desk/cases", content=b"{}").text == "GET /cases "
    assert gateway.post("/desk/cases", content=b"{}").text == "POST /cases {}"


def test_an_address_longer_than_any_of_the_desk_is_refused(gateway: httpx.Client) -> None:
    port = httpx.URL(gateway.base_url).port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(b"GET /desk/" + b"a" * 65_520 + b" HTTP/1.1\r\nHost: desk\r\n\r\n")
        status = raw.recv(64).split()[1]
    assert status in (b"400", b"414", b"431")


def test_guessing_passwords_is_slowed_down_however_the_address_is_spelled(
    gateway: httpx.Client,
) -> None:
    tried = ["sign-in", "%73ign-in", "sign-in"]
    said = [gateway.post(f"/desk/{path}", content=b"").status_code for path in tried]
    assert said == [200, 200, 429]
