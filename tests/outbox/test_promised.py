"""Where lines of the bot leave, nothing goes that the conversation does not hold."""

from typing import Any

from bot.conversations import service as conversations
from bot.handoff.promised import promise_guard
from bot.messages import Line
from bot.router.service import Answer
from tests.fixtures.agreement import lines
from tests.fixtures.desk import Desk

RECORD: dict[str, Any] = {
    "outcome": "refund",
    "status": "decided",
    "remedies": [{"type": "refund", "amount": "299.00", "term": None, "due": None}],
    "clauses": [{"id": "X-1", "title": "七天质量退换"}],
    "reason": "质量问题七天内可以退。",
    "next_steps": [],
}


def _said(desk: Desk, *answer: Line, conversation_id: str | None = None) -> list[str]:
    conversation_id = conversation_id or desk.open()
    line = desk.hear(conversation_id, "能退吗").message_id
    with desk.db.write() as session:
        desk.router.say(session, line, Answer(list(answer), 0))
    return desk.said(conversation_id)


def test_a_promise_that_nothing_holds_does_not_leave(small_desk: Desk) -> None:
    assert _said(small_desk, Line("可以退您200元")) == [lines()["guarded"].strip()]


def test_a_line_that_promises_nothing_leaves_as_it_is(small_desk: Desk) -> None:
    assert _said(small_desk, Line("小票还在吗？")) == ["小票还在吗？"]


def test_a_decision_covers_the_lines_beside_it_and_those_that_follow(small_desk: Desk) -> None:
    conversation_id = small_desk.open()
    told = Line("质量问题七天内可以退。", decision=RECORD)
    _said(small_desk, Line("这次能退给您"), told, conversation_id=conversation_id)

    said = _said(small_desk, Line("退您299元"), conversation_id=conversation_id)

    assert said == ["这次能退给您", "质量问题七天内可以退。", "退您299元"]


def test_another_conversation_is_not_covered_by_it(small_desk: Desk) -> None:
    _said(small_desk, Line("质量问题七天内可以退。", decision=RECORD))

    assert _said(small_desk, Line("退您299元")) == [lines()["guarded"].strip()]


def test_what_a_person_may_not_say_is_named_to_them(small_desk: Desk) -> None:
    guard = promise_guard(small_desk.handoff, lambda shop: [])
    conversation_id = small_desk.open()
    with small_desk.db.write() as session:
        conversation = conversations.locked(session, conversation_id)
        found = guard.check(session, conversation, "好的，明天给您退200元")

    assert [one.text for one in found] == ["明天", "退", "200元"]


def test_a_clause_of_the_shop_may_be_quoted(small_desk: Desk) -> None:
    guard = promise_guard(small_desk.handoff, lambda shop: ["正价商品五天内不满意就退换。"])
    conversation_id = small_desk.open()
    with small_desk.db.write() as session:
        conversation = conversations.locked(session, conversation_id)
        assert guard.check(session, conversation, "店里写着：正价商品五天内不满意就退换。") == []
        assert guard.check(session, conversation, "五天内就给您退") != []
