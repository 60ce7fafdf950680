"""One person has a shopper at a time, and whoever is too late hears who it is."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from bot.conversations import modes, service
from bot.conversations.modes import NotYours
from bot.errors import BadInput, Conflict, NotFound
from bot.handoff import people
from bot.handoff.claims import Lease
from bot.handoff.models import HandOffState, Resolution
from bot.handoff.people import NotAtDesk
from bot.handoff.refusals import AlreadySent, AlreadyTaken, AtCapacity, NobodyWaits
from bot.messages import Author, Line, Mode
from bot.outbox import service as outbox
from tests.fixtures.desk import together
from tests.fixtures.people import Staff

AGENTS = 50
ROUNDS = 3


def _race(staff: Staff, conversation_id: str) -> list[Lease | AlreadyTaken]:
    def claim(index: int) -> list[Lease | AlreadyTaken]:
        try:
            return [staff.claims_it(conversation_id, f"agent{index}")]
        except AlreadyTaken as refused:
            return [refused]  # in a list: `together` raises what it is given bare

    return [each for (each,) in together(claim, AGENTS)]


def _one_wins(staff: Staff) -> None:
    conversation_id = staff.waiting()
    results = _race(staff, conversation_id)

    leases = [each for each in results if isinstance(each, Lease)]
    refusals = [each for each in results if isinstance(each, AlreadyTaken)]
    assert (len(leases), len(refusals)) == (1, AGENTS - 1)
    winner = staff.state(conversation_id)
    assert (winner.mode, winner.fence) == (Mode.HUMAN, leases[0].fence)
    assert {each.details["agent_name"] for each in refusals} == {winner.agent_name}
    assert all(str(winner.agent_name) in each.message for each in refusals)
    assert {each.status for each in refusals} == {409}
    assert len(staff.notices(conversation_id)) == 1


def _fifty_come(staff: Staff) -> None:
    staff.never_tires()
    for number in range(AGENTS):
        staff.comes(f"agent{number}", f"客服{number}", capacity=300)


def test_of_fifty_claims_at_once_one_wins_and_the_others_hear_who(staff: Staff) -> None:
    _fifty_come(staff)
    for _ in range(ROUNDS):
        _one_wins(staff)


@pytest.mark.slow
def test_fifty_claims_two_hundred_times(staff: Staff) -> None:
    _fifty_come(staff)
    for _ in range(200):
        _one_wins(staff)


def test_a_claim_shows_the_shopper_who_came_and_keeps_when(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()

    lease = staff.claims_it(conversation_id)

    assert "王敏" in staff.notices(conversation_id)[0]
    (record,) = staff.records(conversation_id)
    assert (record.state, record.claimed_by) == (HandOffState.CLAIMED, "wang")
    assert record.claimed_at is not None
    assert staff.state(conversation_id).fence == lease.fence


def test_a_second_tab_of_the_same_person_gets_the_same_lease(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()

    assert staff.claims_it(conversation_id) == staff.claims_it(conversation_id)
    assert len(staff.notices(conversation_id)) == 1


def test_who_has_their_hands_full_takes_no_more(staff: Staff) -> None:
    staff.comes(capacity=2)
    for _ in range(2):
        staff.claims_it(staff.waiting())

    with pytest.raises(AtCapacity):
        staff.claims_it(staff.waiting())


def test_claims_of_one_person_at_once_do_not_exceed_their_capacity(staff: Staff) -> None:
    staff.comes(capacity=2)
    shoppers = [staff.waiting() for _ in range(6)]

    def claim(index: int) -> bool:
        try:
            staff.claims_it(shoppers[index])
        except AtCapacity:
            return False
        return True

    assert sum(together(claim, 6)) == 2


def test_who_is_not_at_the_desk_takes_nobody(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    with pytest.raises(NotAtDesk):
        staff.claims_it(conversation_id, "li")
    staff.vanishes("wang")
    with pytest.raises(NotAtDesk):
        staff.claims_it(conversation_id)


def test_a_shopper_who_went_back_to_the_bot_cannot_be_claimed(small_staff: Staff) -> None:
    small_staff.comes()
    conversation_id = small_staff.waiting()
    with small_staff.desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        small_staff.desk.handoff.leave(session, conversation)

    with pytest.raises(NobodyWaits):
        small_staff.claims_it(conversation_id)
    with pytest.raises(NotFound):
        small_staff.claims_it("nowhere")


def test_a_line_of_a_person_is_said_once_under_its_name(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id)

    first = staff.says(lease, "您好", client_id="one")
    assert staff.says(lease, "您好", client_id="one") == first

    said = [line for line in staff.desk.lines(conversation_id) if line.author == Author.AGENT]
    assert [(line.text, line.author_name, line.agent) for line in said] == [
        ("您好", "王敏", "wang")
    ]
    assert first in staff.desk.deliveries()


def test_a_line_sent_twice_over_a_bad_network_counts_even_after_a_transfer(staff: Staff) -> None:
    staff.comes()
    staff.comes("li", "李娜")
    lease = staff.claims_it(staff.waiting())
    first = staff.says(lease, "您好", client_id="one")
    staff.takes_over(lease.conversation_id, "li")

    assert staff.says(lease, "您好", client_id="one") == first
    with pytest.raises(NotYours) as refused:
        staff.says(lease, "再说一句")
    assert refused.value.details["agent_name"] == "李娜"


def test_an_old_lease_does_not_write_after_the_same_person_claims_again(staff: Staff) -> None:
    staff.comes()
    old = staff.claims_it(staff.waiting())
    with staff.desk.db.write() as session:
        staff.claims.requeue(session, old.conversation_id, "lost")
    staff.claims_it(old.conversation_id)

    with pytest.raises(NotYours):
        staff.says(old, "我还在")


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 2001])
def test_a_line_has_words_and_an_end(small_staff: Staff, text: str) -> None:
    small_staff.comes()
    lease = small_staff.claims_it(small_staff.waiting())

    with pytest.raises(BadInput):
        small_staff.says(lease, text)


def test_a_line_is_taken_back_until_the_shopper_has_it(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id)
    slip, kept = staff.says(lease, "发错了"), staff.says(lease, "您好")
    with staff.desk.db.write() as session:
        outbox.fetched(session, [kept])
        staff.claims.recall(session, slip, "wang")

    with pytest.raises(AlreadySent), staff.desk.db.write() as session:
        staff.claims.recall(session, kept, "wang")
    with pytest.raises(NotFound), staff.desk.db.write() as session:
        staff.claims.recall(session, kept, "li")

    with staff.desk.db.read() as session:
        lines = service.view(session, staff.state(conversation_id), 0).messages
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    shown = [line["text"] for line in lines][-2:]
    assert shown == ["对方撤回了一条消息", "您好"]
    assert "发错了" in {line.text for line in staff.desk.lines(conversation_id)}


def test_a_transfer_brings_the_note_and_the_old_lease_ends(staff: Staff) -> None:
    staff.comes()
    staff.comes("li", "李娜")
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id)
    with staff.desk.db.write() as session:
        new = staff.claims.transfer(session, conversation_id, lease.fence, "wang", "li", "要看发票")

    assert staff.state(conversation_id).agent == "li"
    assert staff.records(conversation_id)[0].note == "要看发票"
    assert "李娜" in staff.notices(conversation_id)[-1]
    staff.says(new, "您好", "li")
    with pytest.raises(NotYours):
        staff.says(lease, "等等")


def test_a_transfer_to_a_department_waits_with_its_old_clock(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    began = staff.records(conversation_id)[0].queued_at
    lease = staff.claims_it(conversation_id)
    with staff.desk.db.write() as session:
        staff.claims.transfer_to(session, conversation_id, lease.fence, "wang", "repair", "要修")

    state = staff.state(conversation_id)
    assert (state.mode, state.department, state.waiting_since) == (Mode.WAITING, "repair", began)
    assert staff.records(conversation_id)[0].state == HandOffState.QUEUED


def test_a_supervisor_takes_over_from_the_bot_and_from_an_agent(staff: Staff) -> None:
    staff.comes()
    staff.comes("boss", "陈主管")
    conversation_id = staff.desk.open()
    first = staff.takes_over(conversation_id)
    second = staff.takes_over(conversation_id, "boss")

    assert second.fence > first.fence
    assert staff.state(conversation_id).agent == "boss"
    assert [record.state for record in staff.records(conversation_id)] == [HandOffState.CLAIMED]


def test_who_joins_writes_beside_the_one_who_has_the_shopper(staff: Staff) -> None:
    staff.comes()
    staff.comes("boss", "陈主管")
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id)
    with pytest.raises(NotYours):
        staff.says(lease, "我也看看", "boss")
    with staff.desk.db.write() as session:
        beside = staff.claims.join(session, conversation_id, "boss")

    staff.says(beside, "我也看看", "boss")
    staff.says(lease, "好的")

    said = [line for line in staff.desk.lines(conversation_id) if line.author == Author.AGENT]
    assert [line.author_name for line in said] == ["陈主管", "王敏"]


def test_given_back_the_bot_goes_on_with_the_question_that_stood(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.desk.open()
    with staff.desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        conversation.asking = "worn"
        question = Line("穿过吗？", ({"title": "没穿过", "payload": "fact:worn=no"},), ask="worn")
        service.say(session, conversation, question, staff.desk.clock.now())
    staff.asks(conversation_id)
    lease = staff.claims_it(conversation_id)
    with staff.desk.db.write() as session:
        staff.claims.give_back(
            session, conversation_id, lease.fence, "wang", "已解释运费", settled=False
        )

    state, (record,) = staff.state(conversation_id), staff.records(conversation_id)
    assert (state.mode, state.asking) == (Mode.BOT, "worn")
    assert staff.desk.said(conversation_id)[-1] == "穿过吗？"
    assert (record.state, record.note) == (HandOffState.RELEASED, "已解释运费")


def test_given_back_settled_the_bot_asks_nothing_again_but_is_heard(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id)
    with staff.desk.db.write() as session:
        staff.claims.give_back(session, conversation_id, lease.fence, "wang", "", settled=True)

    assert staff.state(conversation_id).asking is None
    assert len(staff.desk.said(conversation_id)) == 1


def test_after_the_end_a_new_line_begins_a_new_episode_with_the_bot(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id)
    with staff.desk.db.write() as session:
        staff.claims.end(session, conversation_id, lease.fence, "wang", Resolution.SOLVED)
    assert staff.mode(conversation_id) == Mode.CLOSED

    staff.desk.hear(conversation_id, "还有个问题")

    state = staff.state(conversation_id)
    assert (state.mode, state.episode) == (Mode.BOT, 2)
    assert state.fence > lease.fence
    assert staff.records(conversation_id)[0].resolution == Resolution.SOLVED


@pytest.mark.parametrize("act", ["transfer_to", "give_back", "end"])
def test_who_does_not_have_the_shopper_changes_nothing(staff: Staff, act: str) -> None:
    staff.comes()
    staff.comes("li", "李娜")
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id)
    words = {
        "transfer_to": lambda s: staff.claims.transfer_to(
            s, conversation_id, lease.fence, "li", "repair", ""
        ),
        "give_back": lambda s: staff.claims.give_back(
            s, conversation_id, lease.fence, "li", "", settled=True
        ),
        "end": lambda s: staff.claims.end(s, conversation_id, lease.fence, "li", Resolution.OTHER),
    }
    with pytest.raises(Conflict), staff.desk.db.write() as session:
        words[act](session)

    assert staff.state(conversation_id).agent == "wang"


def test_the_database_itself_refuses_a_bot_line_while_a_person_has_the_shopper(
    staff: Staff,
) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    staff.claims_it(conversation_id)
    with pytest.raises(DatabaseError), staff.desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        service.say(session, conversation, Line("我来答"), staff.desk.clock.now())


def test_the_database_itself_refuses_a_new_holder_under_an_old_fence(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    staff.claims_it(conversation_id)
    with pytest.raises(DatabaseError), staff.desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        conversation.agent = "li"
        session.flush()
    with pytest.raises(DatabaseError), staff.desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        modes.close(conversation)
        conversation.agent = "li"
        session.flush()


def test_a_note_is_for_the_desk_alone(small_staff: Staff) -> None:
    small_staff.comes()
    conversation_id = small_staff.waiting()
    before = len(small_staff.desk.lines(conversation_id))
    with small_staff.desk.db.write() as session:
        small_staff.claims.note(session, conversation_id, "wang", "顾客在赶飞机")

    assert small_staff.events(conversation_id)[-1] == "note"
    assert len(small_staff.desk.lines(conversation_id)) == before


def test_who_leaves_the_desk_and_comes_back_keeps_their_ways(small_staff: Staff) -> None:
    small_staff.comes(departments=("repair",), capacity=3)
    with small_staff.desk.db.write() as session:
        people.go_offline(session, "wang")
        now = small_staff.desk.clock.now() + timedelta(seconds=1)
        assert people.heartbeat(session, "wang", now) is False
    small_staff.comes(departments=("repair",), capacity=3)
    with small_staff.desk.db.write() as session:
        assert people.heartbeat(session, "wang", small_staff.desk.clock.now())
