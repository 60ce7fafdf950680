"""Guard: intents, rules, actions, responses, buttons and lines agree wherever they are named."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from actions import registry, talk
from actions.base import Services
from bot.conversations.models import Offer
from bot.messages import Pressed

ROOT = Path(__file__).resolve().parent.parent
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

# What a desk never says: blame, flat refusals, threats, excuses, other companies' numbers,
# intimacy, a promise before the facts.
NEVER = (
    r"亲(?![自身切戚属友人手])",
    r"400-?050-?0827",
    r"9[:：]00.{0,4}18[:：]30",
    r"人为(造成|损坏|原因|因素)|您自己(弄|搞|洗|穿)坏|肯定是您|是您的(责任|问题)",
    r"不可能|绝对|肯定能|百分百|百分之百",
    r"起诉|诉讼|打官司|法院|律师|上法庭|报警",
    r"盘点|供应商(不在|没来)|关账|结账(了|中)",
    r"不关我|不归我|不归我们管|与我们无关|爱退不退|随便您|早干(嘛|什么)|怎么不早",
    r"公司规定|规定就是|您必须|你必须",
    r"退一赔|假一赔|三倍|十倍",
    r"小费|红包",
)


@cache
def domain() -> dict[str, Any]:
    """Rasa's domain file."""
    return cast(
        dict[str, Any], yaml.load((ROOT / "domain.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    )


@cache
def rules() -> list[dict[str, Any]]:
    """Every rule of `data/rules`."""
    files = sorted((ROOT / "data" / "rules").glob("*.yml"))
    return [
        rule
        for file in files
        for rule in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["rules"]
    ]


@cache
def examples() -> list[tuple[str, str]]:
    """(intent, example) of every training sentence."""
    return list(_examples())


def _examples() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for entry in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            if "intent" in entry:
                for line in entry["examples"].splitlines():
                    yield entry["intent"], line.removeprefix("- ").strip()


@cache
def fact_specs() -> dict[str, dict[str, Any]]:
    """The facts of the policy catalogue as their file has them."""
    text = (ROOT / "data" / "policy" / "facts.yml").read_text("utf-8")
    return cast(dict[str, dict[str, Any]], yaml.load(text, Loader=yaml.CSafeLoader)["facts"])


@cache
def askable() -> set[str]:
    """Facts that a shopper can be asked for: a presumed one where its presumption fails."""
    return {key for key, spec in fact_specs().items() if spec["class"] in ("ask", "presume")}


@cache
def talked() -> set[str]:
    """Intents answered by their own line."""
    return {
        rule["steps"][0]["intent"]
        for rule in rules()
        if rule["steps"][1]["action"] == "action_talk"
    }


# The names that are put together at run time, by their form; an unknown form fails the guard.
FORMS = {
    "utter_ask_{}": lambda: {f"utter_ask_{key}" for key in askable()},
    "utter_lead_{}": lambda: {f"utter_lead_{wish}" for wish in ("refund", "exchange", "repair")},
    "utter_{}": lambda: {f"utter_{intent}" for intent in talked()},
    "{}_by": lambda: {"utter_call_back_by", "utter_call_back_waiting_by"},
}


def names_in(node: ast.expr, scope: ast.AST) -> set[str]:
    """Every response that an expression can name, variables of its function followed."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return names_in(node.body, scope) | names_in(node.orelse, scope)
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        return FORMS["".join(map(str, parts))]()
    if isinstance(node, ast.Name):
        values = [
            step.value
            for step in ast.walk(scope)
            if isinstance(step, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == node.id for t in step.targets)
        ]
        return set().union(*(names_in(value, scope) for value in values))
    raise AssertionError(f"a name built in a way the guard does not know: {ast.unparse(node)}")


def calls(folder: str, method: str) -> Iterator[tuple[str, set[str]]]:
    """(name, keyword arguments) of every call of `method` in a folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for scope in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(scope):
                    if (
                        isinstance(node, ast.Call)
                        and isinstance(node.func, ast.Attribute)
                        and node.func.attr == method
                        and node.args
                        and not isinstance(node.args[0], ast.Starred)
                    ):
                        given = {word.arg for word in node.keywords if word.arg}
                        for name in names_in(node.args[0], scope):
                            yield name, given


@cache
def responses_used() -> dict[str, list[set[str]]]:
    """Each response that actions say, with the values given to it at each place."""
    used: dict[str, list[set[str]]] = {}
    for name, given in calls("actions", "say"):
        used.setdefault(name, []).append(given)
    return used


@cache
def lines_used() -> dict[str, list[set[str]]]:
    """Each line of `data/lines.yml` that is said, with the values given to it."""
    used: dict[str, list[set[str]]] = {}
    for name, given in calls("bot", "line"):
        used.setdefault(name, []).append(given)
    return used


@cache
def lines() -> dict[str, str]:
    """The lines said without Rasa."""
    return cast(
        dict[str, str],
        yaml.load((ROOT / "data" / "lines.yml").read_text("utf-8"), Loader=yaml.CSafeLoader),
    )


def blanks(text: str) -> set[str]:
    """The placeholders of a text."""
    return set(re.findall(r"{(\w+)}", text))


def buttons() -> Iterator[dict[str, str]]:
    """Every button that the domain, the actions or the greeting can show."""
    from actions import cases, decide
    from bot.gateway import web as gateway

    for variants in domain()["responses"].values():
        for variant in variants:
            yield from variant.get("buttons", ())
    ours = (*talk.HELP, *gateway.GREETING_BUTTONS)
    yield from (cast(dict[str, str], dict(button)) for button in ours)
    for button in (cases.YES, cases.NO, decide.OPEN_CASE, decide.NOT_NOW, decide.PERSON):
        yield cast(dict[str, str], dict(button))


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
    from bot.policy.service import PolicyService

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


@cache
def sayings() -> list[tuple[str, str]]:
    """(where, text) of everything that a shopper may read, titles of buttons included."""
    return list(_sayings())


def _sayings() -> Iterator[tuple[str, str]]:
    for name, variants in domain()["responses"].items():
        for variant in variants:
            yield name, variant["text"]
            yield from ((name, button["title"]) for button in variant.get("buttons", ()))
    yield from lines().items()
    for file in sorted((ROOT / "data" / "policy").glob("*.yml")):
        yield from _told(yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader), file.name)


def _told(node: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for one in node:
            yield from _told(one, where)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("reason", "because", "presumed", "say") and isinstance(value, str):
                yield f"{where}: {key}", value
            elif key == "next_steps":
                yield from ((f"{where}: {key}", str(step)) for step in value)
            else:
                yield from _told(value, where)


@pytest.mark.parametrize("pattern", NEVER)
def test_nothing_is_said_that_a_desk_never_says(pattern: str) -> None:
    said = [(where, text) for where, text in sayings() if re.search(pattern, text)]
    assert said == []


@pytest.mark.parametrize(
    "text",
    [
        "亲，您好",
        "请拨400-050-0827",
        "9:00-18:30 营业",
        "这是人为造成的",
        "不可能退",
        "绝对没问题",
        "您可以去起诉",
        "正在盘点，过几天来",
        "早干嘛去了",
        "公司规定不能退",
        "退一赔三",
    ],
)
def test_the_guard_hears_what_a_desk_never_says(text: str) -> None:
    assert any(re.search(pattern, text) for pattern in NEVER)


@pytest.mark.parametrize("text", ["您亲自来一趟", "请父亲人来也行", "一定帮您看", "三天内回电话"])
def test_the_guard_lets_plain_words_pass(text: str) -> None:
    assert not any(re.search(pattern, text) for pattern in NEVER)
