"""Whoever waits hears where they stand and how long it takes, and never waits for nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock
from bot.conversations import service
from bot.handoff import lists, people
from bot.handoff.limits import Limits
from bot.handoff.models import HandOffState, Resolution
from bot.messages import Mode
from bot.tickets.models import TicketKind
from tests.fixtures.desk import ZONE, Desk, make_desk, together
from tests.fixtures.people import Staff

LIMITS = Limits()
CLOSED = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 22:00 in the shop


def test_with_somebody_there_a_wish_joins_the_queue_and_keeps_why(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.desk.open()
    handed = staff.asks(conversation_id, "我要投诉", mood=2, asks=True)

    assert handed.place is not None
    assert handed.ticket is None
    (record,) = staff.records(conversation_id)
    assert (record.rule, record.clauses) == ("furious", ["CM-C-19"])
    assert (record.department, record.priority) == ("manager", 2)
    assert record.signals == {"mood": 2, "asks": True}
    state = staff.state(conversation_id)
    assert (state.mode, state.fired, state.priority) == (Mode.WAITING, "furious", 2)
    assert staff.desk.cases() == []


def test_with_nobody_there_it_is_a_case_with_a_date_and_the_rule_is_kept(staff: Staff) -> None:
    conversation_id = staff.desk.open()
    handed = staff.asks(conversation_id)

    assert handed.ticket is not None
    assert staff.desk.tickets.promise(handed.ticket) == "11月24日（周二）21:00"
    assert staff.mode(conversation_id) == Mode.BOT
    (record,) = staff.records(conversation_id)
    assert (record.state, record.rule) == (HandOffState.CALLED_BACK, "asks")
    assert record.ticket_no == handed.ticket.no


def test_out_of_hours_it_is_a_case_whoever_is_still_at_the_desk(database_url: str) -> None:
    desk = make_desk(database_url, start=CLOSED)
    staff = Staff(desk)
    staff.comes()

    assert staff.asks(desk.open()).ticket is not None
    desk.db.close()


@pytest.mark.parametrize("gone", ["paused", "lost", "elsewhere"])
def test_who_takes_nobody_new_counts_as_nobody(small_staff: Staff, gone: str) -> None:
    small_staff.comes(shops=("kids",) if gone == "elsewhere" else ())
    if gone == "lost":
        small_staff.vanishes("wang")
    if gone == "paused":
        with small_staff.desk.db.write() as session:
            people.pause(session, "wang")

    assert small_staff.asks(small_staff.desk.open()).ticket is not None


def test_a_second_wish_while_waiting_keeps_the_place(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    staff.waiting()

    again = staff.asks(conversation_id, "人呢")

    assert again.place is not None
    assert again.place.position == 1
    assert len(staff.records(conversation_id)) == 1


def test_the_urgent_go_before_those_who_came_earlier(staff: Staff) -> None:
    staff.comes(capacity=1)
    first, second = staff.waiting(), staff.waiting()
    urgent = staff.waiting("过敏了", trigger="allergy")

    with staff.desk.db.read() as session:
        rows = [row.conversation_id for row in lists.waiting(session)]
    assert rows == [urgent, first, second]
    assert _position(staff, second) == 2  # behind `first`; another department has its own queue
    assert _position(staff, urgent) == 1


def _position(staff: Staff, conversation_id: str) -> int | None:
    with staff.desk.db.read() as session:
        conversation = staff.state(conversation_id)
        return staff.desk.handoff.waiting.position(session, conversation)


def _minutes(staff: Staff, conversation_id: str) -> int | None:
    with staff.desk.db.read() as session:
        place = staff.desk.handoff.waiting.place(session, staff.state(conversation_id))
        assert place is not None
        return place.minutes


def test_no_wait_is_named_before_anything_is_known_of_it(staff: Staff) -> None:
    staff.comes(capacity=1)
    staff.claims_it(staff.waiting())

    assert _minutes(staff, staff.waiting()) is None


def test_the_wait_is_reckoned_from_how_long_the_last_ones_took(staff: Staff) -> None:
    staff.comes(capacity=1)
    for minutes in (2, 4, 30):  # one of them took unusually long
        lease = staff.claims_it(staff.waiting())
        staff.age(lease.conversation_id, timedelta(minutes=minutes), "claimed_at")
        with staff.desk.db.write() as session:
            staff.claims.end(session, lease.conversation_id, lease.fence, "wang", Resolution.SOLVED)
    free = staff.waiting()
    assert _minutes(staff, free) == 1
    staff.claims_it(free)

    first, second = staff.waiting(), staff.waiting()

    assert _minutes(staff, first) in (4, 5)  # the median, rounded up
    assert _minutes(staff, second) == 10


def test_who_leaves_the_queue_goes_on_with_the_bot_and_its_question(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.desk.open()
    with staff.desk.db.write() as session:
        service.locked(session, conversation_id).asking = "worn"
    staff.asks(conversation_id)
    with staff.desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        conversation.asking = None  # as the action leaves it
        staff.desk.handoff.leave(session, conversation)

    state, (record,) = staff.state(conversation_id), staff.records(conversation_id)
    assert (state.mode, state.asking) == (Mode.BOT, "worn")
    assert (record.state, record.resolution) == (HandOffState.RELEASED, "left_queue")


def test_assignment_prefers_who_had_the_shopper_before(staff: Staff) -> None:
    staff.comes("li", "李娜", auto=True)
    staff.comes("wang", "王敏", auto=True)
    conversation_id = staff.waiting()
    lease = staff.claims_it(conversation_id, "wang")
    with staff.desk.db.write() as session:
        staff.claims.end(session, conversation_id, lease.fence, "wang", Resolution.SOLVED)
    staff.desk.hear(conversation_id, "还有事")
    staff.asks(conversation_id)

    assert staff.sweeps.assign() == 1
    assert staff.state(conversation_id).agent == "wang"


def test_assignment_goes_to_the_least_busy_and_stops_when_all_are_full(staff: Staff) -> None:
    staff.comes("li", "李娜", auto=True, capacity=1)
    staff.comes("wang", "王敏", auto=True, capacity=3)
    shoppers = [staff.waiting() for _ in range(6)]

    assert staff.sweeps.assign() == 4

    agents = [staff.state(one).agent for one in shoppers]
    assert agents.count("li") == 1
    assert agents.count("wang") == 3
    assert agents[4:] == [None, None]  # who came first goes first


def test_assignment_keeps_to_department_shop_and_who_wants_it(staff: Staff) -> None:
    staff.comes("repair", "维修", auto=True, departments=("repair",))
    staff.comes("other", "别店", auto=True, shops=("kids",))
    staff.comes("manual", "手动", auto=False)
    staff.comes("manager", "经理", auto=True, departments=("manager",))
    conversation_id = staff.waiting("气死了", mood=2)

    staff.sweeps.assign()

    assert staff.state(conversation_id).agent == "manager"


def test_others_help_out_when_nobody_of_the_department_is_there(staff: Staff) -> None:
    staff.comes("repair", "维修", auto=True, departments=("repair",))
    conversation_id = staff.waiting("气死了", mood=2)

    staff.sweeps.assign()

    assert staff.state(conversation_id).agent == "repair"


def test_nobody_is_assigned_before_the_shopper_has_heard_of_the_queue(staff: Staff) -> None:
    staff.comes(auto=True)
    conversation_id = staff.desk.open()
    line = staff.desk.hear(conversation_id, "转人工").message_id
    with staff.desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        staff.desk.handoff.request(session, conversation, line, "转人工", {"asks": True})

    assert staff.sweeps.assign() == 0
    with staff.desk.db.write() as session:
        staff.desk.handoff.waiting.told(session, service.locked(session, conversation_id))
    assert staff.sweeps.assign() == 1


def test_a_lost_person_s_shoppers_come_back_to_the_queue_with_their_clock(staff: Staff) -> None:
    staff.comes()
    staff.comes("li", "李娜")
    conversation_id = staff.waiting()
    began = staff.records(conversation_id)[0].queued_at
    staff.claims_it(conversation_id)
    staff.vanishes("wang")

    assert staff.sweeps.lost() == 1
    assert staff.sweeps.lost() == 0

    state, (record,) = staff.state(conversation_id), staff.records(conversation_id)
    assert (state.mode, state.waiting_since) == (Mode.WAITING, began)
    assert (record.state, record.queued_at, record.returns) == (HandOffState.QUEUED, began, 1)
    assert "换一位" in staff.notices(conversation_id)[-1]
    assert staff.told[-3:] == [f"conversation:{conversation_id}", "queue", "outbox"]


def test_who_lives_is_not_lost(small_staff: Staff) -> None:
    small_staff.comes()
    small_staff.claims_it(small_staff.waiting())
    small_staff.vanishes("wang", timedelta(seconds=20))

    assert small_staff.sweeps.lost() == 0


def test_who_leaves_the_desk_leaves_no_shopper_behind(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    staff.claims_it(conversation_id)
    with staff.desk.db.write() as session:
        people.go_offline(session, "wang")

    staff.sweeps.lost()

    assert staff.mode(conversation_id) == Mode.WAITING


@pytest.mark.parametrize("spoke", [False, True])
def test_a_shopper_left_without_a_word_too_long_comes_back_to_the_queue(
    staff: Staff, spoke: bool
) -> None:
    staff.comes()
    lease = staff.claims_it(staff.waiting())
    if spoke:
        staff.says(lease, "您好")
        staff.desk.hear(lease.conversation_id, "那怎么办")
        staff.age(lease.conversation_id, timedelta(seconds=1), "last_agent_line_at", "claimed_at")
    assert staff.sweeps.silent() == 0
    late = _later(staff, LIMITS.silent)

    assert late.sweeps.silent() == 1
    assert staff.mode(lease.conversation_id) == Mode.WAITING


def test_an_answered_shopper_may_be_silent_as_long_as_they_like(staff: Staff) -> None:
    staff.comes()
    lease = staff.claims_it(staff.waiting())
    staff.desk.hear(lease.conversation_id, "那怎么办")
    staff.says(lease, "您拍张照片看看")

    assert _later(staff, LIMITS.silent).sweeps.silent() == 0


def _later(staff: Staff, span: timedelta) -> Staff:
    """The same desk, a while later."""
    now = staff.desk.clock.now() + span + timedelta(seconds=2)
    clock = Clock(ZONE, now)
    handoff = replace(staff.desk.handoff, clock=clock)
    return Staff(replace(staff.desk, clock=clock, handoff=handoff))


def test_a_wait_in_vain_becomes_a_call_back_with_a_promise(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    staff.vanishes("wang")
    assert staff.sweeps.alone() == 0  # somebody may still come

    assert _later(staff, LIMITS.alone).sweeps.all() == 1

    (case,) = staff.desk.cases()
    assert case.kind == TicketKind.CALL_BACK
    assert staff.mode(conversation_id) == Mode.BOT
    assert case.no in staff.desk.said(conversation_id)[-1]
    assert "11月24日（周二）21:00" in staff.desk.said(conversation_id)[-1]
    assert staff.records(conversation_id)[0].state == HandOffState.CALLED_BACK


def test_a_wait_goes_on_while_somebody_is_there_and_is_rung_for_once(staff: Staff) -> None:
    staff.comes()
    conversation_id = staff.waiting()
    later = _later(staff, LIMITS.alert)
    later.comes()

    assert later.sweeps.alone() == 0
    assert [later.sweeps.alert(), later.sweeps.alert()] == [1, 0]
    assert staff.mode(conversation_id) == Mode.WAITING


def test_whoever_let_a_shopper_fall_is_not_given_the_same_one_again(staff: Staff) -> None:
    staff.comes("li", "李娜", auto=True)
    staff.comes("wang", "王敏", auto=True)
    conversation_id = staff.waiting()
    staff.claims_it(conversation_id)
    with staff.desk.db.write() as session:
        staff.claims.requeue(session, conversation_id, "silent")

    staff.sweeps.assign()

    assert staff.state(conversation_id).agent == "li"


def test_two_sweeps_at_once_do_everything_once(desk: Desk) -> None:
    staff = Staff(desk)
    staff.comes()
    shoppers = [staff.claims_it(staff.waiting()).conversation_id for _ in range(3)]
    staff.vanishes("wang")

    assert sum(together(lambda _: staff.sweeps.lost(), 3)) == 3
    assert [len(staff.notices(one)) for one in shoppers] == [2, 2, 2]
