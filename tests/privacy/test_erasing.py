"""One shopper's data taken out whole, and erased everywhere; cases keep what finds nobody."""

import json
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot import cli
from bot.attachments.service import Album
from bot.conversations import service as conversations
from bot.conversations.models import Matter
from bot.db import Base
from bot.errors import BadInput, NotAllowed, NotFound
from bot.handoff.models import HandOffEvent
from bot.privacy import consents, service
from bot.privacy.jobs import Retention
from bot.settings import ROOT
from bot.tickets.models import TicketKind
from bot.tickets.states import Event
from bot.wechat.models import Arrival, Contact, Received
from migrations.tables import ROOMS
from tests.fixtures.cases import Cases

assert ROOMS
PHONE, ORDER, WORDS = "13912345678", "AB202611001", "住在幸福路的老王"
FACTS = {"wants": "refund", "price_paid": "399.00", "days_since_purchase": 3, "order_no": ORDER}


def told(cases: Cases) -> str:
    """A case's id: of a shopper who left all sorts of traces."""
    talk = cases.talk(phone=PHONE)
    line = cases.line(talk, f"{WORDS} {PHONE}")
    with cases.db.write() as session:
        conversation = conversations.locked(session, talk)
        matter: Matter = conversations.open_matter(session, conversation, cases.clock.now())
        conversations.give_facts(session, matter, line, FACTS, "said", cases.clock.now())
        kept = {"replies": [WORDS]}
        conversations.record_effect(session, line, "reply", kept, cases.clock.now())
        consents.note(session, talk, service.VERSION, cases.clock.now())
        _hand_off(session, talk, line, cases.clock.now())
        _follower(session, talk, cases.clock.now())
        told_in = matter.id
    ticket = cases.open(talk, why=WORDS, facts=FACTS, matter_id=told_in, kind=TicketKind.RETURN)
    cases.advance(ticket, Event.REVIEW, why=WORDS)
    return ticket


def _hand_off(session: Any, talk: str, line: str, now: Any) -> None:
    table = Base.metadata.tables["hand_offs"]
    values = {
        "id": f"h-{talk}"[:36],
        "conversation_id": talk,
        "shop": "dept_fashion",
        "episode": 1,
        "message_id": line,
        "clauses": [],
        "signals": {"said": WORDS},
        "why": WORDS,
        "priority": 5,
        "state": "ended",
        "fence": 1,
        "queued_at": now,
        "joined": [],
        "returns": 0,
        "note": WORDS,
        "ended_at": now,
    }
    session.execute(table.insert().values(**values))
    event = HandOffEvent(hand_off_id=values["id"], who="li", what="noted", note=WORDS, at=now)
    session.add(event)


def _follower(session: Session, talk: str, now: datetime) -> None:
    """Of an Official Account, with callbacks taken in and on their way."""
    openid, fields = f"o-{talk}", {"FromUserName": f"o-{talk}", "Content": WORDS}
    contact = Contact(id=talk, account="default", openid=openid, conversation_id=talk)
    contact.choices, contact.created_at = [{"title": WORDS, "payload": "yes"}], now
    received = Received(account="default", key=f"{openid}:1", conversation_id=talk, raw=fields)
    received.kind, received.name, received.received_at = "other", "event", now
    on_its_way = Arrival(account="default", openid=openid, fields=fields)
    others = {"FromUserName": "o-other", "Content": "别人的话"}
    of_another = Arrival(account="default", openid="o-other", fields=others)
    for each in (on_its_way, of_another):
        each.due_at = each.arrived_at = now
    session.add_all([contact, received, on_its_way, of_another])


def everything(cases: Cases) -> str:
    """All that the database holds, as one text."""
    with cases.db.read() as session:
        return "\n".join(
            json.dumps(dict(row), ensure_ascii=False, default=str)
            for table in Base.metadata.tables.values()
            for row in session.execute(select(table)).mappings()
        )


def erase(cases: Cases, album: Album, **whose: str) -> service.Subject:
    with cases.db.write() as session:
        found = service.subject(session, **whose)
        service.erase(session, found, album, "boss", cases.clock.now())
        return found


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "attachments")


def test_nothing_of_the_shopper_is_left_and_others_keep_theirs(cases: Cases, album: Album) -> None:
    ticket = told(cases)
    other = cases.open(cases.talk(phone="13700000000"), why="另一位顾客")
    assert WORDS in everything(cases)
    of = cases.now(ticket).conversation_id
    assert of is not None

    erase(cases, album, phone=PHONE)

    left = everything(cases)
    for secret in (PHONE, ORDER, WORDS, "幸福路", f"o-{of}"):
        assert secret not in left
    assert "另一位顾客" in left
    assert "别人的话" in left
    assert cases.now(other).phone == "13700000000"
    kept = cases.now(ticket).facts
    assert kept == {"wants": "refund", "price_paid": "399.00", "days_since_purchase": 3}
    assert cases.now(ticket).state == "reviewing"
    assert cases.history(ticket)[:2] == ["opened", "review_begun"]


@pytest.mark.parametrize("table", ["hand_off_events", "ticket_events"])
def test_what_is_written_once_is_guarded_again_afterwards(
    cases: Cases, album: Album, table: str
) -> None:
    told(cases)
    erase(cases, album, phone=PHONE)
    with cases.db.write() as session, pytest.raises(DatabaseError):
        session.execute(text(f"UPDATE {table} SET who = 'x'"))
    with cases.db.write() as session, pytest.raises(DatabaseError):
        session.execute(text(f"DELETE FROM {table}"))


