"""Shoppers hear of what happens to their case: once, through their channel, and not at night."""

import pytest
from sqlalchemy import select

from bot.conversations import repository as conversations
from bot.messages import Mode
from bot.outbox.models import Delivery
from bot.tickets.models import Origin
from bot.tickets.models_work import NoticeState
from bot.tickets.office import SHOPPER
from bot.tickets.states import Event
from tests.fixtures.cases import LI, Cases, at
from tests.fixtures.desk import together


def test_a_change_by_the_desk_is_told_in_the_conversation_once(cases: Cases) -> None:
    talk = cases.talk()
    case = cases.open(talk)
    for event in (Event.REVIEW, Event.APPROVE):
        cases.advance(case, event)
        for _ in range(2):
            cases.jobs.notify()

    assert [line[:9] for line in cases.said(talk)] == ["编号 261123", "编号 261123"]
    assert "同意" in cases.said(talk)[-1]
    assert cases.told == [f"conversation:{talk}", "outbox"] * 2


def test_many_workers_at_once_tell_it_once(cases: Cases) -> None:
    talk = cases.talk()
    cases.advance(cases.open(talk), Event.REVIEW)
    together(lambda index: cases.jobs.notify(), 6)

    assert len(cases.said(talk)) == 1


def test_what_happens_at_night_is_told_in_the_morning(small_cases: Cases) -> None:
    talk = small_cases.talk()
    case = small_cases.open(talk)
    small_cases.clock.put("2026-11-23 22:15")
    small_cases.advance(case, Event.REVIEW)
    for late in ("2026-11-23 22:16", "2026-11-24 08:29"):
        small_cases.clock.put(late)
        small_cases.jobs.notify()
        assert small_cases.said(talk) == []
    small_cases.clock.put("2026-11-24 08:30")
    small_cases.jobs.notify()

    assert len(small_cases.said(talk)) == 1


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-23 21:29", "2026-11-23 21:29"),
        ("2026-11-23 21:30", "2026-11-24 08:30"),
        ("2026-11-24 00:10", "2026-11-24 08:30"),
        ("2026-11-24 08:30", "2026-11-24 08:30"),
    ],
)
def test_the_quiet_hours_end_in_the_morning(small_cases: Cases, now: str, then: str) -> None:
    small_cases.clock.put(now)
    case = small_cases.open()
    small_cases.advance(case, Event.REVIEW)

    assert small_cases.notices(case)[0].send_at == at(then)


def test_what_the_shopper_did_is_not_told_to_them_again(small_cases: Cases) -> None:
    case = small_cases.open()
    small_cases.advance(case, Event.WITHDRAW, by=SHOPPER)

    assert small_cases.notices(case) == []


def test_a_finished_case_asks_whether_it_is_settled_while_it_is_finished(
    small_cases: Cases,
) -> None:
    talk = small_cases.talk()
    case = small_cases.open(talk)
    small_cases.advance(case, Event.FINISH)
    small_cases.jobs.notify()
    buttons = small_cases.lines(talk)[-1].extras["buttons"]

    assert [button["payload"].partition("=")[0] for button in buttons] == [
        "case:confirm",
        "case:dispute",
    ]


def test_a_held_notice_that_is_past_is_not_sent(small_cases: Cases) -> None:
    talk = small_cases.talk()
    small_cases.clock.put("2026-11-23 22:15")
    case = small_cases.open(talk)
    small_cases.advance(case, Event.APPROVE, Event.REFUND, Event.FINISH)
    small_cases.clock.put("2026-11-24 09:00")
    small_cases.jobs.notify()

    (said,) = small_cases.said(talk)
    assert "办好了" in said


def test_what_the_shopper_knows_already_is_not_told_in_the_morning(small_cases: Cases) -> None:
    talk = small_cases.talk()
    small_cases.clock.put("2026-11-23 22:15")
    case = small_cases.open(talk)
    small_cases.advance(case, Event.FINISH)
    small_cases.advance(case, Event.CONFIRM, by=SHOPPER)
    small_cases.clock.put("2026-11-24 09:00")
    small_cases.jobs.notify()

    assert small_cases.said(talk) == []


def test_a_refusal_and_a_question_are_told_in_the_words_of_the_desk(small_cases: Cases) -> None:
    talk = small_cases.talk()
    case = small_cases.open(talk)
    small_cases.advance(case, Event.ASK, why="请拍一下吊牌。")
    small_cases.jobs.notify()

    assert "请您补充一下：请拍一下吊牌。直接" in small_cases.said(talk)[0]


def test_while_a_person_writes_no_bot_does_but_the_notice_comes(small_cases: Cases) -> None:
    talk = small_cases.talk()
    case = small_cases.open(talk)
    with small_cases.db.write() as session:
        conversation = conversations.get(session, talk)
        assert conversation is not None
        conversation.mode, conversation.agent, conversation.fence = Mode.HUMAN, "li", 1
    small_cases.advance(case, Event.APPROVE)
    small_cases.jobs.notify()

    assert small_cases.lines(talk)[-1].author == "system"


def test_a_notice_goes_out_through_the_shoppers_channel(small_cases: Cases) -> None:
    talk = small_cases.talk("wechat")
    small_cases.advance(small_cases.open(talk), Event.APPROVE)
    small_cases.jobs.notify()

    with small_cases.db.read() as session:
        (delivery,) = session.scalars(select(Delivery))
    assert (delivery.channel, delivery.state) == ("wechat", "pending")


@pytest.mark.parametrize("origin", [Origin.PHONE, Origin.COUNTER])
def test_who_has_no_conversation_is_told_by_a_person(small_cases: Cases, origin: Origin) -> None:
    case = small_cases.open_for(origin)
    small_cases.advance(case, Event.APPROVE)
    small_cases.jobs.notify()

    with small_cases.db.read() as session:
        (task,) = small_cases.tickets.tasks(session)
    assert (task.ticket_id, task.kind) == (case, "tell")
    assert [notice.state for notice in small_cases.notices(case)] == [NoticeState.DROPPED]
    with small_cases.db.write() as session:
        small_cases.tickets.finish_task(session, task.id, LI, "电话里说了")
    with small_cases.db.read() as session:
        assert not small_cases.tickets.tasks(session)
