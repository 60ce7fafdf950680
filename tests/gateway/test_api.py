"""Cases for the shop's own systems: who may see and change what, and never blindly."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.accounts import keys
from bot.gateway import api, failures
from bot.gateway.limits import RateLimit
from bot.tickets.models import TicketKind
from bot.tickets.states import Event
from tests.fixtures.cases import Cases, cases, small_cases

__all__ = ["cases", "small_cases"]


@dataclass
class Client:
    """Calls an application in this process."""

    app: FastAPI

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return await client.request(method, path, **more)

        with ThreadPoolExecutor(1) as elsewhere:  # a browser's test may have left its loop here
            return elsewhere.submit(asyncio.run, call()).result()


@dataclass
class System:
    """A shop's system with a key of its own."""

    client: Client
    cases: Cases
    key: str
    told: list[str]

    def get(self, path: str, key: str | None = None) -> httpx.Response:
        return self.client.request("GET", f"/api/v1/tickets{path}", headers=self._with(key))

    def patch(self, no: str, key: str | None = None, **more: object) -> httpx.Response:
        headers = self._with(key)
        if "if_match" in more:
            headers["If-Match"] = str(more.pop("if_match"))
        return self.client.request("PATCH", f"/api/v1/tickets/{no}", json=more, headers=headers)

    def key_for(self, *shops: str, write: bool = True) -> str:
        with self.cases.db.write() as session:
            name = f"key {len(self.told)} {shops} {write}"
            return keys.issue(session, name, shops, write, "boss", self.cases.clock.now())[1]

    def case(self) -> str:
        return self.cases.now(self.cases.open_for()).no

    def _with(self, key: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key if key is None else key}"}


def system_of(cases: Cases, rate: str = "1000/minute") -> System:
    app, told = FastAPI(), list[str]()
    limit = RateLimit("api", rate, None)
    woken = api.Api(cases.db, cases.tickets, cases.clock, limit, lambda: told.append("tickets"))
    app.include_router(api.routes(woken))
    failures.install(app)
    system = System(Client(app), cases, "", told)
    system.key = system.key_for()
    return system


@pytest.fixture
def system(small_cases: Cases) -> System:
    return system_of(small_cases)


@pytest.mark.parametrize("key", ["", "asd_guess", "asd_" + "x" * 300, "\x7f"])
def test_without_a_key_nothing_is_told(system: System, key: str) -> None:
    answer = system.get("", key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "wrong_key")
    assert system.client.request("GET", "/api/v1/tickets").status_code == 401


def test_pages_follow_one_another_without_gap_or_repeat(cases: Cases) -> None:
    system = system_of(cases)
    made = sorted(system.case() for _ in range(5))
    seen: list[str] = []
    cursor = ""
    for _ in range(9):
        page = system.get(f"?limit=2{cursor}").json()
        seen += [one["no"] for one in page["tickets"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == made


def test_a_case_is_read_with_its_version_and_without_a_phone_number(system: System) -> None:
    answer = system.get(f"/{system.case()}")

    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert answer.json()["phone"] == "138****1111"
    assert "13800001111" not in answer.text
    assert "陈女士" not in answer.text
    assert answer.json()["possible"]


def test_a_key_sees_the_cases_of_its_shops_alone(system: System) -> None:
    no, other = system.case(), system.key_for("kids")

    assert system.get(f"/{no}", other).status_code == 404
    assert system.get("", other).json()["tickets"] == []
    assert system.get("?shop=dept_fashion", other).json()["tickets"] == []
    assert system.patch(no, other, expected_state="submitted").status_code == 404


def test_a_case_is_moved_by_whoever_knows_how_it_stands(system: System) -> None:
    no = system.case()
    version = system.get(f"/{no}").headers["etag"]
    answer = system.patch(no, event="review_begun", if_match=version, responsible="li")

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["responsible"]) == ("reviewing", "li")
    assert answer.headers["etag"] != version
    assert system.told == ["tickets"]


def test_a_change_on_old_knowledge_is_refused(system: System) -> None:
    no = system.case()
    version = system.get(f"/{no}").headers["etag"]
    assert system.patch(no, event="review_begun", if_match=version).status_code == 200

    for old in ({"if_match": version}, {"expected_state": "submitted"}):
        answer = system.patch(no, event="approved", **old)
        assert (answer.status_code, answer.json()["error"]["code"]) == (412, "changed")
        assert answer.json()["error"]["details"]["state"] == "reviewing"
    assert system.get(f"/{no}").json()["state"] == "reviewing"


def test_a_change_has_to_name_what_it_was_thought_out_for(system: System) -> None:
    assert system.patch(system.case(), event="review_begun").status_code == 428


def test_a_way_that_there_is_not_is_a_conflict(system: System) -> None:
    no = system.case()
    answer = system.patch(no, event="disputed", expected_state="submitted")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_possible")


def test_a_key_that_only_reads_changes_nothing(system: System) -> None:
    no, reader = system.case(), system.key_for(write=False)
    answer = system.patch(no, reader, event="review_begun", expected_state="submitted")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "read_only_key")
    assert system.get(f"/{no}", reader).json()["state"] == "submitted"


@pytest.mark.parametrize(
    "path",
    ["?limit=0", "?limit=201", "?limit=x", "?state=eaten", "?cursor=%27--", "?cursor=%00"],
)
def test_what_cannot_be_read_is_refused_clearly(system: System, path: str) -> None:
    answer = system.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input")


@pytest.mark.parametrize("no", ["1", "x" * 400, "%00", "26112399999", "..%2F..%2Fetc"])
def test_a_number_of_no_case_is_not_found(system: System, no: str) -> None:
    assert system.get(f"/{no}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"event": "explode"},
        {"state": "closed"},
        {"why": "x" * 501},
        {"responsible": ""},
        {"expected_state": 1},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(system: System, body: dict[str, object]) -> None:
    answer = system.patch(system.case(), **{"expected_state": "submitted", **body})
    assert answer.status_code == 422


def test_guessing_is_slow(small_cases: Cases) -> None:
    system = system_of(small_cases, "3/minute")
    codes = [system.get("", f"asd_{n}").status_code for n in range(5)]

    assert codes == [401, 401, 401, 429, 429]


def test_reading_waits_for_nobody_who_writes(system: System) -> None:
    case = system.cases.open_for()
    no = system.cases.now(case).no
    assert system.get("").status_code == 200  # the key's use is noted now
    with system.cases.db.write() as session, ThreadPoolExecutor(1) as elsewhere:
        system.cases.get(session, case).name = "王女士"
        session.flush()
        read = elsewhere.submit(system.get, f"/{no}").result(10)
    assert read.status_code == 200


def test_the_use_of_a_key_is_noted_once_a_minute(system: System) -> None:
    clock, began = system.cases.clock, system.cases.clock.now()
    for seconds, noted in ((0, began), (59, began), (2, began + timedelta(seconds=61))):
        clock.on(seconds=seconds)
        assert system.get("").status_code == 200
        with system.cases.db.read() as session:
            key = keys.known(session, system.key)
        assert key is not None
        assert key.used_at == noted


def test_finished_cases_are_found_by_their_state(system: System) -> None:
    done = system.cases.open(kind=TicketKind.RETURN)
    system.case()
    system.cases.advance(done, Event.REVIEW)
    found = system.get("?state=reviewing").json()["tickets"]

    assert [one["no"] for one in found] == [system.cases.now(done).no]
