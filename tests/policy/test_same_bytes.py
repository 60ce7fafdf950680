"""A decision has the same bytes whatever a process decided before it, and in every process."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.policy_cases import Cases
from bot.policy.engine import PolicySet, decide
from bot.policy.engine.edition import Edition
from bot.policy.engine.frame import frame_of
from bot.policy.engine.situation import Situation
from bot.policy.service import PolicyService
from tests.policy.naive import TODAY
from tests.policy.test_cases import read_facts, rows

SERVICE = PolicyService.load()
SETS = sorted(SERVICE.sets)
ROOT = Path(__file__).resolve().parents[2]


def digest(service: PolicyService) -> str:
    """Every case of the tables and some random ones, decided, as one hash."""
    made = hashlib.sha256()
    for row in rows():
        made.update(service.decide(row["set"], read_facts(row["facts"]), TODAY).json().encode())
    for name in sorted(service.sets):
        chosen = service.sets[name]
        for told in Cases(chosen.on(TODAY), 5).partial(40, 0.5):
            made.update(decide(chosen, told, TODAY, presume=len(told) % 2 == 0).json().encode())
    return made.hexdigest()


@pytest.mark.parametrize("name", SETS)
def test_what_is_remembered_of_other_cases_changes_no_byte(name: str) -> None:
    warm = SERVICE.sets[name]
    cases = Cases(warm.on(TODAY), 7).partial(200, 0.6)
    for told in cases:
        decide(warm, told, TODAY)
    for told in cases[::20]:
        alone = decide(PolicySet(warm.source), told, TODAY)
        again = decide(warm, told, TODAY)
        assert again.json() == alone.json()
        assert again == alone


def test_starting_afresh_when_too_much_is_remembered_changes_no_byte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = PolicySet(SERVICE.sets["dept_fashion"].source)
    cases = Cases(chosen.on(TODAY), 9).partial(60, 0.5)
    plenty = [decide(chosen, told, TODAY).json() for told in cases]
    monkeypatch.setattr(Edition, "MOST_STEPS", 3000)
    monkeypatch.setattr("bot.policy.engine.search.Search.LIMIT", 30)
    little = PolicySet(chosen.source)
    first = little.on(TODAY)
    assert [decide(little, told, TODAY).json() for told in cases] == plenty
    assert little.on(TODAY) is not first


def test_a_process_with_another_order_of_hashes_decides_the_same_bytes() -> None:
    program = "from tests.policy import test_same_bytes as t; print(t.digest(t.SERVICE))"
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-c", program]
    told = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == digest(SERVICE)


@pytest.mark.parametrize("name", SETS)
def test_a_case_changed_by_one_fact_is_the_case_made_anew(name: str) -> None:
    chosen = SERVICE.sets[name]
    edition = chosen.on(TODAY)
    frame = frame_of(edition, True, chosen.profile)
    for told in Cases(edition, 11).partial(40, 0.5):
        case = Situation(frame, told)
        for fact in edition.facts:
            changed = case.telling(fact, fact.samples[-1])
            anew = Situation(frame, {**told, fact.spec.key: fact.samples[-1]})
            assert changed.state == anew.state
            assert (changed.known, changed.waiting.keys()) == (anew.known, anew.waiting.keys())
            assert changed.node() is anew.node()
