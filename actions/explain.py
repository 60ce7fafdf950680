"""Why and what else: the clause behind a decision, the reason of a question, what is still open."""

from collections.abc import Mapping
from typing import Any

from actions.base import ServiceAction, Turn
from actions.decide import NOT_NOW, PERSON, offer_again
from actions.intake import ask_again
from bot.conversations.models import Offer


class Why(ServiceAction):
    """The shopper asks why it is so, or why we ask."""

    action_name = "why"

    def act(self, turn: Turn) -> None:
        """Quote the clause that decided, or say what the question is for."""
        asking = turn.conversation.asking
        if asking:
            turn.say("utter_because", because=turn.services.policy.facts.specs[asking].because)
            ask_again(turn)
            return
        record = _decided(turn)
        turn.say("utter_why", rule=_quoted(turn, record), desk=turn.shop.desk)
        offer_again(turn, record)


class WhatElse(ServiceAction):
    """The shopper asks what else can be done, or for an exception."""

    action_name = "what_else"

    def act(self, turn: Turn) -> None:
        """Say what the decision left open and offer a person; first things first while asking."""
        if turn.conversation.asking:
            turn.say("utter_need_this")
            ask_again(turn)
            return
        record = _decided(turn)
        if record["next_steps"]:
            turn.say("utter_what_else", steps="".join(_sentence(s) for s in record["next_steps"]))
        if record["outcome"] == "refuse" or not record["next_steps"]:
            turn.say("utter_offer_after_refusal", buttons=[PERSON, NOT_NOW])
            turn.expect(offer=Offer.PERSON)
        else:
            offer_again(turn, record)


class Repeat(ServiceAction):
    """The shopper asks how much it comes to, or what was decided."""

    action_name = "repeat"

    def act(self, turn: Turn) -> None:
        """Say the decision again as it stands."""
        record = _decided(turn)
        turn.say("utter_decision", decision=record, reason=record["reason"])
        offer_again(turn, record)


class Wait(ServiceAction):
    """The shopper wants to think it over: nothing is asked again, nothing is lost."""

    action_name = "wait"

    def act(self, turn: Turn) -> None:
        """Leave the question or the offer standing."""
        turn.say("utter_no_hurry")


def has_decision(turn: Turn) -> bool:
    """Whether there is a decision to ask about."""
    return turn.matter is not None and turn.matter.decision_id is not None


def _decided(turn: Turn) -> dict[str, Any]:
    assert turn.matter is not None
    return turn.services.policy.stored(turn.session, turn.matter.decision_id or "")


def _quoted(turn: Turn, record: Mapping[str, Any]) -> str:
    """The first clause of the decision that stands in the shop's own rules."""
    source = turn.services.policy.policy(record["policy_set"]).source
    texts = {(clause.id, clause.version): clause.text for clause in source.clauses}
    clauses = record["clauses"]
    first = next((one for one in clauses if one["source"] != "choice"), clauses[0])
    return f"“{first['title']}”：{texts.get((first['id'], first['version'])) or record['reason']}"


def _sentence(step: str) -> str:
    return step if step[-1] in "。！？" else f"{step}。"
