"""Guard: intents, rules, actions, responses, buttons and lines agree wherever they are named."""

import re
from collections import Counter
from datetime import date
from typing import cast

from actions import registry
from actions.base import Services
from bot.conversations.models import Offer
from bot.messages import Pressed
from bot.policy.service import PolicyService
from tests.fixtures.agreement import (
    blanks,
    buttons,
    domain,
    examples,
    lines,
    lines_used,
    responses_used,
    rules,
)

INTENTS = frozenset(
    """greet goodbye thanks affirm deny bot_challenge request_human return_request
    exchange_request refund_status service_request withdraw_request repair_request
    warranty_inquiry care_instruction report_defect wrong_item complaint_service
    complaint_product complaint_facility complaint price_dispute compensation_request
    return_shipping logistics_inquiry order_change invoice_inquiry payment_inquiry
    product_inquiry product_usage installation_request account_inquiry membership_inquiry
    store_inquiry policy_inquiry ticket_status urge alteration_request inform praise abuse
    out_of_scope""".split()
)
FEWEST = 10  # examples of an intent


def test_the_domain_lists_exactly_the_intents_of_the_contract() -> None:
    listed = domain()["intents"]
    assert len(INTENTS) == 42
    assert sorted(listed) == sorted(INTENTS)


def test_every_intent_has_examples_enough_and_no_other_intent_has_any() -> None:
    count = Counter(intent for intent, _ in examples())
    assert set(count) == INTENTS
    assert {intent: n for intent, n in count.items() if n < FEWEST} == {}


def test_no_example_stands_twice_not_even_with_other_spaces() -> None:
    places: dict[str, list[str]] = {}
    for intent, example in examples():
        places.setdefault(re.sub(r"\s+", "", example), []).append(intent)
    assert {text: found for text, found in places.items() if len(found) > 1} == {}


def test_every_intent_has_exactly_one_rule_without_a_condition() -> None:
    count = Counter(rule["steps"][0]["intent"] for rule in rules() if "condition" not in rule)
    assert set(count) == INTENTS | {"nlu_fallback"}
    assert set(count.values()) == {1}


def test_rules_are_one_intent_then_one_action_and_have_names_of_their_own() -> None:
    assert all([list(step) for step in r["steps"]] == [["intent"], ["action"]] for r in rules())
    assert {n for n, c in Counter(rule["rule"] for rule in rules()).items() if c > 1} == set()


def test_conditions_of_rules_look_only_at_slots_of_the_domain() -> None:
    conditions = [part for rule in rules() for part in rule.get("condition", ())]
    slots = {
        slot if isinstance(slot, str) else next(iter(slot))
        for part in conditions
        for slot in part["slot_was_set"]
    }
    assert slots <= set(domain()["slots"])


def test_the_offers_of_the_domain_are_those_of_the_conversation() -> None:
    assert set(domain()["slots"]["offer"]["values"]) == {offer.value for offer in Offer}


def test_rules_domain_and_action_server_name_the_same_actions() -> None:
    served = [action.name() for action in registry.build(cast(Services, None))]
    assert len(served) == len(set(served))
    assert set(served) == set(domain()["actions"])
    assert {rule["steps"][1]["action"] for rule in rules()} == set(served)


def test_every_response_that_actions_say_is_in_the_domain() -> None:
    assert set(responses_used()) - set(domain()["responses"]) == set()


def test_every_response_of_the_domain_is_said_by_some_action() -> None:
    assert set(domain()["responses"]) - set(responses_used()) == set()


def test_every_blank_of_a_response_is_filled_wherever_it_is_said() -> None:
    missing = {
        (name, blank)
        for name, variants in domain()["responses"].items()
        for blank in set().union(*(blanks(variant["text"]) for variant in variants))
        for given in responses_used().get(name, ())
        if blank not in given
    }
    assert missing == set()


def test_every_variant_of_a_response_has_the_same_blanks_and_a_text() -> None:
    for name, variants in domain()["responses"].items():
        assert len({frozenset(blanks(variant["text"])) for variant in variants}) == 1, name
        assert all(variant["text"].strip() for variant in variants), name


def test_every_button_sends_back_something_that_the_channel_understands() -> None:
    for button in buttons():
        pressed = Pressed.by(button["payload"])
        assert pressed.intent in INTENTS, button
        assert 0 < len(button["title"]) <= 12, button


def test_every_fact_that_a_button_gives_is_one_the_policy_accepts() -> None:
    facts = PolicyService.load().facts
    for button in buttons():
        given = Pressed.by(button["payload"]).given
        assert set(given) <= set(facts.read(given, date(2026, 11, 23))), button


def test_a_question_offers_only_answers_to_itself() -> None:
    for name, variants in domain()["responses"].items():
        for button in (b for variant in variants for b in variant.get("buttons", ())):
            asked = name.removeprefix("utter_ask_")
            assert button["payload"].startswith(f"fact:{asked}="), name


def test_every_line_said_without_rasa_exists_and_none_lies_idle() -> None:
    assert set(lines_used()) == set(lines())


def test_every_blank_of_a_line_is_filled_wherever_it_is_said() -> None:
    missing = {
        (name, blank)
        for name, uses in lines_used().items()
        for given in uses
        for blank in blanks(lines()[name])
        if blank not in given
    }
    assert missing == set()
