"""What people at the desk say in another process reaches the shopper's page at once."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.conversations import service as conversations
from bot.db import Database
from bot.handoff.claims import Claims, Lease
from bot.handoff.people import Person, come_online
from bot.handoff.service import HandOff
from bot.shops.service import Shops
from bot.tickets.service import Tickets
from bot.wake import LocalWake
from tests.fixtures.desk import MONDAY, SHOP, ZONE
from tests.fixtures.gateway import Gateway, Shopper, running_gateway


class DeskProcess:
    """The desk's side, with nothing in common with the gateway but the folder."""

    def __init__(self, var: Path) -> None:
        self.clock = Clock(ZONE, MONDAY)
        self.db = Database(f"sqlite:///{var / 'desk.sqlite3'}")
        shops = Shops.load(SHOP)
        self.handoff = HandOff(Tickets(self.clock, shops), self.clock)
        self.claims, self.wake = Claims(self.handoff), LocalWake(var / "run" / "wake")

    def queue(self, conversation_id: str, message_id: str) -> None:
        with self.db.write() as session:
            come_online(session, Person("wang", "王敏"), self.clock.now())
            conversation = conversations.locked(session, conversation_id)
            self.handoff.request(session, conversation, message_id, "转人工", {"asks": True})
        self.wake.tell(f"conversation:{conversation_id}")

    def claim(self, conversation_id: str) -> Lease:
        with self.db.write() as session:
            lease = self.claims.claim(session, conversation_id, "wang")
        self.wake.tell(f"conversation:{conversation_id}")
        return lease

    def say(self, lease: Lease, text: str) -> None:
        with self.db.write() as session:
            self.claims.say(session, lease.conversation_id, lease.fence, "wang", text, text)
        self.wake.tell(f"conversation:{lease.conversation_id}")


@contextmanager
def _both(tmp_path: Path) -> Iterator[tuple[Gateway, DeskProcess]]:
    with running_gateway(tmp_path, clock=MONDAY) as gateway:
        desk = DeskProcess(tmp_path)
        yield gateway, desk
        desk.db.close()


def _queued(gateway: Gateway, desk: DeskProcess) -> Shopper:
    shopper = gateway.open()
    line = shopper.send(text="有人吗").json()["message_id"]
    shopper.hear(1)
    desk.queue(shopper.id, line)
    return shopper


def test_the_page_is_told_mode_place_and_name(tmp_path: Path) -> None:
    with _both(tmp_path) as (gateway, desk):
        shopper = _queued(gateway, desk)
        waits = shopper.read().json()
        desk.claim(shopper.id)
        held = shopper.read().json()

    assert (waits["mode"], waits["position"], waits["agent_name"]) == ("waiting", 1, None)
    assert (held["mode"], held["position"], held["agent_name"]) == ("human", None, "王敏")
    assert (waits["wait_minutes"], held["wait_minutes"], held["episode"]) == (1, None, 1)


def test_a_line_of_an_agent_wakes_the_waiting_page(tmp_path: Path) -> None:
    with _both(tmp_path) as (gateway, desk):
        shopper = _queued(gateway, desk)
        lease = desk.claim(shopper.id)
        last = shopper.read().json()["messages"][-1]["seq"]
        heard: list[tuple[float, dict[str, Any]]] = []

        def wait() -> None:
            body = shopper.read(last, 10).json()
            heard.append((time.monotonic(), body["messages"][0]))

        page = threading.Thread(target=wait)
        page.start()
        time.sleep(0.3)  # the page is waiting by now; if not, it only hears sooner
        said = time.monotonic()
        desk.say(lease, "您好，我来办")
        page.join()

    ((at, line),) = heard
    assert (line["author"], line["author_name"], line["text"]) == ("agent", "王敏", "您好，我来办")
    assert at - said < 2


def test_typing_is_told_both_ways_while_a_person_answers_and_kept_nowhere(tmp_path: Path) -> None:
    with _both(tmp_path) as (gateway, desk):
        shopper = _queued(gateway, desk)
        told: queue.SimpleQueue[str] = queue.SimpleQueue()
        listening = desk.wake.listen(told.put)
        url = f"/api/chat/conversations/{shopper.id}/typing"
        assert gateway.client.post(url, headers=shopper.headers).status_code == 204
        desk.claim(shopper.id)
        assert gateway.client.post(url, headers={"Authorization": "Bearer x"}).status_code == 401
        assert gateway.client.post(url, headers=shopper.headers).status_code == 204
        desk.wake.tell("end")
        heard = list(iter(lambda: told.get(timeout=10), "end"))
        assert heard.count(f"shopper-types:{shopper.id}") == 1

        last = shopper.read().json()["messages"][-1]["seq"]
        desk.wake.tell(f"agent-types:{shopper.id}")  # before or after the page has asked
        answer = shopper.read(last, 10).json()
        listening.stop()
        assert (answer["typing"], answer["messages"]) == (True, [])
        assert shopper.read(last).json()["typing"] is False


def test_the_figures_tell_how_many_wait_and_how_many_are_there(tmp_path: Path) -> None:
    with _both(tmp_path) as (gateway, desk):
        _queued(gateway, desk)
        lines = gateway.client.get("/metrics").text.splitlines()

    assert "desk_queue_waiting 1" in lines
    assert "desk_agents_online 1" in lines


def test_a_line_that_an_agent_took_back_is_not_shown_and_leaves_no_gap(tmp_path: Path) -> None:
    with _both(tmp_path) as (gateway, desk):
        shopper = _queued(gateway, desk)
        lease = desk.claim(shopper.id)
        desk.say(lease, "发错了")
        with desk.db.write() as session:
            said = conversations.locked(session, shopper.id).last_seq
            (line,) = [
                each
                for each in conversations.view(
                    session, conversations.locked(session, shopper.id), 0
                ).messages
                if each["seq"] == said
            ]
            desk.claims.recall(session, line["id"], "wang")
        shown = shopper.read().json()["messages"]

    assert [each["seq"] for each in shown] == list(range(1, said + 1))
    assert "发错了" not in {each["text"] for each in shown}
