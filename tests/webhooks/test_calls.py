"""Changes of cases told to the shop's systems: signed, until they say yes, once by key."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import DeskError
from bot.tickets.models import TicketEvent
from bot.tickets.states import Event
from bot.webhooks import service, targets
from bot.webhooks.jobs import Calls
from bot.webhooks.models import WebhookCall
from bot.webhooks.service import Seal
from tests.fixtures.cases import Cases
from tests.fixtures.desk import together

SEAL = Seal("test")


@dataclass
class Receiver:
    """A shop's system; `says` is the status it answers with."""

    url: str = ""
    says: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for headers, _ in self.heard]


@contextmanager
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.heard.append((dict(self.headers), body))
            self.send_response(made.says)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def system() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def hook(cases: Cases, url: str, *shops: str) -> str:
    """The secret of a new webhook."""
    with cases.db.write() as session:
        now = cases.clock.now()
        return service.add(session, SEAL, url, shops, "boss", now, private=True)[1]


def calls(cases: Cases, tries: int = 3, private: bool = True) -> Calls:
    return Calls(cases.db, cases.clock, SEAL, tries, private)


def states(cases: Cases) -> list[tuple[str, int]]:
    with cases.db.read() as session:
        found = session.scalars(select(WebhookCall).order_by(WebhookCall.event_id))
        return [(call.state, call.attempts) for call in found]


def test_every_change_is_told_once_and_signed(cases: Cases, system: Receiver) -> None:
    secret = hook(cases, system.url)
    ticket = cases.open_for()
    cases.advance(ticket, Event.REVIEW)

    assert calls(cases).sweep() == 2
    assert calls(cases).sweep() == 0

    headers, body = system.heard[1]
    told: dict[str, Any] = json.loads(body)
    assert (told["from"], told["to"]) == ("submitted", "reviewing")
    assert told["ticket"]["no"] == cases.now(ticket).no
    assert told["id"] == headers["Idempotency-Key"]
    signed = f"{headers['X-Desk-Timestamp']}.".encode() + body
    right = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Desk-Signature"] == f"v1={right}"


def test_nothing_about_the_person_is_told(small_cases: Cases, system: Receiver) -> None:
    hook(small_cases, system.url)
    small_cases.open_for(why="住在幸福路 8 号")
    calls(small_cases).sweep()

    said = b"".join(body for _, body in system.heard)
    assert all(word.encode() not in said for word in ("13800001111", "陈女士", "幸福路"))


def test_what_happened_before_or_in_other_shops_is_not_told(
    small_cases: Cases, system: Receiver
) -> None:
    small_cases.open_for()
    hook(small_cases, system.url, "kids")
    small_cases.open_for()

    assert calls(small_cases).sweep() == 0
    assert system.heard == []


def test_a_system_that_is_down_is_told_later_under_the_same_key(
    small_cases: Cases, system: Receiver
) -> None:
    hook(small_cases, system.url)
    small_cases.open_for()
    system.says = 500
    work = calls(small_cases)
    work.sweep()
    assert work.sweep() == 0  # not before its time
    assert len(system.heard) == 1

    system.says = 204
    small_cases.clock.on(seconds=11)
    assert work.sweep() == 1
    assert len(set(system.keys)) == 1
    assert states(small_cases) == [("sent", 2)]


@pytest.mark.parametrize("status", [301, 404, 503])
def test_after_enough_attempts_a_call_is_given_up(
    small_cases: Cases, system: Receiver, status: int
) -> None:
    hook(small_cases, system.url)
    small_cases.open_for()
    system.says = status
    for _ in range(6):
        calls(small_cases).sweep()
        small_cases.clock.on(hours=7)

    assert states(small_cases) == [("dead", 3)]
    assert len(system.heard) == 3


