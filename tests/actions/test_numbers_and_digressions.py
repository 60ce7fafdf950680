"""Numbers, sizes and complaints that come while goods are being talked of."""

import pytest

from tests.fixtures.turns import Talk


def test_a_phone_number_that_cannot_be_one_is_asked_for_again(shopper: Talk) -> None:
    shopper.say("转人工", "request_human")

    assert shopper.say("电话1381234567") == ["utter_phone_unclear"]
    assert shopper.state().phone is None
    assert shopper.say("13812345678")[0] == "utter_phone_noted"
    assert shopper.state().phone == "13812345678"


def test_an_order_number_is_kept_with_the_goods_and_is_no_price(shopper: Talk) -> None:
    shopper.say("订单号2405081234567的裙子想退", "return_request")

    assert shopper.facts()["order_no"] == "2405081234567"
    assert "price_paid" not in shopper.facts()


def test_an_identity_card_is_kept_nowhere(shopper: Talk) -> None:
    shopper.say("想退裙子，身份证110101199003078515", "return_request")

    assert "110101199003078515" not in shopper.facts().values()


def test_the_size_wanted_goes_with_the_exchange(shopper: Talk) -> None:
    shopper.say("裙子S的小了，想换M", "exchange_request")

    told = shopper.facts()
    assert (told["wants"], told["size_bought"], told["size_wanted"]) == ("exchange", "S", "M")
    assert told["problem"] == "size"


@pytest.mark.parametrize("line", ["给我换个红包吧", "能换个手机号吗"])
def test_what_is_no_goods_is_not_exchanged(shopper: Talk, line: str) -> None:
    shopper.say("裙子坏了", "report_defect")
    shopper.say(line, "out_of_scope")

    assert shopper.facts().get("wants") != "exchange"


def test_a_complaint_amid_questions_does_not_lose_the_goods(shopper: Talk) -> None:
    shopper.say("裙子不喜欢，没穿过，想退", "return_request")
    standing = shopper.asked
    assert standing is not None

    said = shopper.say("你们导购态度太差了", "complaint_service")

    assert "utter_meanwhile" in said
    assert shopper.asked == standing == shopper.state().asking
    assert shopper.facts()["worn"] == "no"


def test_what_a_complaint_says_of_the_goods_counts(shopper: Talk) -> None:
    shopper.say("裙子不喜欢，没穿过，小票在，想退", "return_request")
    assert shopper.asked == "days_since_purchase"

    said = shopper.say("前天买的，导购态度太差了", "complaint_service")

    assert shopper.facts()["days_since_purchase"] == 2
    assert "utter_ask_days_since_purchase" not in said


def test_a_wish_with_rules_of_its_own_is_settled_by_them(shopper: Talk) -> None:
    shopper.say("我的西服能免费干洗一次吗", "care_instruction")

    assert shopper.facts()["wants"] == "dry_clean"
