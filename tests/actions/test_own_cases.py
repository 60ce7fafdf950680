"""Shoppers see to their own cases in chat, and to nobody else's."""

import re
from typing import Any

import pytest

from bot.conversations.models import Conversation
from bot.tickets import number, repository
from bot.tickets.models import Ticket
from bot.tickets.office import Actor
from bot.tickets.states import Event
from tests.actions.test_intake import WHOLE
from tests.fixtures.turns import Talk, talk

LI = Actor.agent("li")
NO = "261123 0001 3"


@pytest.fixture
def registered(shopper: Talk) -> Talk:
    """A shopper whose return was just registered, with a phone number."""
    shopper.say(WHOLE, "return_request")
    shopper.press("yes")
    shopper.say("13800001234", "inform")
    return shopper


def _case(talking: Talk) -> Ticket:
    return talking.desk.cases()[0]


def _advance(talking: Talk, *events: Event, why: str = "照办") -> None:
    for event in events:
        with talking.desk.db.write() as session:
            ticket = repository.get(session, _case(talking).id)
            assert ticket is not None
            talking.desk.tickets.advance(session, ticket, event, LI, why)


def _history(talking: Talk) -> list[str]:
    with talking.desk.db.read() as session:
        return [event.what for event in repository.history(session, _case(talking).id)]


@pytest.mark.parametrize("words", ["我的工单", "查一下我的单子", "看看我的申请怎么样了"])
def test_my_cases_are_told_in_plain_words(registered: Talk, words: str) -> None:
    assert registered.say(words, "nlu_fallback")[0].startswith("utter_case_state")
    assert NO in registered.text


@pytest.mark.parametrize("words", [NO, "编号26112300013", "帮我查下 261123-0001-3 到哪了"])
def test_a_case_of_ones_own_is_told_by_its_number(registered: Talk, words: str) -> None:
    assert registered.say(words, "inform")[0].startswith("utter_case_state")


def test_a_number_with_a_slip_is_answered_kindly(registered: Talk) -> None:
    assert registered.say("编号 261123 0001 4", "ticket_status") == ["utter_case_slip"]


@pytest.mark.parametrize(
    "words", ["订单 26112300013 还没到", "13912345678", "快递单号 26112300013"]
)
def test_other_numbers_are_no_case_numbers(registered: Talk, words: str) -> None:
    said = registered.say(words, "inform")
    assert not [name for name in said if name.startswith(("utter_case_s", "utter_case_p"))]


def test_somebody_elses_number_is_told_only_against_the_digits_of_its_phone(
    registered: Talk,
) -> None:
    other = talk(registered.desk)

    assert other.say(f"编号 {NO} 怎么样了", "ticket_status") == ["utter_case_prove"]
    assert other.say("0000", "inform") == ["utter_case_not_shown"]
    assert other.say(f"编号 {NO} 尾号1234", "ticket_status")[0].startswith("utter_case_state")
    # Proved once, it is one's own for the day.
    assert other.say("我的工单", "ticket_status")[0].startswith("utter_case_state")


def test_a_number_that_was_never_given_out_is_answered_like_one_that_was(
    registered: Talk,
) -> None:
    unknown = number.make(registered.desk.clock.today(), 77)
    first, second = talk(registered.desk), talk(registered.desk)

    for no, asking in ((unknown, first), (_case(registered).no, second)):
        asking.say(f"查进度 {no}", "ticket_status")
        asking.say("0000", "inform")
    assert first.replies == second.replies


def test_guessing_is_stopped_and_says_nothing_of_the_case(registered: Talk) -> None:
    other = talk(registered.desk)
    for guess in range(5):
        said = other.say(f"编号 {NO} 尾号 {guess:04d}", "ticket_status")
        assert said == ["utter_case_not_shown"]

    assert other.say(f"编号 {NO} 尾号 1234", "ticket_status") == ["utter_case_shut"]


def test_a_number_guessed_from_many_conversations_is_shut_as_well(registered: Talk) -> None:
    for guess in range(10):
        talk(registered.desk).say(f"编号 {NO} 尾号 {guess:04d}", "ticket_status")

    late = talk(registered.desk)
    assert late.say(f"编号 {NO} 尾号 1234", "ticket_status") == ["utter_case_shut"]


