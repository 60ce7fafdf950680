"""Whoever takes a shopper over sees on one screen all that was said, decided and promised."""

import time
from statistics import median

import pytest

from bot.conversations import modes, service
from bot.errors import NotFound
from bot.handoff.lists import open_conversations, waiting
from bot.handoff.models import HandOffState
from bot.handoff.packet import Packet, packet
from bot.messages import Line
from tests.fixtures.desk import Desk
from tests.fixtures.people import Staff

DECISION = {
    "status": "decided",
    "outcome": "refund",
    "reason": "五天内不满意就退换，这件可以退。",
    "next_steps": ["带上商品和小票到柜台"],
    "remedies": [{"type": "refund", "amount": None, "term": None, "due": "2026-11-28T21:00+08:00"}],
    "clauses": [{"id": "DF-R-01", "title": "五天退换"}],
}


def _conversation(staff: Staff) -> str:
    """A shopper with facts, a question, a decision, a case and a wish for a person."""
    desk = staff.desk
    conversation_id = desk.open()
    lines = [desk.hear(conversation_id, text).message_id for text in ("没穿过", "其实穿过一次")]
    now = desk.clock.now()
    with desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        conversation.phone = "13800000000"
        matter = service.open_matter(session, conversation, now)
        service.give_facts(session, matter, lines[0], {"worn": "no"}, "said", now)
        service.give_facts(
            session, matter, lines[1], {"worn": "yes", "order_no": "A1"}, "said", now
        )
        service.say(session, conversation, Line("穿过吗？", ask="worn"), now)
        service.say(session, conversation, Line("小票在吗？", ask="receipt"), now)
        service.say(session, conversation, Line("可以退", decision=DECISION), now)
        desk.handoff.call_back(session, conversation, lines[0], "要找人")
        modes.keep_draft(session, conversation_id, lines[1], [Line("晚到的话")], now)
    staff.asks(conversation_id, "转人工", mood=2, asks=True)
    return conversation_id


def _packet(desk: Desk, conversation_id: str) -> Packet:
    with desk.db.read() as session:
        return packet(session, conversation_id)


def test_the_packet_holds_everything_with_where_it_comes_from(staff: Staff) -> None:
    staff.comes()
    seen = _packet(staff.desk, _conversation(staff))

    worn = next(fact for fact in seen.facts if fact.key == "worn")
    assert (worn.value, worn.said, worn.earlier) == ("yes", "其实穿过一次", ("no",))
    assert [(one.fact, one.answered) for one in seen.asked] == [("worn", True), ("receipt", False)]
    assert seen.decision is not None
    assert seen.decision["clauses"][0]["id"] == "DF-R-01"
    (case,) = seen.cases
    assert {(each.source, each.what) for each in seen.promises} == {
        ("decision", "refund"),
        ("case", case.no),
    }
    assert all(each.due for each in seen.promises)
    assert seen.order == {"order_no": "A1"}
    assert (seen.rule, seen.clauses, seen.mood) == ("furious", ["CM-C-19"], 2)
    assert seen.late == ["晚到的话"]
    assert seen.phone == "13800000000"
    assert [event.what for event in seen.history] == ["queued"]


def test_a_late_answer_leaves_the_desk_once_it_is_used_or_dropped(small_staff: Staff) -> None:
    small_staff.comes()
    conversation_id = _conversation(small_staff)
    (late,) = _packet(small_staff.desk, conversation_id).drafts
    with small_staff.desk.db.write() as session:
        modes.settle_draft(session, late.message_id, used=True)

    assert _packet(small_staff.desk, conversation_id).late == []


def test_the_drafted_reply_says_what_was_decided_and_nothing_else(small_staff: Staff) -> None:
    small_staff.comes()
    seen = _packet(small_staff.desk, _conversation(small_staff))

    assert seen.reply == (
        "您好，前面说的我都看到了。五天内不满意就退换，这件可以退。带上商品和小票到柜台。"
    )
    bare = _packet(small_staff.desk, small_staff.waiting())
    assert "退" not in bare.reply


def test_a_conversation_that_does_not_exist_has_no_packet(small_desk: Desk) -> None:
    with pytest.raises(NotFound):
        _packet(small_desk, "nowhere")


def test_among_five_hundred_open_conversations_a_packet_is_there_at_once(staff: Staff) -> None:
    desk = staff.desk
    with desk.db.write() as session:
        for _ in range(500):
            opened = service.open_conversation(
                session, "dept_fashion", "web", Line("您好"), desk.clock.now()
            )
            conversation = service.locked(session, opened.conversation_id)
            modes.hold(conversation, "li", "李娜")
            record = desk.handoff.records.make(conversation, None, "", {}, None, None)
            record.state, record.claimed_at = HandOffState.CLAIMED, desk.clock.now()
            session.add(record)
    staff.comes()
    conversation_id = _conversation(staff)

    def timed() -> float:
        begun = time.perf_counter()
        _packet(desk, conversation_id)
        return time.perf_counter() - begun

    with desk.db.read() as session:
        assert len(open_conversations(session)) == 500
        assert len(waiting(session)) == 1
    # The median, so that a machine busy with other things does not fail it.
    assert median(timed() for _ in range(20)) < 0.2
