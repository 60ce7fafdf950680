"""Each kind of case from the first line to the rating, through HTTP, the desk's services and the
worker of the running product."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.accounts import keys
from bot.clock import Clock
from bot.db import Database
from bot.messages import Spoken
from bot.policy.service import PolicyService
from bot.shops.service import Shops
from bot.tickets import repository
from bot.tickets.jobs import Jobs
from bot.tickets.office import Actor
from bot.tickets.service import Tickets
from bot.tickets.states import Event
from bot.wake import LocalWake
from tests.end_to_end.conftest import Arrive, Shopper
from tests.fixtures.desk import SHOP
from tests.fixtures.servers import wait_until
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.rasa

LI = Actor.agent("li")
WANG = Actor.agent("wang", "approver")
PATIENCE = 20.0


@dataclass(frozen=True)
class Life:
    """What is said in which shop, what the case then is, and how the desk handles it; whether
    somebody is sent, so that a time is chosen first."""

    kind: str
    words: str
    events: tuple[Event, ...]
    shop: str = SHOP
    visited: bool = False
    more: tuple[str, ...] = ()


LIVES = [
    Life(
        "return",
        "昨天买的裙子不喜欢，没穿过，小票在，能退吗",
        (Event.APPROVE, Event.REFUND, Event.FINISH),
    ),
    Life(
        "exchange",
        "昨天买的裙子不喜欢，没穿过，小票在，想换一件",
        (Event.APPROVE, Event.SHIP, Event.INSPECT, Event.FINISH),
    ),
    Life(
        "repair",
        "仪器坏了要报修，买了两个月，正常用的",
        (Event.APPROVE, Event.REPAIR, Event.FINISH),
        "equipment",
        visited=True,
    ),
    Life(
        "installation",
        "买的空调要安装",
        (Event.APPROVE, Event.FINISH),
        "dept_generic",
        visited=True,
    ),
    Life(
        "price_difference",
        "昨天买的电饭煲今天降价了，能退差价吗",
        (Event.REVIEW, Event.APPROVE, Event.REFUND, Event.FINISH),
        "dept_generic",
    ),
    Life(
        "care",
        "皮衣想送你们那儿干洗一次",
        (Event.APPROVE, Event.INSPECT, Event.FINISH),
        "brand_langfan",
        more=("没用过",),
    ),
    Life(
        "compensation",
        "你们把我衣服弄坏了，要赔偿我两百块",
        (Event.REVIEW, Event.APPROVE, Event.FINISH),
    ),
    Life("complaint", "你们店员态度太差了，我要投诉", (Event.REVIEW, Event.FINISH)),
    Life("call_back", "转人工", (Event.FINISH,)),
]


class Desk:
    """An agent at work on the product's own database, and a system of the shop beside."""

    def __init__(self, stack: Stack) -> None:
        self.db = Database(f"sqlite:///{stack.var / 'desk.sqlite3'}")
        clock = Clock(ZoneInfo("Asia/Shanghai"))
        rules = PolicyService.running(self.db, clock)
        # No quiet hours here: the tests run at night as well.
        awake = {
            shop.slug: replace(shop, quiet=(time(0), time(0))) for shop in Shops.load(SHOP).all()
        }
        self.tickets = Tickets(clock, Shops(awake, SHOP), None, rules.promises)
        self.wake = LocalWake(stack.var / "run" / "wake")
        self.api = httpx.Client(base_url=f"{stack.url}/api/v1", trust_env=False)
        with self.db.write() as session:
            _, plain = keys.issue(session, "ERP", [], True, "boss", datetime.now(UTC))
        self.api.headers["Authorization"] = f"Bearer {plain}"

    def close(self) -> None:
        """Go home."""
        self.api.close()
        self.db.close()

    def advance(self, no: str, *events: Event) -> None:
        """Move a case; where the shop demands consent, somebody else gives it."""
        for event in events:
            with self.db.write() as session:
                ticket = repository.by_no(session, no)
                assert ticket is not None
                step = self.tickets.advance(session, ticket, event, LI, "照规定办")
                if step.approval is not None:
                    step = self.tickets.approve(session, step.approval.id, WANG, "同意")
                assert step.moved
        self.wake.tell("tickets")

    def finishes(self, no: str) -> None:
        """The shop's own system says that a case which was opened again is done."""
        done = {"event": "finished", "why": "重新办好", "expected_state": "reopened"}
        assert self.api.patch(f"/tickets/{no}", json=done).json()["state"] == "done"

    def settles(self) -> None:
        """The clock closes what is confirmed."""
        Jobs(self.db, self.tickets, Spoken.load()).settle()

    def shown(self, no: str) -> dict[str, Any]:
        """A case as the shop's own system reads it."""
        found: dict[str, Any] = self.api.get(f"/tickets/{no}").json()
        return found


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Iterator[Desk]:
    with closing(Desk(stack)) as made:
        yield made


def _registered(shopper: Shopper, life: Life) -> str:
    answer = shopper.says(life.words)
    for words in life.more:
        answer = shopper.says(words)
    if not any(line["ticket"] for line in answer):
        answer = shopper.says(payload="yes")
    return next(str(line["ticket"]["no"]) for line in answer if line["ticket"])


def _visited(shopper: Shopper) -> None:
    """Take the first time that was offered with the case."""
    times = [b["payload"] for b in shopper.lines[-2]["buttons"] + shopper.lines[-1]["buttons"]]
    said = shopper.says(payload=next(each for each in times if each.startswith("visit:")))
    assert "编号" in said[0]["text"]


def _told(shopper: Shopper, state: str) -> dict[str, Any]:
    """Wait for the notice that a case is in a state."""
    found: list[dict[str, Any]] = []

    def come() -> bool:
        shopper.fetch(wait=1)
        found[:] = [x for x in shopper.lines if (x["ticket"] or {}).get("state") == state]
        return bool(found)

    wait_until(come, PATIENCE, f"the notice of {state}")
    return found[-1]


@pytest.mark.parametrize("life", LIVES, ids=[life.kind for life in LIVES])
def test_a_case_lives_from_its_application_to_the_rating(
    arrive: Arrive, desk: Desk, life: Life
) -> None:
    shopper = arrive(life.shop)
    no = _registered(shopper, life)
    assert desk.shown(no)["kind"] == life.kind
    if life.visited:
        _visited(shopper)

    desk.advance(no, *life.events)
    done = _told(shopper, "done")
    assert [button["title"] for button in done["buttons"]] == ["解决了", "还没解决"]

    answer = shopper.says(payload=done["buttons"][1]["payload"])
    assert answer[-1]["ticket"]["state"] == "reopened"
    desk.finishes(no)
    confirmed = shopper.says("解决了")
    assert confirmed[-1]["ticket"]["state"] == "confirmed"
    assert len(confirmed[-1]["buttons"]) == 5
    shopper.says(payload="rate:5")
    again = shopper.rates(4)
    assert again.status_code == 409
    desk.settles()
    assert desk.shown(no)["state"] == "closed"
