"""Cases are opened once, numbered without gaps, and promise only what the calendar knows."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations import repository as conversations
from bot.shops.service import Term
from bot.tickets import number, repository
from bot.tickets.models import Ticket, TicketCounter, TicketEvent, TicketKind, TicketState
from bot.tickets.service import Application
from tests.fixtures.desk import MONDAY, SHOP, Desk, make_desk, together


def _open(desk: Desk, session: Session, message_id: str, **more: Any) -> Ticket:
    message = conversations.message(session, message_id)
    assert message is not None
    conversation = conversations.get(session, message.conversation_id)
    assert conversation is not None
    more = {"kind": TicketKind.RETURN, "why": "不喜欢", **more}
    application = Application(opened_by=message_id, **more)
    return desk.tickets.open(session, conversation, application)


def _lines(desk: Desk, count: int) -> list[str]:
    conversation = desk.open()
    return [desk.hear(conversation, "我要退货", f"c{n}").message_id for n in range(count)]


def test_cases_opened_at_once_have_numbers_of_their_own_without_a_gap(desk: Desk) -> None:
    lines = _lines(desk, 12)

    def work(index: int) -> str:
        with desk.db.write() as session:
            return _open(desk, session, lines[index]).no

    numbers = together(work, 12)

    assert sorted(numbers) == [number.make(MONDAY.date(), n) for n in range(1, 13)]


def test_a_case_whose_transaction_fails_uses_up_no_number(desk: Desk) -> None:
    first, second = _lines(desk, 2)
    with suppress(RuntimeError), desk.db.write() as session:
        _open(desk, session, first)
        raise RuntimeError
    with desk.db.write() as session:
        assert _open(desk, session, second).no == "26112300013"
        assert session.scalar(select(TicketCounter.last)) == 1


def test_one_line_opens_one_case_however_often_it_is_tried(desk: Desk) -> None:
    (line,) = _lines(desk, 1)
    for _ in range(3):
        with desk.db.write() as session:
            assert _open(desk, session, line).no == "26112300013"

    assert len(desk.cases()) == 1
    assert _history(desk) == ["opened"]


def test_numbers_begin_again_with_the_day_of_the_shop_not_of_greenwich(tmp_path: Any) -> None:
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # half past midnight in the shop
    desk = make_desk(f"sqlite:///{tmp_path / 'desk.sqlite3'}", start=late)
    (line,) = _lines(desk, 1)
    with desk.db.write() as session:
        assert _open(desk, session, line).no.startswith("2611240001")
    desk.db.close()


def test_a_case_keeps_its_facts_its_phone_and_where_it_came_from(small_desk: Desk) -> None:
    (line,) = _lines(small_desk, 1)
    with small_desk.db.write() as session:
        message = conversations.message(session, line)
        assert message is not None
        conversation = conversations.get(session, message.conversation_id)
        assert conversation is not None
        conversation.phone = "13800001111"
        _open(small_desk, session, line, facts={"wants": "refund"}, assigned_to="duty_manager")

    (case,) = small_desk.cases()
    assert (case.shop, case.origin, case.phone) == (SHOP, "web", "13800001111")
    assert (case.facts, case.assigned_to) == ({"wants": "refund"}, "duty_manager")


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (Term(10, "minute"), "2026-11-23T10:10:00+08:00"),
        (Term(3, "day"), "2026-11-26T21:00:00+08:00"),
        (Term(1, "working_day"), "2026-11-24T21:00:00+08:00"),
        (None, None),
        (Term(60, "working_day"), None),  # reaches a year whose holidays nobody knows yet
    ],
)
def test_a_case_promises_the_end_of_its_term_and_no_guessed_date(
    small_desk: Desk, term: Term | None, due: str | None
) -> None:
    (line,) = _lines(small_desk, 1)
    with small_desk.db.write() as session:
        ticket = _open(small_desk, session, line, term=term)
        shown, promise = small_desk.tickets.shown(ticket), small_desk.tickets.promise(ticket)

    assert (shown["due"] or "")[:16] == (due or "")[:16]
    assert shown | {"due": None} == {"no": ticket.no, "state": "submitted", "due": None}
    assert (promise is None) == (due is None)
    assert ticket.due_provisional == (term is not None and due is None)


def test_a_case_is_withdrawn_once(small_desk: Desk) -> None:
    (line,) = _lines(small_desk, 1)
    with small_desk.db.write() as session:
        ticket = _open(small_desk, session, line)
        assert small_desk.tickets.withdraw(session, ticket, "不退了")
        assert not small_desk.tickets.withdraw(session, ticket, "不退了")

    assert small_desk.cases()[0].state == TicketState.WITHDRAWN
    assert _history(small_desk) == ["opened", "withdrawn"]


def test_cases_of_a_conversation_come_newest_first_and_never_from_another(
    small_desk: Desk,
) -> None:
    mine, other = _lines(small_desk, 2), _lines(small_desk, 1)
    with small_desk.db.write() as session:
        numbers = [_open(small_desk, session, line).no for line in mine]
        _open(small_desk, session, other[0])
        message = conversations.message(session, mine[0])
        assert message is not None
        found = repository.of_conversation(session, message.conversation_id)
        assert [ticket.no for ticket in found] == numbers[::-1]


def _history(desk: Desk) -> list[str]:
    with desk.db.read() as session:
        return list(session.scalars(select(TicketEvent.what).order_by(TicketEvent.id)))
