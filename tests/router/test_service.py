"""The router asks with the context that stands and says every answer once."""

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversations import service as conversations
from bot.errors import NotFound
from bot.messages import Line, Pressed
from bot.router.service import Answer
from tests.fixtures.desk import Desk


def test_a_question_carries_the_line_and_what_stands(small_desk: Desk) -> None:
    conversation_id = small_desk.open()
    with small_desk.db.write() as session:
        conversation = conversations.locked(session, conversation_id)
        conversation.asking, conversation.offer = "worn", "case"
    line = small_desk.hear(conversation_id, "没穿过").message_id

    small_desk.router.answer(line)

    (question,) = small_desk.rasa.asked
    assert (question.text, question.asking, question.offer) == ("没穿过", "worn", "case")
    assert (question.message_id, question.conversation_id) == (line, conversation_id)
    assert question.pressed is None


def test_a_button_is_asked_about_by_its_meaning(small_desk: Desk) -> None:
    line = small_desk.hear(small_desk.open(), "没穿过", payload="fact:worn=no").message_id

    small_desk.router.answer(line)

    assert small_desk.rasa.asked[0].pressed == Pressed("inform", {"worn": "no"})


def test_no_transaction_is_open_while_rasa_thinks(desk: Desk) -> None:
    conversation_id = desk.open()
    line = desk.hear(conversation_id, "在吗").message_id

    def write_meanwhile(question: object) -> list[Line]:
        desk.hear(conversation_id, "还在吗")
        return [Line("在的")]

    desk.rasa.script = write_meanwhile

    assert desk.router.answer(line).lines == [Line("在的")]


def test_an_answer_is_written_once_even_when_it_is_said_twice(desk: Desk) -> None:
    conversation_id = desk.open()
    line = desk.hear(conversation_id, "在吗").message_id
    with desk.db.write() as session:
        desk.router.say(session, line, Answer([Line("在的"), Line("您说")], 0))
    with pytest.raises(IntegrityError), desk.db.write() as session:
        desk.router.say(session, line, Answer([Line("在的")], 0))

    assert desk.said(conversation_id) == ["在的", "您说"]


def test_an_answer_keeps_its_buttons_its_question_its_decision_and_its_case(
    small_desk: Desk,
) -> None:
    conversation_id = small_desk.open()
    line = small_desk.hear(conversation_id, "在吗").message_id
    answer = Line(
        "穿过吗？",
        ({"title": "没穿过", "payload": "fact:worn=no"},),
        ask="worn",
        decision={"status": "decided"},
        ticket={"no": "1", "state": "submitted", "due": None},
    )
    with small_desk.db.write() as session:
        small_desk.router.say(session, line, Answer([answer], 0))

    shown = conversations.shown(small_desk.lines(conversation_id)[-1])
    assert shown["buttons"] == [{"title": "没穿过", "payload": "fact:worn=no"}]
    assert (shown["ask"], shown["decision"]) == ("worn", {"status": "decided"})
    assert shown["ticket"] == {"no": "1", "state": "submitted", "due": None}


def test_a_line_that_does_not_exist_is_not_answered(small_desk: Desk) -> None:
    with pytest.raises(NotFound):
        small_desk.router.answer("nowhere")
