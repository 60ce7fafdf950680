"""Questions about the rules, answered with the shop's own clause where it has one."""

import re

from actions.base import Turn
from actions.decide import NOT_NOW, PERSON, say_decision
from bot.conversations.models import Offer

# What a question of this intent is about when its words name nothing more exact.
TOPICS = {
    "policy_inquiry": "return_policy",
    "warranty_inquiry": "warranty",
    "care_instruction": "care",
    "membership_inquiry": "vip_points",
    "return_shipping": "how_to_return",
}
# The rule for any question is no better than the line of the intent; a shop's rules at large
# answer only who asks for them.
ANYTHING = "info-anything"
AT_LARGE = "info-shop-rules"
# More exact topics by their words; the first that fits counts.
EXACT = tuple(
    (re.compile(words), topic)
    for words, topic in (
        (r"鞋.*(三包|保多久|几个月)|三包.*鞋", "shoe_period"),
        (r"运费|邮费|快递费", "freight"),
        (r"特价|清仓|处理品|打折的", "special_price"),
        (r"内衣|内裤|文胸|珠宝|首饰|玉|化妆品|口红|面霜", "excluded"),
        (r"小票|收据|凭证|票丢", "receipt"),
        (r"原厂|配件", "parts"),
        (r"收费|要钱|费用|多少钱", "fee"),
        (r"进度|单号|编号", "progress"),
        (r"积分|会员", "vip_points"),
        (r"洗|漂白|干洗|熨|烫", "washing"),
        (r"保养|养护|收纳|存放", "care"),
        (r"三包|保修|质保|维修", "warranty"),
        (r"电话|热线|几点", "hotline"),
        (r"换货", "exchange_policy"),
    )
)


# Topics that a question names in so many words, whatever it was taken for.
NAMED = {"freight", "special_price", "excluded", "receipt"}


def names_a_rule(text: str) -> bool:
    """Whether a line names one of the rules that are asked for most."""
    return _exact(text) in NAMED


def tell_rule(turn: Turn) -> bool:
    """Say what the shop's rules say about the question; False where they say nothing."""
    intent = turn.heard.intent
    if intent not in TOPICS:
        return False
    for topic in (_exact(turn.heard.text), TOPICS[intent]):
        if topic is not None and _told(turn, topic):
            return True
    return False


def _exact(text: str) -> str | None:
    return next((topic for words, topic in EXACT if words.search(text)), None)


def _told(turn: Turn, topic: str) -> bool:
    facts = {"wants": "info", "topic": topic}
    category = turn.heard.facts.get("category")
    if category is not None:
        facts["category"] = category
    decision = turn.services.policy.decide(
        turn.shop.policy_set,
        facts,
        as_of=turn.services.clock.today(),
        profile=turn.shop.presume,
    )
    if decision.rules == (ANYTHING,) or (
        decision.rules == (AT_LARGE,) and turn.heard.intent != "policy_inquiry"
    ):
        return False
    left_open = topic == "freight" and decision.outcome == "escalate"
    if decision.outcome != "inform" and not left_open:
        return False
    turn.services.policy.save(turn.session, decision, facts, turn.now)
    say_decision(turn, decision, {})
    if left_open and not turn.conversation.asking:
        turn.say("utter_offer_person", buttons=[PERSON, NOT_NOW])
        turn.expect(offer=Offer.PERSON)
    return True
