"""Care of goods, stains and care symbols, told from the knowledge room with a card."""

import re

from actions.base import Turn
from bot.knowledge.entries import Told
from bot.knowledge.service import Quoted

# Intents whose lines may ask about care or a symbol, whatever else they were taken for.
MAY_ASK = {
    "care_instruction",
    "product_usage",
    "product_inquiry",
    "policy_inquiry",
    "warranty_inquiry",
    "out_of_scope",
    "nlu_fallback",
}

# Clauses of care have it in their id; no other answers how to wash a thing.
OF_CARE = "-A-"
# Before buying one asks whether it will; how to get rid of it is no answer to that.
_BEFORE = re.compile(r"容易|会不会|有没有|会.{1,4}吗")


def known_care(turn: Turn) -> Told | None:
    """What is known of the goods, the stain or the symbol that the line asks about."""
    knowledge, heard = turn.services.knowledge, turn.heard
    if knowledge is None or heard.intent not in MAY_ASK:
        return None
    if heard.intent == "product_inquiry" and _BEFORE.search(heard.text):
        return None
    return knowledge.care(heard.text)


def tell(turn: Turn, told: Told) -> None:
    """Say it, with its card."""
    turn.say("utter_known", told=told.text, card=told.card)


def sure_clause(turn: Turn) -> Quoted | None:
    """The clause that surely answers the question, if there is one."""
    knowledge = turn.services.knowledge
    if knowledge is None:
        return None
    today = turn.services.clock.today()
    quoted = knowledge.clause(turn.shop.policy_set, turn.heard.text, today)
    if quoted and turn.heard.intent == "care_instruction" and OF_CARE not in quoted.clause.id:
        return None
    return quoted


def tell_clause(turn: Turn) -> bool:
    """Quote the clause that answers the question, where one surely does."""
    quoted = sure_clause(turn)
    if quoted is None:
        return False
    clause = quoted.clause
    turn.say("utter_clause", rule=clause.text, title=clause.title, no=clause.id, card=quoted.card())
    return True


def tell_advice(turn: Turn) -> bool:
    """Say the care sentence nearest to the question, where it is near enough."""
    knowledge = turn.services.knowledge
    advice = knowledge.advice(turn.heard.text) if knowledge else None
    if advice is not None:
        tell(turn, advice)
    return advice is not None
