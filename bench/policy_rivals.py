"""A set's rules for general rule engines: the same list, read by zen-engine and rule-engine.

They are given complete cases and answer with a rule; what is presumed, asked for, granted and
said is left out, so they have much the less to do.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import rule_engine
import zen

from bench.policy_cases import Case
from bot.policy.engine.edition import Edition
from bot.policy.engine.frame import frame_of
from bot.policy.engine.situation import Situation
from bot.policy.engine.words import AllOf, AnyOf, Expr, FactSpec, Is, Kind, NotOf, Stage

Whole = Mapping[str, object]
Answer = Callable[[Whole], int]
Test = Callable[[Is, FactSpec], str]
OWN = (Stage.FIRST, Stage.OWN)
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
ABSENT = "-"


def zen_engine(edition: Edition) -> Answer:
    """zen-engine (Rust): two decision tables with hit policy "first"."""
    made = [
        zen.ZenEngine().create_decision(_graph(edition, numbers)) for numbers in _lists(edition)
    ]

    def first(which: int, case: Whole) -> int | None:
        found: Any = made[which].evaluate(case)["result"]
        return found.get("rule") if found else None

    return _answer(edition, first)


def python_rule_engine(edition: Edition) -> Answer:
    """rule-engine (Python): one compiled expression for each rule, tried in order."""
    specs = {fact.spec.key: fact.spec for fact in edition.facts}
    made = [
        [
            (number, rule_engine.Rule(_said(edition.rules[number].when, specs, _python_test)))
            for number in numbers
        ]
        for numbers in _lists(edition)
    ]

    def first(which: int, case: Whole) -> int | None:
        return next((number for number, rule in made[which] if rule.matches(case)), None)

    answer = _answer(edition, first)
    numbers = {key for key, spec in specs.items() if spec.kind in NUMBERS}
    instead = {key: -1.0 if key in numbers else ABSENT for key in specs}

    def existing(case: Whole) -> int:
        given = {key: value for key, value in case.items() if value is not None}
        return answer({**instead, **given})

    return existing


def _lists(edition: Edition) -> tuple[list[int], list[int]]:
    stages = [[i for i, r in enumerate(edition.rules) if r.stage is each] for each in Stage]
    by_stage = dict(zip(Stage, stages, strict=True))
    return [number for stage in OWN for number in by_stage[stage]], by_stage[Stage.LAW]


def _answer(edition: Edition, first: Callable[[int, Whole], int | None]) -> Answer:
    """The shop's rule, or the law's where that is worth more."""

    def answer(case: Whole) -> int:
        own = first(0, case)
        assert own is not None
        if edition.rules[own].stage is Stage.FIRST:
            return own
        law = first(1, case)
        return own if law is None or edition.worth[law] <= edition.worth[own] else law

    return answer


def whole(edition: Edition, case: Case) -> Whole:
    """A complete case with every fact at its value, None where it does not exist."""
    situation = Situation(frame_of(edition, True, dict(edition.source.profile)), case)
    found: dict[str, object] = {}
    for fact in edition.facts:
        supposed = situation.chosen.get(fact.number)
        if supposed is None and edition.defaults.known >> fact.number & 1:
            supposed = edition.supposed[fact.number][0]
        value = case.get(fact.spec.key, supposed.value if supposed else None)
        found[fact.spec.key] = _plain(fact.spec, value)
    return found


def _plain(spec: FactSpec, value: object) -> object:
    if value is not None and spec.kind in NUMBERS:
        return float(Decimal(str(value)))
    return value


def _graph(edition: Edition, numbers: Sequence[int]) -> str:
    specs = {fact.spec.key: fact.spec for fact in edition.facts}
    rules = [
        {
            "_id": str(each),
            "when": _said(edition.rules[each].when, specs, _zen_test),
            "rule": str(each),
        }
        for each in numbers
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": rules,
    }
    place = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", **place},
        {"id": "table", "type": "decisionTableNode", "name": "t", "content": table, **place},
        {"id": "out", "type": "outputNode", "name": "out", **place},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _said(expr: Expr, specs: Mapping[str, FactSpec], test: Test) -> str:
    """An expression in the words of an engine."""
    match expr:
        case Is():
            said = test(expr, specs[expr.fact])
            return f"(not ({said}))" if expr.negated else f"({said})"
        case NotOf(part):
            return f"(not {_said(part, specs, test)})"
        case AllOf(parts) | AnyOf(parts):
            joint = " and " if isinstance(expr, AllOf) else " or "
            empty = "true" if isinstance(expr, AllOf) else "false"
            return f"({joint.join(_said(part, specs, test) for part in parts)})" if parts else empty


def _zen_test(test: Is, spec: FactSpec) -> str:
    key = test.fact
    if test.present is not None:
        return f"{key} {'!=' if test.present else '=='} null"
    if test.values:
        names = ", ".join(f"'{name}'" for name in _under(test.values, spec))
        return f"{key} != null and {key} in [{names}]"
    return " and ".join([f"{key} != null", *_bounds(test)])


def _python_test(test: Is, spec: FactSpec) -> str:
    # It knows no lists and no null: what does not exist is a word of its own, or below zero.
    key = test.fact
    absent = "-1" if spec.kind in NUMBERS else f"'{ABSENT}'"
    if test.present is not None:
        return f"{key} {'!=' if test.present else '=='} {absent}"
    if test.values:
        return " or ".join(f"({key} == '{name}')" for name in _under(test.values, spec))
    return " and ".join([f"({key} != {absent})", *_bounds(test)])


def _bounds(test: Is) -> list[str]:
    limits = ((">=", test.low), ("<=", test.high))
    return [f"({test.fact} {sign} {limit})" for sign, limit in limits if limit is not None]


def _under(wanted: Sequence[str], spec: FactSpec) -> list[str]:
    """Values and all that lie below them in the fact's tree."""
    parents = dict(spec.parents)
    found = []
    for name in dict.fromkeys((*wanted, *spec.values, *parents)):
        here: str | None = name
        while here is not None and here not in wanted:
            here = parents.get(here)
        if here is not None:
            found.append(name)
    return found
