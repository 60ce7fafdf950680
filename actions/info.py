"""Questions about the rules, answered with the shop's own clause where it has one."""

from collections.abc import Mapping

from actions.base import Turn
from actions.decide import NOT_NOW, PERSON, say_decision
from bot.conversations.models import Offer
from bot.language import topics
from bot.policy.engine import Decision

# What a question of this intent is about when its words name nothing more exact.
TOPICS: Mapping[str, str] = {
    "policy_inquiry": "return_policy",
    "warranty_inquiry": "warranty",
    "care_instruction": "care",
    "membership_inquiry": "vip_points",
    "return_shipping": "how_to_return",
    "store_inquiry": "hotline",
    "logistics_inquiry": "delivery",
    "installation_request": "installation",
    "product_usage": "usage",
}
# Of a product question only these have a rule.
OF_PRODUCTS: Mapping[str, str] = {"prices": "price", "technical": "technical"}
# The rule for any question is no better than the line of the intent; a shop's rules at large
# answer only who asks for them.
ANYTHING = "info-anything"
AT_LARGE: Mapping[str, frozenset[str]] = {
    "info-shop-rules": frozenset({"policy_inquiry"}),
    "info-warranty": frozenset({"policy_inquiry", "warranty_inquiry"}),
}
# Rules that only say where to ask: what we know ourselves is told before them.
POINTING = {
    "info-hotline",
    "info-points",
    "info-price",
    "info-order",
    "info-install",
    "care-any",
    "care",
}
# Questions that the rules send to a department of their own.
SENT = ("usage", "technical", "freight")


def tell_exact(turn: Turn, clause: str | None = None) -> bool:
    """Say what the shop says on the very topic that the words name, not the rules at large.

    Where the search is sure of a `clause` that the rule does not rest on, the search is nearer:
    a word like 费用 or 换货 is in many questions. Topics named outright go before it.
    """
    if turn.heard.intent not in TOPICS:
        return False
    topic = turn.heard.facts.get("topic") or topics.rule_of(turn.heard.text)
    if topic is None:
        return False
    if clause and not topics.names_a_rule(turn.heard.text) and not _rests_on(turn, topic, clause):
        return False
    return _told(turn, str(topic), pointing=False, at_large=topic == "warranty")


def tell_rule(turn: Turn, pointing: bool = True) -> bool:
    """Say what the shop's rules say about the question; False where they say nothing.

    Without `pointing`, not by a rule that only says where to ask.
    """
    intent = turn.heard.intent
    named = topics.rule_of(turn.heard.text)
    matter = topics.matter_of(intent, turn.heard.text)
    if matter is not None and matter in OF_PRODUCTS:
        return _told(turn, OF_PRODUCTS[matter], pointing)
    if intent not in TOPICS:
        return False
    return any(_told(turn, topic, pointing) for topic in (named, TOPICS[intent]) if topic)


def _told(turn: Turn, topic: str, pointing: bool, at_large: bool = True) -> bool:
    decision, facts = _decided(turn, topic)
    if not _answers(turn, decision, pointing, at_large):
        return False
    sent = topic in SENT and decision.outcome in ("escalate", "route")
    if decision.outcome != "inform" and not sent:
        return False
    turn.services.policy.save(turn.session, decision, facts, turn.now)
    say_decision(turn, decision, {})
    if sent and not turn.conversation.asking:
        turn.say("utter_offer_person", buttons=[PERSON, NOT_NOW])
        turn.expect(offer=Offer.PERSON)
    return True


def _rests_on(turn: Turn, topic: object, clause: str) -> bool:
    decision, _ = _decided(turn, str(topic))
    return clause in {one.id for one in decision.clauses}


def _decided(turn: Turn, topic: str) -> tuple[Decision, dict[str, str]]:
    facts = {"wants": "info", "topic": topic}
    category = turn.heard.facts.get("category")
    if category is not None:
        facts["category"] = str(category)
    decision = turn.services.policy.decide(
        turn.shop.policy_set,
        facts,
        as_of=turn.services.clock.today(),
        profile=turn.shop.presume,
    )
    return decision, facts


def _answers(turn: Turn, decision: Decision, pointing: bool, at_large: bool) -> bool:
    """Whether the rule that decided is one about this question."""
    rule = decision.rules[0] if len(decision.rules) == 1 else ""
    if rule == ANYTHING or (not pointing and rule in POINTING):
        return False
    return rule not in AT_LARGE or (at_large and turn.heard.intent in AT_LARGE[rule])
