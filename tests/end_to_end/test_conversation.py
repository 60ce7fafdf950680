"""One real conversation through every room: Rasa, rules, actions, policy, cases."""

import pytest

from bot.tickets import number
from tests.end_to_end.conftest import Shopper

pytestmark = pytest.mark.rasa


def decision_in(lines: list[dict]) -> dict:
    return next(line["decision"] for line in lines if line["decision"])


def ticket_in(lines: list[dict]) -> dict:
    return next(line["ticket"] for line in lines if line["ticket"])


def test_a_full_first_sentence_is_decided_at_once_and_names_what_it_presumed(shopper: Shopper):
    answer = shopper.says("昨天买的裙子不喜欢，没穿过，小票在，能退吗")
    decision = decision_in(answer)
    assert (decision["status"], decision["outcome"]) == ("decided", "refund")
    assert "DF-R-01" in {clause["id"] for clause in decision["clauses"]}
    assert "special_price" in {one["fact"] for one in decision["presumed"]}
    assert all(line["ask"] is None for line in answer)
    assert "正价" in "".join(line["text"] for line in answer)


def test_a_bare_wish_is_asked_one_thing_at_a_time_and_ends_with_a_case(shopper: Shopper):
    replies = {
        "problem": "就是不喜欢",
        "days_since_purchase": "前天",
        "worn": "没有",
        "receipt": "还在的",
        "category": "裙子",
    }
    answer, asked = shopper.says("我要退货"), []
    while not any(line["decision"] for line in answer):
        asks = [line["ask"] for line in answer if line["ask"]]
        assert len(asks) == 1, answer
        asked += asks
        answer = shopper.says(replies[asks[0]])
    assert len(asked) == len(set(asked)), asked
    assert decision_in(answer)["outcome"] == "refund"
    ticket = ticket_in(shopper.says("好的"))
    assert number.is_valid(ticket["no"])
    assert ticket["state"] == "submitted"


def test_buttons_do_what_words_do(shopper: Shopper):
    greeting = shopper.lines[0]
    answer = shopper.says(payload=greeting["buttons"][0]["payload"])
    question = answer[-1]
    assert question["ask"]
    answer = shopper.says(payload=question["buttons"][-1]["payload"])
    assert answer[-1]["ask"] != question["ask"]


def test_a_refusal_cites_its_clause_and_says_what_is_still_possible(shopper: Shopper):
    answer = shopper.says("买了十天的裙子不喜欢了，没穿过，小票在，想退")
    decision = decision_in(answer)
    assert decision["outcome"] == "refuse"
    assert decision["clauses"]
    assert decision["next_steps"]


@pytest.mark.parametrize("wish", ["转人工", "叫你们经理来", "别机器人了 我要找个真人"])
def test_a_person_is_called_in_the_same_turn_in_the_middle_of_an_intake(shopper: Shopper, wish):
    shopper.says("我要退货")
    answer = shopper.says(wish)
    assert number.is_valid(ticket_in(answer)["no"])
    assert ticket_in(answer)["due"]


def test_asking_twice_for_a_person_opens_one_case(shopper: Shopper):
    first = ticket_in(shopper.says("转人工"))
    again = ticket_in(shopper.says(payload="human"))
    assert first["no"] == again["no"]


def test_a_digression_is_answered_and_the_question_comes_back(shopper: Shopper):
    asked = shopper.says("我要退货")[-1]["ask"]
    answer = shopper.says("谢谢")
    assert answer[-1]["ask"] == asked


def test_a_presumption_corrected_later_changes_the_decision(shopper: Shopper):
    first = decision_in(shopper.says("昨天买的裙子不喜欢，没穿过，小票在，能退吗"))
    answer = shopper.says("对了 这件是特价买的")
    assert decision_in(answer)["decision_id"] != first["decision_id"]
    assert decision_in(answer)["status"] == "escalate"
