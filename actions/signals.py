"""What a turn shows of a shopper who may need a person, by the names that hand-off rules use."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from actions.base import Turn
from bot.conversations import service as conversations
from bot.tickets import repository as cases

# A demand that no rule of any shop knows; it is taken down and goes to somebody who can explain.
_GREAT_DEMAND = re.compile(
    r"精神(?:损失|赔偿)|(?:[十百千]|[1-9]\d|[二三四五六七八九]十)倍|[赔补]\D{0,4}(?:几|\d|[一二三五十百])+万"
)
_EXCEPTION = re.compile(r"通融|破(?:个|一?次)?例|特批|特殊(?:处理|照顾)|网开一面|开个?后门")
# What the facts of a line say of a complaint, by the names of its kinds.
_KINDS = {
    "service": "conduct",
    "facility": "facility",
    "packaging": "packaging",
    "price": "price",
    "quality": "quality",
}
# Kinds that the words alone tell, before what is wrong with the goods.
_SAID = {
    "fraud": re.compile(
        r"假货|假冒|冒牌|仿冒|高仿|山寨|欺诈|欺骗消费者|诈骗|以次充好|以旧充新|翻新机|不是正品"
    ),
    "price": re.compile(r"乱收费|多收(?:了|我)|虚标|虚高|先涨后降|收我\D{0,3}\d"),
    "delivery": re.compile(
        r"(?:送货|配送|快递|物流|发货|派送)[^,，。]{0,8}(?:晚|慢|拖|丢|没[到送人]|不[送发]|扔)"
    ),
}
_HARD = {"injury": "injury", "media": "media", "legal_threat": "lawyer"}
_NO_SENSE = ("utter_fallback", "utter_better_a_person")
_COMPLAINS = ("complaint", "abuse", "legal_threat")


def signals(turn: Turn, *, asks: bool = False) -> dict[str, Any]:
    """Everything that is known of this turn; what is not known is left out."""
    heard = turn.heard
    found: dict[str, Any] = {
        "asks": asks,
        "misses": turn.conversation.misses if _missed(turn) else 0,
        "mood": heard.mood,
        "tone": heard.facts.get("tone"),
        "trigger": _trigger(turn),
        "complaint": _complaint(turn),
        "unreasonable": bool(_GREAT_DEMAND.search(heard.text)),
        "override": bool(_EXCEPTION.search(heard.text)) and turn.matter is not None,
    }
    found |= _of_decision(turn) | _of_matter(turn) | _of_cases(turn)
    return {name: value for name, value in found.items() if value is not None}


def _missed(turn: Turn) -> bool:
    """Whether this very line made no sense; the count stays while a question stands."""
    return any(one["response"].startswith(_NO_SENSE) for one in turn.replies)


def _trigger(turn: Turn) -> str | None:
    if turn.heard.trigger is not None:
        return turn.heard.trigger
    return next((name for fact, name in _HARD.items() if fact in turn.heard.facts), None)


def _complaint(turn: Turn) -> str | None:
    """The kind of complaint, if this line is one."""
    if not turn.heard.intent.startswith(_COMPLAINS) and turn.heard.facts.get("case") != "complaint":
        return None
    told = next((kind for kind, words in _SAID.items() if words.search(turn.heard.text)), None)
    return told or _KINDS.get(str(turn.heard.facts.get("problem")), "other")


def _of_decision(turn: Turn) -> dict[str, Any]:
    """The decision told in this very turn; an earlier one has had its consequences."""
    told = [one["custom"]["decision"] for one in turn.replies if "decision" in one["custom"]]
    if not told:
        return {}
    record: Mapping[str, Any] = told[-1]
    return {
        "decision_status": record["status"],
        "outcome": record["outcome"],
        "escalate_to": record["escalate_to"],
    }


def _of_matter(turn: Turn) -> dict[str, Any]:
    if turn.matter is None:
        return {}
    known = conversations.known_facts(turn.session, turn.matter)
    return {
        "value": _whole(known.get("price_paid")),
        "prior_repairs": _whole(known.get("prior_repairs")),
    }


def _of_cases(turn: Turn) -> dict[str, Any]:
    mine = cases.of_conversation(turn.session, turn.conversation.id)
    return {
        "reopened": max((case.reopened for case in mine), default=0),
        "breached": any(case.rung > 0 for case in mine),
    }


def _whole(value: Any) -> int | None:
    try:
        return int(Decimal(str(value)))
    except (InvalidOperation, ValueError):
        return None
