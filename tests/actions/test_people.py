"""A wish for a person is honoured in the very turn; a phone number finds its cases."""

import pytest

from tests.actions.test_intake import WHOLE
from tests.fixtures.turns import Talk


@pytest.mark.parametrize("before", [(), ("return_request",), ("return_request", "nlu_fallback")])
def test_a_wish_for_a_person_is_honoured_wherever_the_talk_stands(
    shopper: Talk, before: tuple[str, ...]
) -> None:
    for intent in before:
        shopper.say("我要退货", intent)

    said = shopper.say("转人工", "request_human")

    assert said == ["utter_call_back_by", "utter_ask_phone"]
    assert "11月24日（周二）21:00" in shopper.text
    assert [case.kind for case in shopper.desk.cases()] == ["call_back"]
    assert shopper.state().asking is None


def test_a_second_wish_names_the_case_that_is_open(shopper: Talk) -> None:
    shopper.press("human")
    no = shopper.replies[0].custom["ticket"]["no"]

    assert shopper.say("人呢，转人工", "request_human")[0] == "utter_call_back_waiting_by"
    assert shopper.replies[0].custom["ticket"]["no"] == no
    assert len(shopper.desk.cases()) == 1


@pytest.mark.parametrize(
    "intent", ["complaint", "complaint_service", "complaint_product", "complaint_facility"]
)
def test_a_complaint_hears_sorry_and_goes_to_a_person(shopper: Talk, intent: str) -> None:
    said = shopper.say("你们导购态度太差了", intent)

    assert said[:2] == ["utter_decision", "utter_call_back_by"]
    assert "抱歉" in shopper.text or "对不起" in shopper.text or "谢谢" in shopper.text
    assert [case.assigned_to for case in shopper.desk.cases()] == ["duty_manager"]


def test_goods_that_only_need_a_decision_get_one_with_a_sorry_first(shopper: Talk) -> None:
    assert (
        shopper.say("裙子才穿一次就开线，质量太差", "complaint_product")[0] == "utter_sorry_goods"
    )
    assert shopper.asked is not None
    assert shopper.desk.cases() == []


@pytest.mark.parametrize(
    ("intent", "line"),
    [
        ("inform", "13812345678"),
        ("inform", "打我电话 138-1234-5678 吧"),
        ("nlu_fallback", "+86 138 1234 5678"),
    ],
)
def test_a_phone_number_is_kept_with_the_cases_and_never_repeated_in_full(
    shopper: Talk, intent: str, line: str
) -> None:
    shopper.press("human")

    assert shopper.say(line, intent) == ["utter_phone_noted"]
    assert "138****5678" in shopper.text
    assert "13812345678" not in shopper.text
    assert [case.phone for case in shopper.desk.cases()] == ["13812345678"]
    assert shopper.state().offer is None


def test_who_gave_a_number_is_not_asked_for_it_again(shopper: Talk) -> None:
    shopper.press("human")
    shopper.say("13812345678", "inform")

    assert shopper.press("human") == ["utter_call_back_waiting_by"]


def test_who_gives_no_number_keeps_the_case(shopper: Talk) -> None:
    shopper.press("human")

    assert shopper.say("不方便", "deny") == ["utter_phone_not_needed"]
    assert [case.state for case in shopper.desk.cases()] == ["submitted"]


def test_who_only_says_yes_to_leaving_a_number_is_asked_for_it(shopper: Talk) -> None:
    shopper.press("human")

    assert shopper.say("好的", "affirm") == ["utter_ask_phone"]
    assert shopper.state().offer == "phone"


def test_an_order_number_is_no_phone_number(shopper: Talk) -> None:
    assert shopper.say("订单号 2026112313812345678", "inform") == ["utter_inform"]
    assert shopper.state().phone is None


def test_three_lines_in_a_row_without_sense_bring_a_person(shopper: Talk) -> None:
    assert shopper.say("阿巴阿巴", "nlu_fallback") == ["utter_fallback"]
    assert shopper.say("呜啦呜啦", "nlu_fallback") == ["utter_fallback_again"]
    assert shopper.say("哇啦哇啦", "nlu_fallback")[:2] == [
        "utter_better_a_person",
        "utter_call_back_by",
    ]
    assert len(shopper.desk.cases()) == 1


def test_lines_without_sense_count_only_when_they_come_in_a_row(shopper: Talk) -> None:
    for _ in range(4):
        shopper.say("阿巴阿巴", "nlu_fallback")
        assert shopper.replies[0].name == "utter_fallback"
        shopper.say("你好", "greet")

    assert shopper.desk.cases() == []


def test_an_escalated_decision_becomes_a_case_for_who_decides_it(shopper: Talk) -> None:
    shopper.say("裙子把我腿划伤了，我要退货", "return_request")
    while shopper.asked:
        shopper.press(f"fact:{shopper.asked}=unknown")
    assert shopper.decision["status"] == "escalate"

    shopper.press("yes")

    (case,) = shopper.desk.cases()
    assert case.assigned_to == shopper.desk.cases()[0].assigned_to
    assert case.assigned_to
    assert case.due_at is not None


def test_a_person_is_called_in_whatever_was_decided(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")
    shopper.press("human")

    assert [case.kind for case in shopper.desk.cases()] == ["call_back"]