def test_erasing_is_all_or_nothing(
    small_cases: Cases, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(small_cases)
    before = everything(small_cases)

    def fails(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(service, "note", fails)
    with pytest.raises(OSError):  # noqa: PT011
        erase(small_cases, album, phone=PHONE)
    assert everything(small_cases) == before
    with small_cases.db.write() as session, pytest.raises(DatabaseError):
        session.execute(text("UPDATE hand_off_events SET note = 'x'"))


def test_erased_twice_is_erased(small_cases: Cases, album: Album) -> None:
    no = small_cases.now(told(small_cases)).no
    erase(small_cases, album, ticket=no)
    erase(small_cases, album, ticket=no)
    assert WORDS not in everything(small_cases)


def test_the_token_of_an_erased_conversation_opens_nothing(
    small_cases: Cases, album: Album
) -> None:
    with small_cases.db.write() as session:
        now = small_cases.clock.now()
        opened = conversations.open_conversation(session, "dept_fashion", "web", None, now)
    erase(small_cases, album, conversation=opened.conversation_id)
    with small_cases.db.read() as session, pytest.raises(NotAllowed):
        conversations.authorise(session, opened.conversation_id, opened.visitor_token)


def test_nobody_is_owed_a_notice_afterwards(small_cases: Cases, album: Album) -> None:
    ticket = told(small_cases)
    erase(small_cases, album, phone=PHONE)
    small_cases.clock.on(days=2)
    small_cases.jobs.notify()
    assert {notice.state for notice in small_cases.notices(ticket)} <= {"sent", "dropped"}
    assert WORDS not in everything(small_cases)


def test_a_shopper_gets_everything_but_keys(small_cases: Cases) -> None:
    no = small_cases.now(told(small_cases)).no
    with small_cases.db.read() as session:
        data = service.taken_out(session, service.subject(session, ticket=no))
    text_ = json.dumps(data, ensure_ascii=False, default=str)

    assert all(word in text_ for word in (PHONE, ORDER, WORDS))
    assert {"conversations", "messages", "facts", "tickets", "ticket_events"} <= set(data)
    assert "token_hash" not in text_


@pytest.mark.parametrize(
    "whose", [{}, {"phone": PHONE, "ticket": "1"}, {"phone": "13000000000"}, {"ticket": "%"}]
)
def test_nobody_is_erased_by_mistake(small_cases: Cases, whose: dict[str, str]) -> None:
    told(small_cases)
    with small_cases.db.read() as session, pytest.raises((BadInput, NotFound)):
        service.subject(session, **whose)


@pytest.mark.parametrize(
    "value", ["refund", "399.00", 3, "2026-11-20", True and "yes", None, "unknown"]
)
def test_a_fact_of_the_rules_is_kept(value: object) -> None:
    assert service.is_harmless(value)


@pytest.mark.parametrize("value", [PHONE, ORDER, WORDS, "张三", {"a": 1}, ["x"], "zhang@x.cn"])
def test_a_fact_that_may_find_somebody_is_not_kept(value: object) -> None:
    assert not service.is_harmless(value)


def test_what_is_old_enough_goes_by_itself(cases: Cases, album: Album) -> None:
    told(cases)
    caller = cases.open_for()
    cases.talk()
    kept = Retention(cases.db, cases.clock, album, 365)
    cases.clock.on(days=400)
    assert kept.sweep() == 1  # the silent one; the others have a case under way

    with cases.db.write() as session:
        done = update(Base.metadata.tables["tickets"]).values(finished_at=cases.clock.now())
        session.execute(done)
    cases.clock.on(days=400)
    assert kept.sweep() == 2
    assert kept.sweep() == 0
    assert WORDS not in everything(cases)
    assert cases.now(caller).phone is None


def test_kept_for_ever_is_a_choice(small_cases: Cases, album: Album) -> None:
    small_cases.talk()
    small_cases.clock.on(days=9999)
    assert Retention(small_cases.db, small_cases.clock, album, 0).sweep() == 0


def test_the_commands_take_out_and_erase(
    small_cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    told(small_cases)
    monkeypatch.setenv("DATABASE_URL", str(small_cases.db.engine.url))
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    out = tmp_path / "shopper.json"
    whose = ["--phone", PHONE, "--json"]

    assert cli.main(["privacy", "export", *whose, "--out", str(out)]) == 0
    assert PHONE in out.read_text("utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert cli.main(["privacy", "export", *whose, "--out", str(out)]) == 1  # never over a file
    assert cli.main(["privacy", "erase", *whose]) == 0
    assert PHONE in everything(small_cases)
    assert cli.main(["privacy", "erase", *whose, "--yes"]) == 0
    assert PHONE not in everything(small_cases)
    assert cli.main(["privacy", "erase", *whose, "--yes"]) == 1  # nobody is left
    assert PHONE not in capsys.readouterr().out


def test_rasa_keeps_nothing_of_a_shopper() -> None:
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text("utf-8"))
    assert endpoints["tracker_store"] == {"type": "rasa_ext.tracker_store.KeepNothing"}
    assert not {"event_broker", "lock_store"} & set(endpoints)
