"""What was offered is done on a yes, left on a no, and can be taken back."""

import pytest

from tests.actions.test_intake import WHOLE
from tests.fixtures.turns import Talk


@pytest.fixture
def decided(shopper: Talk) -> Talk:
    """A shopper who was just offered to have the return registered."""
    shopper.say(WHOLE, "return_request")
    return shopper


@pytest.fixture
def registered(decided: Talk) -> Talk:
    """A shopper whose return was just registered."""
    decided.press("yes")
    return decided


def test_a_yes_opens_the_case_with_its_decision_and_facts(decided: Talk) -> None:
    decided.press("yes")

    (case,) = decided.desk.cases()
    assert (case.kind, case.state) == ("return", "submitted")
    assert case.decision_id
    assert case.facts["wants"] == "refund"
    assert "261123 0001 3" in decided.text
    assert decided.replies[0].custom["ticket"]["no"] == case.no


def test_a_yes_in_words_does_the_same(decided: Talk) -> None:
    decided.say("好的", "affirm")

    assert len(decided.desk.cases()) == 1


def test_a_second_yes_opens_nothing_more(registered: Talk) -> None:
    registered.press("yes")

    assert len(registered.desk.cases()) == 1
    assert registered.replies


def test_a_no_leaves_it_and_it_can_be_taken_up_again(decided: Talk) -> None:
    assert decided.press("no") == ["utter_declined"]
    assert decided.desk.cases() == []
    assert decided.state().offer is None

    decided.say("还是退吧", "return_request")
    decided.press("yes")
    assert len(decided.desk.cases()) == 1


def test_an_intake_under_way_is_stopped_at_once(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")

    assert shopper.say("不退了", "withdraw_request") == ["utter_stopped"]
    assert (shopper.state().asking, shopper.matters()) == (None, ["closed"])


def test_a_case_is_taken_back_after_a_yes(registered: Talk) -> None:
    assert registered.say("取消退货申请", "withdraw_request") == ["utter_offer_withdrawal"]
    assert registered.press("yes") == ["utter_withdrawn"]

    assert [case.state for case in registered.desk.cases()] == ["withdrawn"]
    assert registered.say("取消退货申请", "withdraw_request") == ["utter_no_case"]


def test_a_case_is_kept_after_a_no_and_the_shopper_hears_that(registered: Talk) -> None:
    registered.say("取消退货申请", "withdraw_request")
    said = registered.press("no")

    assert [case.state for case in registered.desk.cases()] == ["submitted"]
    assert said == ["utter_case_kept"]


def test_a_case_that_never_was_cannot_be_taken_back(shopper: Talk) -> None:
    assert shopper.say("取消退货申请", "withdraw_request") == ["utter_no_case"]


def test_how_a_case_stands_is_told_with_its_number(registered: Talk) -> None:
    registered.say("我的单子怎么样了", "ticket_status")

    assert "261123 0001 3" in registered.text


def test_pressing_for_speed_is_written_into_the_case(registered: Talk) -> None:
    said = registered.say("快点啊", "urge")

    assert said[0] == "utter_urged"
    assert said[1].startswith("utter_case_state")


@pytest.mark.parametrize("intent", ["ticket_status", "urge", "refund_status"])
def test_without_a_case_there_is_nothing_to_tell(shopper: Talk, intent: str) -> None:
    assert shopper.say("怎么样了", intent) == ["utter_no_case"]


def test_only_the_cases_of_this_conversation_are_told(registered: Talk) -> None:
    from tests.fixtures.turns import talk

    other = talk(registered.desk)

    assert other.say("我的单子怎么样了", "ticket_status") == ["utter_no_case"]
    assert other.say("编号 261123 0001 3 怎么样了", "ticket_status") == ["utter_case_prove"]


def test_a_new_wish_after_a_case_is_a_new_matter(registered: Talk) -> None:
    registered.say("我要换货", "exchange_request")

    assert registered.matters() == ["ticketed", "open"]
    assert registered.facts() == {"wants": "exchange"}


@pytest.mark.parametrize(("intent", "name"), [("affirm", "utter_affirm"), ("deny", "utter_deny")])
def test_a_bare_yes_or_no_to_nothing_is_taken_lightly(
    shopper: Talk, intent: str, name: str
) -> None:
    assert shopper.say("嗯", intent) == [name]
    assert shopper.desk.cases() == []
