"""Whether a line speaks of other goods than the matter that is open."""

import re

from actions.base import Turn
from bot.conversations import service as conversations
from bot.conversations.models import Matter

# One more piece of goods beside the one talked about.
_ONE_MORE = re.compile(r"(还有|另外|再)(一|个|那)?[件条双个顶只套]")


def names_other_goods(turn: Turn, matter: Matter) -> bool:
    """Whether the goods of the line are neither a kind of the known ones nor the other way."""
    if _ONE_MORE.search(turn.heard.text):
        return True
    told = turn.heard.facts.get("category")
    known = conversations.known_facts(turn.session, matter).get("category")
    if told is None or known is None:
        return False
    parents = dict(turn.services.policy.facts.specs["category"].parents)
    return told not in _with_parents(known, parents) and known not in _with_parents(told, parents)


def _with_parents(goods: str, parents: dict[str, str]) -> list[str]:
    """Goods and every kind they belong to: a dress is also a garment."""
    kinds = [goods]
    while kinds[-1] in parents:
        kinds.append(parents[kinds[-1]])
    return kinds