def test_a_case_without_a_phone_is_shown_to_nobody_else(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")
    shopper.press("yes")

    for digits in ("0000", "1234"):
        other = talk(shopper.desk)
        said = other.say(f"编号 {NO} 尾号 {digits}", "ticket_status")
        assert said == ["utter_case_not_shown"]


def test_a_case_that_waits_for_the_shopper_goes_on_with_the_answer(registered: Talk) -> None:
    _advance(registered, Event.ASK, why="请拍一下吊牌")

    assert registered.say("吊牌在的，就是盒子丢了", "inform") == ["utter_case_goes_on"]
    assert _case(registered).state == "submitted"


def test_what_is_added_stands_in_the_case(registered: Talk) -> None:
    assert registered.say("补充一下，裙子是 M 码", "inform") == ["utter_case_added"]
    assert "added" in _history(registered)


def test_a_photo_after_the_registration_goes_into_the_case(registered: Talk) -> None:
    assert registered.press("photo") == ["utter_case_added"]


def test_a_fact_put_right_changes_the_case_instead_of_opening_another(registered: Talk) -> None:
    said = registered.say("说错了，其实穿过了", "inform")

    assert said[-1] == "utter_case_changed_for_review"
    assert len(registered.desk.cases()) == 1
    assert _case(registered).facts["worn"] != "no"
    assert "corrected" in _history(registered)


def test_a_return_becomes_an_exchange(registered: Talk) -> None:
    registered.say("不退了，改成换货吧", "withdraw_request")
    _answer_all(registered)

    assert [case.kind for case in registered.desk.cases()] == ["exchange"]
    assert registered.replies[-1].name == "utter_case_changed"


def test_what_was_approved_is_looked_at_again_when_it_changes(registered: Talk) -> None:
    _advance(registered, Event.APPROVE)
    registered.say("不退了，改成换货吧", "withdraw_request")
    _answer_all(registered)

    assert (_case(registered).state, _case(registered).kind) == ("reviewing", "exchange")


def test_a_case_under_repair_is_not_changed_or_withdrawn_by_the_bot(registered: Talk) -> None:
    _advance(registered, Event.APPROVE, Event.REPAIR)
    registered.say("取消申请", "withdraw_request")
    registered.press("yes")

    assert registered.replies[0].name == "utter_case_too_far"
    assert _case(registered).state == "repairing"


def test_urging_is_answered_with_the_real_clock(registered: Talk) -> None:
    assert registered.say("快点啊", "urge")[0] == "utter_urged"
    assert _case(registered).priority < 5


@pytest.mark.parametrize("words", ["解决了", "嗯，已经处理好了", "钱收到了"])
def test_a_result_is_confirmed_in_words(registered: Talk, words: str) -> None:
    _advance(registered, Event.FINISH)

    assert registered.say(words, "affirm") == ["utter_case_confirmed"]
    assert (_case(registered).state, _case(registered).resolution) == ("confirmed", "confirmed")
    assert len(registered.replies[0].buttons) == 5


@pytest.mark.parametrize("words", ["还没解决", "钱还没收到", "又坏了"])
def test_a_result_that_does_not_hold_opens_the_case_again(registered: Talk, words: str) -> None:
    _advance(registered, Event.FINISH)

    assert registered.say(words, "complaint")[0].startswith("utter_case_reopened")
    assert (_case(registered).state, _case(registered).reopened) == ("reopened", 1)


def test_the_buttons_of_a_result_do_the_same_and_only_once(registered: Talk) -> None:
    _advance(registered, Event.FINISH)
    no = _case(registered).no

    assert registered.press(f"case:dispute={no}")[0].startswith("utter_case_reopened")
    assert registered.press(f"case:confirm={no}") == ["utter_case_button_old"]


def test_a_button_with_somebody_elses_number_does_nothing(registered: Talk) -> None:
    _advance(registered, Event.FINISH)
    other = talk(registered.desk)

    assert other.press(f"case:dispute={_case(registered).no}") == ["utter_case_prove"]
    assert _case(registered).state == "done"


@pytest.mark.parametrize(
    ("words", "score"), [("打5分，服务很好", 5), ("给你们两分", 2), ("四星", 4)]
)
def test_a_score_in_words_is_kept_with_them(registered: Talk, words: str, score: int) -> None:
    said = registered.say(words, "praise")

    assert said == ["utter_rated" if score > 2 else "utter_rated_poor"]
    assert (_rating(registered).score, _rating(registered).comment) == (score, words)
    assert registered.press("rate:1") == ["utter_rated_already"]


def test_a_poor_score_brings_a_call(registered: Talk) -> None:
    registered.press("rate:1")

    with registered.desk.db.read() as session:
        (task,) = registered.desk.tickets.tasks(session)
    assert task.kind == "follow_up"


def test_two_yuan_fifty_is_no_score(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    said = shopper.say("打五折买的", "inform")
    assert not [name for name in said if name.startswith("utter_rated")]


def _answer_all(talking: Talk) -> None:
    """Answer what is asked until there is a decision."""
    for _ in range(8):
        if talking.state().asking is None:
            return
        buttons: list[Any] = talking.replies[-1].buttons
        talking.press(next(b["payload"] for b in buttons if not re.search("unknown", b["payload"])))


def _rating(talking: Talk) -> Any:
    from bot.tickets import repository_work as work

    with talking.desk.db.read() as session:
        conversation = session.get(Conversation, talking.id)
        assert conversation is not None
        return work.rating(session, talking.id, conversation.episode)


def test_a_time_is_offered_taken_moved_and_given_up(registered: Talk) -> None:
    assert registered.say("约个时间过去", "nlu_fallback") == ["utter_visit_offer"]
    first, second = (button["payload"] for button in registered.replies[0].buttons[:2])
    assert registered.press(first) == ["utter_visit_booked"]
    assert registered.say("改个时间", "inform") == ["utter_visit_offer"]
    assert registered.press(second) == ["utter_visit_booked"]
    assert registered.say("来不了了", "deny") == ["utter_visit_cancelled"]
    with registered.desk.db.read() as session:
        assert registered.desk.tickets.visit(session, _case(registered)) is None


@pytest.mark.parametrize(
    "payload", ["visit:202611241007", "visit:209902310000", "visit:202601011000"]
)
def test_a_time_that_cannot_be_had_is_answered_with_others(registered: Talk, payload: str) -> None:
    assert registered.press(payload) == ["utter_visit_gone", "utter_visit_offer"]


def test_a_complaint_is_a_case_of_its_kind_and_the_shopper_has_one_call_coming(
    shopper: Talk,
) -> None:
    shopper.say("你们店员态度太差了，我要投诉", "complaint_service")
    shopper.say("转人工", "request_human")

    (case,) = shopper.desk.cases()
    assert (case.kind, case.complaint) == ("complaint", "conduct")


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("5分钟能好吗", "inform"),
        ("三星手机能修吗", "repair_request"),
        ("一分钱一分货", "inform"),
        ("收到", "affirm"),
        ("好的处理吧", "affirm"),
        ("我去不了店里", "inform"),
        ("预约上门安装", "installation_request"),
    ],
)
def test_lines_that_only_sound_like_it_leave_the_case_alone(
    registered: Talk, words: str, intent: str
) -> None:
    _advance(registered, Event.REVIEW if "安装" in words or "店里" in words else Event.FINISH)
    before = _case(registered).state
    registered.say(words, intent)

    assert _case(registered).state == before
    assert not any(
        reply.name.startswith(("utter_rated", "utter_visit")) for reply in registered.replies
    )
    with registered.desk.db.read() as session:
        assert registered.desk.tickets.visit(session, _case(registered)) is None


