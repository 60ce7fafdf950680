"""A turn done twice says the same and does nothing twice; no turn is without an answer."""

import random

import pytest

from tests.actions.test_intake import WHOLE
from tests.fixtures.desk import Desk, together
from tests.fixtures.turns import Talk, responses, rules, talk

LINES = (
    WHOLE,
    "我要退货",
    "不退了",
    "没穿过",
    "好的",
    "不用",
    "13812345678",
    "昨天",
    "小票丢了",
    "鞋子开胶了想修",
    "现在降到299了，我399买的",
    "转人工",
    "你们就是骗子",
    "不知道",
    "{no} {{reason}} %s",
    "/restart",
    "😡😡",
    "",
)
STEPS = (
    (WHOLE, "return_request"),
    ("好的", "affirm"),
    ("13812345678", "inform"),
    ("取消退货申请", "withdraw_request"),
    ("撤回吧", "affirm"),
    ("转人工", "request_human"),
    ("催一下", "urge"),
    ("我要换货", "exchange_request"),
    ("阿巴阿巴", "nlu_fallback"),
    ("退换规定", "policy_inquiry"),
    ("态度太差", "complaint_service"),
    ("谢谢", "thanks"),
)


def test_every_turn_repeated_says_the_same_and_changes_nothing(shopper: Talk) -> None:
    for text, intent in STEPS:
        shopper.say(text, intent)
        replies, rows, state = shopper.replies, shopper.rows(), vars(shopper.state()).copy()

        shopper.repeat()
        shopper.repeat()

        assert shopper.replies == replies, text
        assert shopper.rows() == rows, text
        assert {k: v for k, v in vars(shopper.state()).items() if k[0] != "_"} == {
            k: v for k, v in state.items() if k[0] != "_"
        }


def test_the_same_turn_run_twice_at_once_says_the_same_and_opens_one_case(desk: Desk) -> None:
    shopper = talk(desk)
    shopper.say(WHOLE, "return_request")
    shopper.press("yes")
    shopper.say("转人工", "request_human")
    line = desk.hear(shopper.id, "转人工").message_id
    shopper._message["metadata"]["message_id"] = line
    action, message = shopper._action, dict(shopper._message)

    replies = together(lambda _: action._turn(message), 4)

    assert all(reply == replies[0] for reply in replies)
    assert len(desk.cases()) == 2


def test_shoppers_with_the_same_case_at_the_same_moment_are_all_answered(desk: Desk) -> None:
    shoppers = [talk(desk) for _ in range(5)]

    together(lambda index: shoppers[index].say(WHOLE, "return_request"), 5)

    assert [shopper.decision["outcome"] for shopper in shoppers] == ["refund"] * 5


@pytest.mark.parametrize(
    "intent", [r["steps"][0]["intent"] for r in rules() if "condition" not in r]
)
def test_every_intent_is_answered_first_thing_in_a_conversation(shopper: Talk, intent: str) -> None:
    said = shopper.say("随便说点什么", intent)

    assert said
    assert all(name in responses() for name in said)


@pytest.mark.parametrize("seed", range(12))
def test_no_conversation_however_confused_leaves_a_line_without_an_answer(
    shopper: Talk, seed: int
) -> None:
    chance = random.Random(seed)
    intents = sorted({rule["steps"][0]["intent"] for rule in rules()})
    for _ in range(25):
        shown = [b["payload"] for reply in shopper.replies for b in reply.buttons]
        if shown and chance.random() < 0.5:
            shopper.press(chance.choice(shown))
        else:
            shopper.say(chance.choice(LINES), chance.choice(intents))
        assert shopper.replies
        assert all(reply.text.strip() for reply in shopper.replies)
        assert sum("ask" in reply.custom for reply in shopper.replies) <= 1
        asked = shopper.replies[-1].custom.get("ask")
        assert asked == shopper.state().asking or asked is None