def test_an_attempt_is_counted_before_it_is_made(
    small_cases: Cases, system: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(small_cases, system.url)
    small_cases.open_for()

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(targets, "post", killed)
    for _ in range(4):
        with pytest.raises(KeyboardInterrupt) if _ < 3 else _nothing():
            calls(small_cases).sweep()
        small_cases.clock.on(hours=7)

    assert states(small_cases) == [("dead", 3)]


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def test_two_workers_make_each_attempt_once(cases: Cases, system: Receiver) -> None:
    hook(cases, system.url)
    for _ in range(4):
        cases.open_for()
    work = calls(cases)
    work.collect()

    assert sum(together(lambda _: work.sweep(), 4)) == 4
    assert sorted(system.keys) == sorted(set(system.keys))


def test_a_late_entry_with_a_lower_number_is_told_all_the_same(
    small_cases: Cases, system: Receiver
) -> None:
    hook(small_cases, system.url)
    ticket, work = small_cases.open_for(), calls(small_cases)
    for number, place in ((500, 1), (300, 2)):
        with small_cases.db.write() as session:
            entry = TicketEvent(id=number, ticket_id=ticket, who="li", why="", place=place)
            entry.what, entry.from_state, entry.to_state = Event.REVIEW, "submitted", "reviewing"
            entry.at = small_cases.clock.now()
            session.add(entry)
        work.sweep()

    assert [json.loads(body)["place"] for _, body in system.heard] == [0, 1, 2]


def test_a_system_that_is_down_does_not_hold_up_another(
    small_cases: Cases, system: Receiver
) -> None:
    with receiver() as down:
        down.says = 503
        hook(small_cases, down.url)
        hook(small_cases, system.url)
        for _ in range(3):
            small_cases.open_for()

        assert calls(small_cases).sweep() == 3
        assert len(down.heard) == 1


def test_an_ended_webhook_is_called_no_more(small_cases: Cases, system: Receiver) -> None:
    hook(small_cases, system.url)
    small_cases.open_for()
    calls(small_cases).collect()
    with small_cases.db.write() as session:
        (one,) = service.repository.all_hooks(session)
        service.end(session, one.id, "boss", small_cases.clock.now())
    calls(small_cases).sweep()
    small_cases.open_for()
    calls(small_cases).sweep()

    assert system.heard == []
    assert states(small_cases) == [("dead", 0)]


def test_what_ended_long_ago_is_forgotten_and_not_told_again(
    small_cases: Cases, system: Receiver
) -> None:
    hook(small_cases, system.url)
    small_cases.open_for()
    work = calls(small_cases)
    work.sweep()
    small_cases.clock.on(days=31)
    work.sweep()

    assert work.forget() == 1
    assert work.sweep() == 0
    assert len(system.heard) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/hook",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://user@1.1.1.1/",
        "ftp://1.1.1.1/",
        "https:///x",
        "https://1.1.1.1:99999/",
        "https://1.1.1.1/a\r\nX: y",
        "https://1.1.1.1\\@10.0.0.1/",
        "no address",
    ],
)
def test_a_webhook_points_nowhere_it_must_not(small_cases: Cases, url: str) -> None:
    with small_cases.db.write() as session, pytest.raises(DeskError):
        service.add(session, SEAL, url, (), "boss", small_cases.clock.now())


def test_a_name_with_one_private_address_is_refused() -> None:
    with pytest.raises(targets.BadTarget):
        targets.checked("https://shop.example/", False, lambda *_: ["1.1.1.1", "192.168.0.1"])
    assert targets.checked("https://shop.example/", False, lambda *_: ["1.1.1.1"]) == "1.1.1.1"


def test_a_name_that_has_come_to_mean_another_address_is_not_called(
    small_cases: Cases, system: Receiver
) -> None:
    hook(small_cases, system.url)  # allowed when it was added
    small_cases.open_for()
    calls(small_cases, private=False).sweep()

    assert system.heard == []
    assert states(small_cases) == [("pending", 1)]


def test_the_secret_is_not_kept_in_the_clear(small_cases: Cases, system: Receiver) -> None:
    secret = hook(small_cases, system.url)
    with small_cases.db.read() as session:
        (one,) = service.repository.all_hooks(session)
    assert secret not in str(vars(one))
    assert SEAL.open(one.secret) == secret
