"""Decisions a second of one core: whole cases, the choice of a question, growth, and rivals."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.policy_cases import Case, Cases
from bench.policy_growth import in_one_category, over_categories
from bench.policy_rivals import Answer, python_rule_engine, whole, zen_engine
from bench.tables import Cell, Goal, Table
from bot.policy.engine import PolicySet, decide
from bot.policy.engine.edition import Edition
from bot.policy.engine.frame import frame_of
from bot.policy.engine.memory import Memory
from bot.policy.engine.situation import Situation
from bot.policy.engine.verdict import judge
from bot.policy.service import PolicyService
from scripts.steps.tell import say

TODAY = date(2026, 11, 23)
WHOLE, HALF, FEW = 20_000, 4_000, 1_500
COMPLETE_GOAL, CHOICE_GOAL = 20_000, 2_000
GROWTH = (1, 10, 100)


@dataclass(frozen=True)
class Rate:
    """Cases decided and the processor seconds that they took."""

    cases: int
    seconds: float

    @property
    def per_second(self) -> int:
        """Cases a core second."""
        return round(self.cases / self.seconds)


def tables() -> Sequence[Table]:
    """All tables, measured one after another in this process."""
    service = PolicyService.load()
    name = max(service.sets, key=lambda each: len(service.sets[each].on(TODAY).rules))
    return [_decisions(service, name), _rivals(service.sets[name]), _growth(service.sets[name])]


def rate(work: Callable[[Case], object], cases: Sequence[Case]) -> Rate:
    """Do it for every case once. Processor time: others on the machine cost little."""
    gc.collect()  # what was left by the measurement before is not this one's to clear
    began = time.process_time()
    for case in cases:
        work(case)
    return Rate(len(cases), time.process_time() - began)


def _decisions(service: PolicyService, name: str) -> Table:
    say(f"… 规则 {name}:资料齐全、问题选择")
    edition = service.sets[name].on(TODAY)
    rows: list[list[Cell]] = []

    def measure(label: str, presume: bool, draw: Callable[[int], list[Case]]) -> Rate:
        fresh = PolicyService.load()
        counting = _Counting.put_into(fresh.sets[name].on(TODAY))

        def one(case: Case) -> object:
            return fresh.decide(name, case, TODAY, presume)

        first = rate(one, draw(1))
        counting.reset()
        others = rate(one, draw(2))
        share = f"{counting.share:.1%}"
        rows.append([label, first.per_second, others.per_second, others.cases, share])
        return others

    whole_rate = measure("facts complete", True, lambda n: Cases(edition, n).complete(WHOLE))
    half = measure("half told", True, lambda n: Cases(edition, n).partial(HALF, 0.5))
    few = measure("a quarter told", True, lambda n: Cases(edition, n).partial(HALF, 0.25))
    bare = measure(
        "half told, nothing presumed", False, lambda n: Cases(edition, n).partial(HALF, 0.5)
    )
    rules, facts = len(edition.rules), len(edition.facts)
    slowest = min(half.per_second, few.per_second, bare.per_second)
    return Table(
        title=f"Decisions a core second: {name}, {rules} rules over {facts} facts",
        columns=["facts", "first sight", "steady", "different cases", "walks remembered"],
        rows=rows,
        notes=(
            "facts as they come in → whole decision with id, clauses, words and what else would do",
            "no case comes twice, in a row or between rows; steady: other cases than at first"
            " sight; no whole case is remembered anywhere, walks are by what is left of the rules",
        ),
        goals=[
            Goal(f"facts complete ≥ {COMPLETE_GOAL}/s: {whole_rate.per_second}",
                 whole_rate.per_second >= COMPLETE_GOAL),
            Goal(f"question choice ≥ {CHOICE_GOAL}/s: {slowest} at worst", slowest >= CHOICE_GOAL),
        ],
    )  # fmt: skip


def _rivals(policy: PolicySet) -> Table:
    say("… 对手:zen-engine、rule-engine")
    edition = policy.on(TODAY)
    cases = [case for case in Cases(edition, 3).complete(FEW) if _decided(edition, case)]
    wholes = [whole(edition, case) for case in cases]
    ours = rate(lambda case: decide(policy, case, TODAY), cases)
    frame = frame_of(edition, True, policy.profile)
    alone = rate(lambda case: judge(Situation(frame, case)).lead, cases)
    rows: list[list[Cell]] = [
        ["ours, whole decision", ours.per_second, "—", "—"],
        ["ours, outcome alone", alone.per_second, "—", f"{alone.per_second / ours.per_second:.2f}"],
    ]
    rivals: list[tuple[str, Answer]] = [
        ("zen-engine, outcome alone", zen_engine(edition)),
        ("rule-engine, outcome alone", python_rule_engine(edition)),
    ]
    best = 0
    for label, answer in rivals:
        # mypy gives no type to a lambda whose default binds the loop's variable.
        found = rate(lambda each, answer=answer: answer(each), wholes)  # type: ignore[misc, arg-type]
        same = sum(
            _same(policy, case, answer(each)) for case, each in zip(cases, wholes, strict=True)
        )
        best = max(best, found.per_second)
        share = f"{found.per_second / ours.per_second:.2f}"
        rows.append([label, found.per_second, f"{same}/{len(cases)}", share])
    return Table(
        title=f"Beside general rule engines: {policy.name}, facts complete, the same cases",
        columns=["engine", "per core second", "same outcome", "times ours"],
        rows=rows,
        notes=(
            "the rivals get complete cases and say which rule holds: no presumptions, questions,"
            " amounts, words or id; zen-engine is written in Rust, rule-engine in Python",
        ),
        goals=[Goal(f"our whole decision is faster than the better rival's outcome: "
                    f"{ours.per_second} against {best}", ours.per_second > best)],
    )  # fmt: skip


def _decided(edition: Edition, case: Case) -> bool:
    frame = frame_of(edition, True, dict(edition.source.profile))
    return judge(Situation(frame, case)).decided


def _same(policy: PolicySet, case: Case, number: int) -> bool:
    decision, rule = decide(policy, case, TODAY), policy.on(TODAY).rules[number]
    return decision.outcome == rule.outcome and rule.id in decision.rules


def _growth(policy: PolicySet) -> Table:
    rows: list[list[Cell]] = []
    slower: dict[str, float] = {}
    for label, build in (("more categories", over_categories), ("one category", in_one_category)):
        first = None
        for times in GROWTH:
            say(f"… {times} 倍规则:{label}")
            made, zens = _grown(build(policy.source, times), times)
            first = first or made
            slower[label] = first.per_second / made.per_second
            rules = len(build(policy.source, times).source.rules)
            rows.append([f"{label} ×{times}", rules, made.per_second,
                         f"{slower[label]:.2f}", zens.per_second])  # fmt: skip
    return Table(
        title=f"Growth: {policy.name}'s own rules ten and a hundred times (synthetic)",
        columns=["rules", "number", "ours per core second", "times slower", "zen-engine"],
        rows=rows,
        notes=("facts complete, other cases than those it was warmed with",),
        goals=[
            Goal(f"{label}: a hundred times the rules cost less than a hundred times: {times:.1f}",
                 times < GROWTH[-1])
            for label, times in slower.items()
        ],
    )  # fmt: skip


def _grown(policy: PolicySet, times: int) -> tuple[Rate, Rate]:
    edition = policy.on(TODAY)
    for case in Cases(edition, 5).complete(FEW):
        decide(policy, case, TODAY)
    cases = Cases(edition, 6).complete(FEW)
    ours = rate(lambda case: decide(policy, case, TODAY), cases)
    rival = zen_engine(edition)
    few = [whole(edition, case) for case in cases[: max(20, FEW // times)]]
    # `rate` is typed by decisions; a rival answers with less.
    return ours, rate(lambda each: rival(each), few)  # type: ignore[arg-type]


class _Counting(Memory[object, Any]):
    """Counts how often a verdict was there already."""

    def __init__(self) -> None:
        super().__init__(20_000)
        self.reset()

    @classmethod
    def put_into(cls, edition: Edition) -> "_Counting":
        """Count from now on, as long as the edition does not start afresh."""
        edition.search.verdicts = made = cls()
        return made

    def reset(self) -> None:
        """Begin to count."""
        self.asked = self.there = 0

    @property
    def share(self) -> float:
        """Of those asked for, how many were there."""
        return self.there / max(1, self.asked)

    def get(self, key: object, default: Any = None) -> Any:
        """As of any table."""
        found = super().get(key, default)
        self.asked += 1
        self.there += found is not None
        return found
