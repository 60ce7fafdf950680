"""Words that mean one thing in their place, whatever the classifier took them for."""

import pytest

from tests.actions.test_intake import WHOLE
from tests.fixtures.turns import Talk

REFUSED = "买了十天的裙子不喜欢了，没穿过，小票在，想退"


@pytest.mark.parametrize("words", ["登记吧", "行 登记", "那就帮我登记一下", "👍", "要得要得"])
def test_to_have_it_registered_is_a_yes_however_it_is_taken(shopper: Talk, words: str) -> None:
    shopper.say(WHOLE, "return_request")

    assert shopper.say(words, "account_inquiry")[0] == "utter_case_opened"


def test_a_wish_to_register_while_a_question_stands_hears_what_is_missing(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert shopper.say("登记吧", "account_inquiry") == ["utter_need_this", "utter_ask_problem"]


def test_a_number_given_when_a_call_is_offered_opens_the_case(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")

    said = shopper.say("好 13812345678", "inform")

    assert said == ["utter_phone_noted", "utter_case_opened"]
    assert [case.phone for case in shopper.desk.cases()] == ["13812345678"]


def test_an_answer_taken_for_a_wish_for_a_person_is_the_answer(shopper: Talk) -> None:
    shopper.say("昨天买的裙子开线了想修", "repair_request")
    asked = shopper.state().asking
    assert asked is not None

    shopper.say("说不清", "request_human")

    assert not shopper.desk.cases()
    assert shopper.state().asking != asked


@pytest.mark.parametrize("words", ["算了", "取消", "算了 懒得弄", "不退了"])
def test_a_wish_called_off_stops_the_questions(shopper: Talk, words: str) -> None:
    shopper.say("我要退货", "return_request")

    assert shopper.say(words, "order_change") == ["utter_stopped"]
    assert shopper.state().asking is None


def test_one_wish_given_up_for_another_goes_on_with_the_other(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")

    said = shopper.say("算了不退了 给我换件新的", "withdraw_request")

    assert "utter_stopped" not in said
    assert shopper.replies[-2].custom["decision"]["outcome"] == "exchange"


def test_not_to_repair_it_is_no_end_of_a_wish_for_the_money(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert "utter_stopped" not in shopper.say("不修了", "deny")


def test_what_was_called_off_is_taken_up_again_with_all_that_was_said(shopper: Talk) -> None:
    shopper.say("昨天买的裙子想退", "return_request")
    shopper.say("算了", "deny")
    shopper.say("等等 还是退吧", "return_request")
    shopper.say("就是不喜欢", "inform")

    assert shopper.asked == "worn"


def test_a_case_taken_back_needs_one_yes_in_any_words(shopper: Talk) -> None:
    shopper.press("human")
    shopper.say("单子撤了吧 不用了", "deny")

    assert shopper.say("撤", "withdraw_request") == ["utter_withdrawn"]


def test_with_a_case_open_it_is_the_case_that_is_called_off(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    shopper.press("human")

    assert shopper.say("不用打了 撤回", "withdraw_request") == ["utter_offer_withdrawal"]


def test_why_hears_the_clause_and_what_else_hears_what_is_open(shopper: Talk) -> None:
    shopper.say(REFUSED, "return_request")

    assert shopper.say("凭什么不能退", "policy_inquiry")[0] == "utter_why"
    assert "五天" in shopper.text
    assert shopper.say("还有别的办法吗", "nlu_fallback")[0] == "utter_what_else"
    assert "值班经理" in shopper.text


def test_who_asks_why_we_ask_hears_the_reason_and_the_question_again(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert shopper.say("为啥要问这个", "nlu_fallback") == ["utter_because", "utter_ask_problem"]


def test_who_wants_to_think_is_left_in_peace_and_finds_the_question_later(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert shopper.say("先不急 我问问她爸", "deny") == ["utter_no_hurry"]
    assert shopper.state().asking == "problem"


def test_the_same_wish_again_is_no_missed_answer(shopper: Talk) -> None:
    for _ in range(4):
        shopper.say("到底能不能退", "return_request")

    assert shopper.asked == "problem"


def test_how_much_hears_the_decision_again_after_the_case_is_open(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")
    shopper.say("好", "affirm")

    assert shopper.say("退多少", "return_request") == ["utter_decision"]


def test_a_question_that_names_a_rule_is_answered_and_the_question_comes_back(
    shopper: Talk,
) -> None:
    shopper.say("我要退货", "return_request")

    said = shopper.say("特价的是不是不给退？", "nlu_fallback")

    assert said[-1] == "utter_ask_problem"
    assert "特价商品" in shopper.text


def test_one_more_piece_of_goods_is_a_matter_of_its_own(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")
    shopper.say("还有一条裤子也想退", "return_request")

    assert shopper.asked == "problem"


def test_rude_staff_is_no_answer_to_what_is_wrong_with_the_goods(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert "utter_call_back_by" in shopper.say("你们导购还骂人 我要投诉", "complaint_service")


def test_who_cannot_answer_three_questions_is_asked_no_fourth(shopper: Talk) -> None:
    shopper.say("包想退", "return_request")
    shopper.say("不知道", "deny")
    shopper.say("记不清了", "deny")

    assert "utter_decision" in shopper.say("不晓得", "deny")[0]
    assert shopper.asked is None


def test_a_line_that_points_back_is_understood_however_it_is_taken(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")

    assert shopper.say("昨天说的那个退货，还算数不", "nlu_fallback")[0] == "utter_back"


@pytest.mark.parametrize("day", ["前天", "也是前天"])
def test_a_bare_day_is_when_it_was_bought_whatever_was_asked(shopper: Talk, day: str) -> None:
    shopper.say("耳环想退", "return_request")
    assert shopper.asked == "problem"
    shopper.say(day, "nlu_fallback")
    shopper.say("不喜欢", "inform")

    assert shopper.asked != "days_since_purchase"


def test_a_day_put_right_after_the_decision_is_no_yes_to_the_case(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")

    assert "utter_case_opened" not in shopper.say("哦哦看错了，就是前天", "affirm")


def test_how_long_hears_the_decision_that_stands(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")

    assert shopper.say("要多久", "nlu_fallback")[0] == "utter_decision"


def test_never_mind_with_an_excuse_stops_the_questions(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert shopper.say("算了我自己去店里", "deny") == ["utter_stopped"]


def test_a_number_that_was_asked_for_is_kept_whatever_the_line_was_taken_for(
    shopper: Talk,
) -> None:
    shopper.say("我要换货", "exchange_request")
    shopper.press("human")

    assert shopper.say("手机 138 0013 8000", "exchange_request") == ["utter_phone_noted"]
    assert [case.phone for case in shopper.desk.cases()] == ["13800138000"]


def test_angry_faces_without_a_word_are_met_as_anger_is(shopper: Talk) -> None:
    assert shopper.say("😡😡😡", "nlu_fallback") == shopper.say("气死了", "abuse")


def test_a_fault_told_by_who_has_no_case_is_taken_in(shopper: Talk) -> None:
    said = shopper.say("换货的时候又看到一个洞，之前登记的不是这个", "ticket_status")

    assert "utter_no_case" not in said
    assert shopper.facts()["defect"] == "hole"


@pytest.mark.parametrize("words", ["就是上次", "那个什么"])
def test_words_that_look_for_others_are_no_yes(shopper: Talk, words: str) -> None:
    shopper.say(WHOLE, "return_request")

    assert shopper.say(words, "affirm")[0] == "utter_fallback"
    assert not shopper.desk.cases()


def test_hurry_beside_an_offer_is_for_what_is_offered_and_for_no_case(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")

    assert shopper.say("快点", "urge") == ["utter_offer_case"]
    assert shopper.say("好的", "affirm")[0] == "utter_case_opened"


def test_just_bought_is_no_nonsense_while_something_else_is_asked(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert shopper.say("刚买的", "nlu_fallback") == ["utter_need_this", "utter_ask_problem"]


def test_an_invoice_shown_for_goods_that_leak_asks_for_no_invoice(shopper: Talk) -> None:
    said = shopper.say("漏水了但登记卡我当时没填，发票在", "invoice_inquiry")

    assert "utter_offer_errand" not in said
