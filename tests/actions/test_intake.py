"""From the shopper's words to a cited decision, asking one thing at a time and nothing twice."""

from tests.fixtures.turns import Talk

WHOLE = "昨天买的裙子不喜欢，没穿过，小票在，能退吗"
ANSWERS = {
    "wants": "fact:wants=refund",
    "problem": "fact:problem=dislike",
    "category": "fact:category=garment",
    "days_since_purchase": "fact:days_since_purchase=1",
    "worn": "fact:worn=no",
    "receipt": "fact:receipt=yes",
}


def _decided(shopper: Talk, **changed: str) -> None:
    """Answer questions by their buttons until there is a decision."""
    answers = {**ANSWERS, **{key: f"fact:{key}={value}" for key, value in changed.items()}}
    for _ in range(10):
        if shopper.asked is None:
            return
        shopper.press(answers.get(shopper.asked, f"fact:{shopper.asked}=unknown"))
    raise AssertionError("still asking")


def test_a_sentence_that_says_everything_is_decided_at_once(shopper: Talk) -> None:
    said = shopper.say(WHOLE, "return_request")

    assert said[-2:] == ["utter_decision_presumed", "utter_offer_case"]
    assert shopper.decision["outcome"] == "refund"
    assert shopper.decision["clauses"]
    assert {"fact": "special_price", "value": "no"} in shopper.decision["presumed"]
    assert shopper.state().offer == "case"


def test_a_bare_wish_is_followed_by_one_question_at_a_time(shopper: Talk) -> None:
    assert shopper.say("我要退货", "return_request")[0] == "utter_lead_refund"
    asked = []
    while shopper.asked is not None:
        asked.append(shopper.asked)
        assert sum("ask" in reply.custom for reply in shopper.replies) == 1
        shopper.press(ANSWERS[shopper.asked])

    assert len(asked) == len(set(asked)) >= 3
    assert "wants" not in asked
    assert shopper.decision["outcome"] == "refund"


def test_words_answer_a_question_whatever_the_classifier_made_of_them(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    shopper.press("fact:problem=dislike")
    shopper.press("fact:days_since_purchase=1")
    assert shopper.asked == "worn"

    shopper.say("没穿过", "out_of_scope")

    assert shopper.facts()["worn"] == "no"
    assert shopper.asked != "worn"


def test_a_question_in_between_is_answered_and_the_talk_comes_back(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    standing = shopper.asked

    said = shopper.say("开张发票", "invoice_inquiry")

    assert said == ["utter_about", f"utter_ask_{standing}"]
    assert shopper.asked == standing == shopper.state().asking


def test_nobody_is_asked_the_same_thing_for_ever(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    asked = [shopper.asked]
    for _ in range(25):
        if shopper.asked is None:
            break
        shopper.say("嗯哼啦啦啦", "nlu_fallback")
        asked.append(shopper.asked)

    assert shopper.asked is None
    assert max(asked.count(fact) for fact in asked if fact) <= 2
    assert shopper.decision["outcome"] != "refuse"


def test_who_cannot_say_is_not_asked_again(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    first = shopper.asked
    shopper.say("不知道", "deny")

    assert shopper.facts()[str(first)] == "unknown"
    assert shopper.asked != first


def test_a_correction_after_the_decision_is_decided_again(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")

    said = shopper.say("不对，其实穿过一次", "inform")

    assert "utter_decided_again" in said
    assert shopper.facts()["worn"] == "yes"
    assert shopper.decision["outcome"] != "refund"


def test_a_refusal_names_its_clause_and_offers_a_person(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    _decided(shopper, days_since_purchase="30")

    assert shopper.decision["outcome"] == "refuse"
    assert shopper.decision["clauses"]
    assert shopper.replies[-1].name == "utter_offer_after_refusal"

    shopper.press("yes")
    assert [case.kind for case in shopper.desk.cases()] == ["call_back"]


def test_other_goods_after_a_decision_are_another_matter(shopper: Talk) -> None:
    shopper.say(WHOLE, "return_request")
    shopper.say("还有一双鞋也想退", "return_request")

    assert len(shopper.matters()) == 2
    assert "days_since_purchase" not in shopper.facts()


def test_facts_that_no_rule_knows_are_left_out(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    for payload in ("fact:nonsense=1", "fact:worn=maybe", "fact:days_since_purchase=-3"):
        shopper.press(payload)
        assert shopper.replies

    assert set(shopper.facts()) <= {"wants", "problem"}


def test_a_button_cannot_make_the_shop_believe_in_another_day(shopper: Talk) -> None:
    shopper.say("我要退货", "return_request")
    shopper.press("fact:today=2020-01-01")
    shopper.press("fact:purchase_date=2026-11-22")

    assert shopper.replies
    assert "today" not in shopper.facts()


def test_what_was_not_understood_but_holds_facts_begins_a_matter(shopper: Talk) -> None:
    shopper.say(WHOLE, "nlu_fallback")

    assert shopper.decision["outcome"] == "refund"


def test_the_rules_in_general_are_told_without_opening_a_matter(shopper: Talk) -> None:
    said = shopper.say("退换货有什么规定", "policy_inquiry")

    assert said[0].startswith("utter_decision")
    assert shopper.decision["clauses"]
    assert shopper.matters() == []


def test_a_time_that_is_no_day_is_asked_more_closely(shopper: Talk) -> None:
    shopper.say("这条裙子我想退，尺码小了", "return_request")
    assert shopper.asked == "days_since_purchase"
    assert shopper.say("上个月买的", "inform") == [
        "utter_which_day",
        "utter_ask_days_since_purchase",
    ]
    for _ in range(3):
        if shopper.asked == "days_since_purchase":
            shopper.say("就是上个月", "inform")
    assert shopper.asked != "days_since_purchase"
