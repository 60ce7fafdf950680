"""The bot speaks only while it has the word; in the queue it tells the truth and no more."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.conversations import service
from bot.conversations.models import Draft
from bot.dialogue.service import Question
from bot.handoff.models import Resolution
from bot.messages import Author, Line, Mode
from bot.router.waiting import BACK, Means, meaning
from tests.fixtures.desk import Desk, away
from tests.fixtures.people import Staff

LONG = (
    "还要多久", "还要等多久啊", "前面还有几个人", "排到第几了", "人呢？", "怎么还没人来", "有人吗",
    "在吗", "什么时候轮到我", "等了半天了", "转人工", "要等几分钟",
)  # fmt: skip
LEAVE = (
    "不等了", "算了不等了", "不用等了", "不排队了", "取消排队", "还是跟机器人说吧", "继续跟机器人说",
    "不找人工了", "等不及了", "换回机器人",
)  # fmt: skip
MORE = (
    "裙子是昨天买的", "小票还在", "我电话13812345678", "我等你们消息，衣服洗了一次就缩水", "好的",
    "你们昨天说今天给我换", "红色那件，M 码",
)  # fmt: skip


@pytest.mark.parametrize("text", LONG)
def test_a_question_about_the_wait_is_heard(text: str) -> None:
    assert meaning(text, None) == Means.HOW_LONG


@pytest.mark.parametrize("text", LEAVE)
def test_a_wish_to_leave_the_queue_is_heard(text: str) -> None:
    assert meaning(text, None) == Means.LEAVE


@pytest.mark.parametrize("text", MORE)
def test_everything_else_is_kept_for_the_person(text: str) -> None:
    assert meaning(text, None) == Means.ADDS


def _waiting(staff: Staff) -> str:
    staff.comes(capacity=1)
    return staff.waiting()


def _hear(desk: Desk, conversation_id: str, *texts: str, payload: str = "") -> list[str]:
    """What the bot said to these lines."""
    before = len(desk.said(conversation_id))
    for text in texts:
        desk.hear(conversation_id, text, payload=payload)
    with desk.lanes() as lanes:
        lanes.wake(conversation_id)
        assert desk.settled()
    return desk.said(conversation_id)[before:]


def test_who_waits_is_not_answered_by_rasa_but_kept(desk: Desk) -> None:
    conversation_id = _waiting(Staff(desk))

    assert _hear(desk, conversation_id, "裙子是昨天买的", "小票还在") == []
    assert [line.text for line in desk.lines(conversation_id)][-2:] == [
        "裙子是昨天买的",
        "小票还在",
    ]
    assert desk.rasa.asked == []


def test_asked_how_long_the_bot_says_the_place_each_time(desk: Desk) -> None:
    staff = Staff(desk)
    first, second = _waiting(staff), staff.waiting()

    assert _hear(desk, first, "还要多久")[0].startswith("您是下一位")
    assert [said.startswith("您前面还有 1 位") for said in _hear(desk, second, "人呢", "人呢")] == [
        True,
        True,
    ]
    assert desk.rasa.asked == []


def test_unasked_the_place_is_told_once_for_each_change(desk: Desk) -> None:
    staff = Staff(desk)
    first, second = _waiting(staff), staff.waiting()
    assert _hear(desk, second, "小票还在") == []
    staff.claims_it(first)

    assert len(_hear(desk, second, "是红色的", "M 码")) == 1


@pytest.mark.parametrize(("text", "payload"), [("不等了", ""), (BACK["title"], BACK["payload"])])
def test_who_will_not_wait_goes_on_with_the_bot(desk: Desk, text: str, payload: str) -> None:
    staff = Staff(desk)
    conversation_id = _waiting(staff)

    (said,) = _hear(desk, conversation_id, text, payload=payload)

    assert "不排队了" in said
    assert staff.mode(conversation_id) == Mode.BOT
    assert _hear(desk, conversation_id, "退货怎么退") == ["答：退货怎么退"]


def test_while_a_person_answers_the_bot_is_silent(desk: Desk) -> None:
    staff = Staff(desk)
    conversation_id = _waiting(staff)
    staff.claims_it(conversation_id)

    assert _hear(desk, conversation_id, "在吗", "转人工") == []
    assert desk.rasa.asked == []


def test_an_answer_that_comes_after_a_claim_is_a_draft_for_the_agent(desk: Desk) -> None:
    staff = Staff(desk)
    staff.comes()
    conversation_id = desk.open()

    def overtaken(question: Question) -> Sequence[Line]:
        staff.takes_over(conversation_id)
        return [Line("答：看一下"), Line("要登记吗")]

    desk.rasa.script = overtaken

    assert _hear(desk, conversation_id, "能退吗") == []
    with desk.db.read() as session:
        (draft,) = session.scalars(select(Draft))
    assert [line["text"] for line in draft.lines] == ["答：看一下", "要登记吗"]


def test_a_line_that_people_let_go_without_a_word_is_answered_by_the_bot(desk: Desk) -> None:
    staff = Staff(desk)
    staff.comes()
    conversation_id = desk.open()

    def taken_and_given_back(question: Question) -> Sequence[Line]:
        if len(desk.rasa.asked) == 1:
            lease = staff.takes_over(conversation_id)
            with desk.db.write() as session:
                staff.claims.give_back(
                    session, conversation_id, lease.fence, "wang", "", settled=True
                )
        return [Line("答：看一下")]

    desk.rasa.script = taken_and_given_back

    assert "答：看一下" in _hear(desk, conversation_id, "能退吗")


def test_the_line_that_asked_for_a_person_still_gets_its_answer(desk: Desk) -> None:
    staff = Staff(desk)
    staff.comes()
    conversation_id = desk.open()

    def hands_over(question: Question) -> Sequence[Line]:
        with desk.db.write() as session:
            conversation = service.locked(session, conversation_id)
            desk.handoff.request(session, conversation, question.message_id, "转人工", {})
        return [Line("好的，帮您转给同事。")]

    desk.rasa.script = hands_over

    assert _hear(desk, conversation_id, "转人工") == ["好的，帮您转给同事。"]
    assert staff.mode(conversation_id) == Mode.WAITING
    assert staff.records(conversation_id)[0].told_at is not None


def test_while_rasa_is_away_a_wish_for_a_person_joins_the_queue(desk: Desk) -> None:
    staff = Staff(desk)
    staff.comes()
    desk.rasa.script = away
    conversation_id = desk.open()

    (said,) = _hear(desk, conversation_id, "转人工")

    assert said.startswith("好的，帮您转给同事。")
    assert staff.mode(conversation_id) == Mode.WAITING
    assert desk.cases() == []


def test_after_the_end_the_next_line_is_the_bots(desk: Desk) -> None:
    staff = Staff(desk)
    conversation_id = _waiting(staff)
    lease = staff.claims_it(conversation_id)
    with desk.db.write() as session:
        staff.claims.end(session, conversation_id, lease.fence, "wang", Resolution.SOLVED)

    assert _hear(desk, conversation_id, "谢谢") == ["答：谢谢"]
    assert desk.lines(conversation_id)[-1].author == Author.BOT
