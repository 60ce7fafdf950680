"""With 自动接入 on, a shopper who comes into the queue is given to whoever is free and fits."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.conversations import service
from bot.conversations.models import Conversation
from bot.dialogue.service import Question
from bot.handoff import people
from bot.handoff.assigning import at_once
from bot.handoff.models import HandOffState
from bot.messages import Author, Line, Mode
from tests.fixtures.desk import DATABASES, Desk, away, together
from tests.fixtures.people import Staff


def _hands_over(desk: Desk) -> None:
    """Rasa and the action server, which honour every line as a wish for a person."""

    def answer(question: Question) -> Sequence[Line]:
        with desk.db.write() as session:
            conversation = service.locked(session, question.conversation_id)
            signals = {"mood": 2} if "气" in question.text else {"asks": True}
            desk.handoff.request(session, conversation, question.message_id, "找人", signals)
        return [Line("好的，帮您转给同事。")]

    desk.rasa.script = answer


def _asks(desk: Desk, words: str = "转人工") -> str:
    conversation_id = desk.open()
    desk.hear(conversation_id, words)
    with desk.lanes() as lanes:
        lanes.wake(conversation_id)
        assert desk.settled()
    return conversation_id


def _switch(staff: Staff, user_id: str, on: bool) -> bool:
    with staff.desk.db.write() as session:
        return people.set_auto(session, user_id, on)


def test_who_is_free_has_the_shopper_in_the_turn_that_asked(staff: Staff) -> None:
    _hands_over(staff.desk)
    staff.comes(auto=True)

    conversation_id = _asks(staff.desk)

    said = [(line.author, line.text) for line in staff.desk.lines(conversation_id)]
    assert said[1] == (Author.BOT, "好的，帮您转给同事。")
    assert said[2][0] == Author.SYSTEM
    assert "王敏" in said[2][1]
    state, (record,) = staff.state(conversation_id), staff.records(conversation_id)
    assert (state.mode, state.agent, state.fence) == (Mode.HUMAN, "wang", record.fence)
    assert record.state == HandOffState.CLAIMED
    assert staff.events(conversation_id) == ["queued", "claimed"]


def test_it_is_so_while_rasa_is_away_as_well(small_staff: Staff) -> None:
    small_staff.desk.rasa.script = away
    small_staff.comes(auto=True)

    assert small_staff.state(_asks(small_staff.desk)).agent == "wang"


def test_nobody_is_given_to_who_is_full_pausing_lost_or_has_it_switched_off(staff: Staff) -> None:
    _hands_over(staff.desk)
    staff.comes("full", "满", auto=True, capacity=1)
    staff.comes("rests", "歇", auto=True)
    staff.comes("lost", "丢", auto=True)
    staff.comes("manual", "手动")
    _asks(staff.desk)
    with staff.desk.db.write() as session:
        people.pause(session, "rests")
    staff.vanishes("lost")

    assert staff.mode(_asks(staff.desk)) == Mode.WAITING


def test_department_and_shop_decide_who_fits(staff: Staff) -> None:
    _hands_over(staff.desk)
    staff.comes("repair", "维修", auto=True, departments=("repair",))
    staff.comes("manager", "经理", auto=True, departments=("manager",))
    staff.comes("other", "别店", auto=True, shops=("kids",))

    assert staff.state(_asks(staff.desk, "气死了")).agent == "manager"


def test_whoever_waits_longer_goes_first(staff: Staff) -> None:
    _hands_over(staff.desk)
    staff.comes()
    first = staff.waiting()
    _switch(staff, "wang", on=True)

    assert staff.mode(_asks(staff.desk)) == Mode.WAITING
    assert staff.sweeps.assign() == 2  # what the wake-up of the queue is for
    assert staff.state(first).agent == "wang"


def test_the_least_busy_is_chosen_and_no_capacity_exceeded(staff: Staff) -> None:
    _hands_over(staff.desk)
    staff.comes("li", "李娜", auto=True, capacity=1)
    staff.comes("wang", "王敏", auto=True, capacity=2)

    agents = [staff.state(_asks(staff.desk)).agent for _ in range(4)]

    assert sorted(str(agent) for agent in agents[:3]) == ["li", "wang", "wang"]
    assert agents[3] is None


def test_the_switch_is_kept_from_one_day_to_the_next(small_staff: Staff) -> None:
    assert not _switch(small_staff, "wang", on=True)  # has never been here
    small_staff.comes(auto=None)
    assert small_staff.mode(small_staff.waiting()) == Mode.WAITING
    assert small_staff.sweeps.assign() == 0
    assert _switch(small_staff, "wang", on=True)
    with small_staff.desk.db.write() as session:
        people.go_offline(session, "wang")
    small_staff.comes(auto=None)

    assert small_staff.sweeps.assign() == 1


def test_skills_are_kept_as_well_and_decide_who_fits(small_staff: Staff) -> None:
    small_staff.comes("li", "李娜", auto=True, skills=("facility",))
    small_staff.comes("wang", "王敏", auto=True)
    with small_staff.desk.db.write() as session:
        assert people.set_skills(session, "wang", ["quality"])
    small_staff.comes("wang", "王敏", auto=True, skills=None)
    conversation_id = small_staff.waiting("开线了", complaint="quality")

    small_staff.sweeps.assign()

    assert small_staff.state(conversation_id).agent == "wang"


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)  # SQLite has one writer
def test_who_is_being_given_another_shopper_is_not_waited_for(staff: Staff) -> None:
    """Each of the two would wait for what the other holds."""
    staff.comes(auto=True)
    conversation_id = staff.waiting()
    with staff.desk.db.write() as elsewhere, staff.desk.db.write() as session:
        people.at_desk(elsewhere, "wang", staff.desk.clock.now() - timedelta(seconds=30))
        conversation = service.locked(session, conversation_id)

        assert not at_once(staff.claims, session, conversation)

    assert staff.sweeps.assign() == 1


def test_of_fifty_shoppers_at_once_each_is_given_to_one_and_none_to_who_is_full(
    staff: Staff,
) -> None:
    staff.never_tires()
    for number in range(4):
        staff.comes(f"agent{number}", f"客服{number}", capacity=5, auto=True)
    shoppers = [staff.waiting() for _ in range(50)]

    def given(index: int) -> None:
        with staff.desk.db.write() as session:
            at_once(staff.claims, session, service.locked(session, shoppers[index]))

    together(given, 50)
    staff.sweeps.assign()

    with staff.desk.db.read() as session:
        held = session.execute(
            select(Conversation.agent, func.count())
            .where(Conversation.mode == Mode.HUMAN)
            .group_by(Conversation.agent)
        )
        assert {str(who): count for who, count in held} == {f"agent{n}": 5 for n in range(4)}
    # Who came first was served first.
    assert [staff.mode(one) == Mode.HUMAN for one in shoppers] == [True] * 20 + [False] * 30