@pytest.mark.parametrize("words", ["换好了", "已经处理好了，谢谢", "钱到账了"])
def test_a_case_that_was_settled_before_the_desk_knew_is_noted(
    registered: Talk, words: str
) -> None:
    assert registered.say(words, "nlu_fallback") == ["utter_case_done_there"]
    assert _case(registered).state == "submitted"
    assert "says_done" in _history(registered)


@pytest.mark.parametrize("words", ["还没解决", "钱还没收到", "怎么还没处理啊"])
def test_what_is_not_settled_yet_is_pressed_for(registered: Talk, words: str) -> None:
    assert registered.say(words, "nlu_fallback")[0] == "utter_urged"


@pytest.mark.parametrize("words", ["编号多少来着", "单号我忘了", "我的编号是什么"])
def test_the_number_is_told_again(registered: Talk, words: str) -> None:
    registered.say(words, "nlu_fallback")
    assert NO in registered.text


def test_hurry_before_there_is_a_case_brings_the_question_again(shopper: Talk) -> None:
    shopper.say("裙子想退", "return_request")
    standing = shopper.asked
    assert shopper.say("快点行不行", "urge")[0] == "utter_hurry"
    assert shopper.asked == standing


@pytest.mark.parametrize("words", ["随便", "都行", "你们看着办吧"])
def test_whoever_leaves_it_to_us_is_registered(shopper: Talk, words: str) -> None:
    shopper.say(WHOLE, "return_request")
    assert shopper.say(words, "nlu_fallback")[0].startswith("utter_case_opened")
