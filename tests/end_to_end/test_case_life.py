"""Each kind of case from the first line to the rating, through HTTP, the desk's services and the
worker of the running product."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock
from bot.db import Database
from bot.policy.service import PolicyService
from bot.shops.service import Shops
from bot.tickets import repository
from bot.tickets.office import Actor
from bot.tickets.service import Tickets
from bot.tickets.states import Event
from tests.end_to_end.conftest import Shopper
from tests.fixtures.desk import SHOP
from tests.fixtures.servers import wait_until
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.rasa

LI = Actor.agent("li")
PATIENCE = 20.0
# What is said first, what the case then is, and how the desk handles it.
LIVES = [
    (
        "昨天买的裙子不喜欢，没穿过，小票在，能退吗",
        "return",
        [Event.APPROVE, Event.REFUND, Event.FINISH],
    ),
    (
        "昨天买的裙子不喜欢，没穿过，小票在，想换一件",
        "exchange",
        [Event.APPROVE, Event.SHIP, Event.INSPECT, Event.FINISH],
    ),
    ("你们店员态度太差了，我要投诉", "complaint", [Event.REVIEW, Event.FINISH]),
    ("转人工", "call_back", [Event.FINISH]),
]


class Desk:
    """An agent at work on the product's own database."""

    def __init__(self, stack: Stack) -> None:
        self.db = Database(f"sqlite:///{stack.var / 'desk.sqlite3'}")
        clock = Clock(ZoneInfo("Asia/Shanghai"))
        rules = PolicyService.running(self.db, clock)
        # No quiet hours here: the tests run at night as well.
        shop = replace(Shops.load(SHOP).get(SHOP), quiet=(time(0), time(0)))
        self.tickets = Tickets(clock, Shops({SHOP: shop}, SHOP), None, rules.promises)

    def advance(self, no: str, *events: Event) -> None:
        """Move a case."""
        for event in events:
            with self.db.write() as session:
                ticket = repository.by_no(session, no)
                assert ticket is not None
                assert self.tickets.advance(session, ticket, event, LI, "照规定办").moved

    def kind(self, no: str) -> str:
        """What a case is about."""
        with self.db.read() as session:
            ticket = repository.by_no(session, no)
            assert ticket is not None
            return ticket.kind


@pytest.fixture
def desk(stack: Stack) -> Iterator[Desk]:
    made = Desk(stack)
    yield made
    made.db.close()


def _registered(shopper: Shopper, words: str) -> str:
    answer = shopper.says(words)
    if not any(line["ticket"] for line in answer):
        answer = shopper.says(payload="yes")
    return next(str(line["ticket"]["no"]) for line in answer if line["ticket"])


def _told(shopper: Shopper, state: str) -> dict[str, Any]:
    """Wait for the notice that a case is in a state."""
    found: list[dict[str, Any]] = []

    def come() -> bool:
        shopper.fetch(wait=1)
        found[:] = [x for x in shopper.lines if (x["ticket"] or {}).get("state") == state]
        return bool(found)

    wait_until(come, PATIENCE, f"the notice of {state}")
    return found[-1]


@pytest.mark.parametrize(("words", "kind", "events"), LIVES, ids=[life[0][:6] for life in LIVES])
def test_a_case_lives_from_its_application_to_the_rating(
    arrive: Callable[[], Shopper],
    desk: Desk,
    words: str,
    kind: str,
    events: list[Event],
) -> None:
    shopper = arrive()
    no = _registered(shopper, words)
    assert desk.kind(no) == kind

    desk.advance(no, *events)
    done = _told(shopper, "done")
    assert [button["title"] for button in done["buttons"]] == ["解决了", "还没解决"]

    answer = shopper.says(payload=done["buttons"][1]["payload"])
    assert answer[-1]["ticket"]["state"] == "reopened"
    desk.advance(no, Event.FINISH)
    confirmed = shopper.says("解决了")
    assert confirmed[-1]["ticket"]["state"] == "confirmed"
    assert len(confirmed[-1]["buttons"]) == 5
    shopper.says(payload="rate:5")
    again = shopper.rates(4)
    assert again.status_code == 409
