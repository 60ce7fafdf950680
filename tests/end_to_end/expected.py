"""What a written conversation can expect of an answer; each gives the fault it finds, or None."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.tickets import number
from tests.end_to_end.written import Played
from tests.fixtures.agreement import lines

MOST_LINES = 5  # in one answer; more is a lecture
_YUAN = re.compile(r"(\d+(?:\.\d+)?) ?元")


def _among(value: Any, found: Any) -> str | None:
    return None if found == value else f"{found!r}, not {value!r}"


def _asks(played: Played, value: str) -> str | None:
    return _among(value, played.asks[-1] if played.asks else None)


def _asks_the_same(played: Played, _: bool) -> str | None:
    return _asks(played, played.asked or "")


def _asks_nothing(played: Played, _: bool) -> str | None:
    return f"asks {played.asks}" if played.asks else None


def _cites(played: Played, value: str) -> str | None:
    cited = [clause["id"] for clause in played.decision.get("clauses", ())]
    return None if value in cited else f"cites {cited}"


def _pays(played: Played, value: str) -> str | None:
    amounts = [remedy["amount"] for remedy in played.decision.get("remedies", ())]
    told = value in _YUAN.findall(played.text)
    return None if value in amounts and told else f"amounts {amounts} in {played.text!r}"


def _opens(played: Played, value: bool) -> str | None:
    valid = [ticket for ticket in played.tickets if number.is_valid(ticket["no"])]
    return None if bool(valid) == value else f"cases {played.tickets}"


def _names_the_same_case(played: Played, _: bool) -> str | None:
    return _among(played.ticket, played.tickets[-1]["no"] if played.tickets else None)


def _says(played: Played, value: str | list[str]) -> str | None:
    wanted = [value] if isinstance(value, str) else value
    missing = [each for each in wanted if each not in played.text]
    return f"{missing} not in {played.text!r}" if missing else None


def _says_not(played: Played, value: str | list[str]) -> str | None:
    unwanted = [value] if isinstance(value, str) else value
    found = [each for each in unwanted if each in played.text]
    return f"{found} in {played.text!r}" if found else None


def _knows(played: Played, value: Mapping[str, Any]) -> str | None:
    found = {key: played.card.get(key) for key in value}
    return _among(dict(value), found)


def _offers(played: Played, value: str) -> str | None:
    titles = [button["title"] for line in played.answer for button in line["buttons"]]
    return None if value in titles else f"buttons {titles}"


def _asks_one_thing(played: Played, _: Any) -> str | None:
    return f"asks {played.asks} at once" if len(played.asks) > 1 else None


def _is_short(played: Played, _: Any) -> str | None:
    return f"{len(played.answer)} lines" if len(played.answer) > MOST_LINES else None


def _is_said_once(played: Played, _: Any) -> str | None:
    texts = [line["text"] for line in played.answer]
    return f"twice: {texts}" if len(texts) != len(set(texts)) else None


def _is_worded(played: Played, _: Any) -> str | None:
    raw = re.findall(r"[{}]|None|unknown|\b[a-z]+_[a-z_]+\b", played.text)
    return f"raw words {raw} in {played.text!r}" if raw else None


def _amounts_are_known(played: Played, _: Any) -> str | None:
    """No figure in yuan that neither a decision nor the shopper has named."""
    held = [line["decision"] for line in played.shopper.lines if line["decision"]]
    amounts = {remedy["amount"] for decision in held for remedy in decision["remedies"]}
    told = " ".join(line["text"] for line in played.shopper.lines if line["author"] == "shopper")
    free = [x for x in _YUAN.findall(played.text) if x not in amounts and x not in told]
    return f"amounts from nowhere: {free}" if free else None


def _is_not_held_back(played: Played, _: Any) -> str | None:
    """The promise guard found nothing in what the bot says of its own accord."""
    return "held back by the promise guard" if lines()["guarded"].strip() in played.text else None


def _is_undecided(played: Played, _: bool) -> str | None:
    return f"decides {played.decision['outcome']}" if played.decision else None


EXPECT: dict[str, Callable[[Played, Any], str | None]] = {
    "always_asks_one_thing": _asks_one_thing,
    "always_is_short": _is_short,
    "always_is_said_once": _is_said_once,
    "always_is_worded": _is_worded,
    "always_names_known_amounts": _amounts_are_known,
    "always_may_leave": _is_not_held_back,
    "ask": _asks,
    "same_ask": _asks_the_same,
    "no_ask": _asks_nothing,
    "outcome": lambda played, value: _among(value, played.decision.get("outcome")),
    "status": lambda played, value: _among(value, played.decision.get("status")),
    "to": lambda played, value: _among(value, played.decision.get("escalate_to")),
    "no_decision": _is_undecided,
    "clause": _cites,
    "amount": _pays,
    "ticket": _opens,
    "same_ticket": _names_the_same_case,
    "says": _says,
    "not_says": _says_not,
    "facts": _knows,
    "button": _offers,
}
ALWAYS = [(name, None) for name in EXPECT if name.startswith("always_")]
