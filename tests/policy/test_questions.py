"""Fewest questions, proven: none that does not matter, and hardly more than the best order needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from bench.policy_cases import Cases
from bot.policy.engine import decide
from bot.policy.engine.edition import Edition
from bot.policy.engine.frame import frame_of
from bot.policy.engine.situation import Situation
from bot.policy.engine.verdict import Verdict, judge
from bot.policy.engine.words import Value
from bot.policy.service import PolicyService
from tests.policy.asking import Asking
from tests.policy.naive import TODAY, Naive
from tests.policy.test_cases import read_facts, rows

SERVICE = PolicyService.load()
SETS = sorted(SERVICE.sets)
SHARES = (0.25, 0.5, 0.75)
CLOSE = 1.1  # times the best
Told = dict[str, Value]
# Above so many open questions an exhaustive search takes minutes; about a fifth of the cases.
MOST_QUESTIONS = 8
MOST_COMPLETIONS = 400
MANY = [100, pytest.param(1000, marks=pytest.mark.slow)]


@dataclass
class Count:
    """Questions asked over many cases, ours and the fewest, and the cases too large to search."""

    ours: float = 0.0
    least: float = 0.0
    cases: int = 0
    too_large: int = 0

    @property
    def ratio(self) -> float:
        return self.ours / self.least if self.least else 1.0

    def __str__(self) -> str:
        mean = self.least / max(1, self.cases)
        return (
            f"{self.ratio:.3f} of the fewest ({mean:.2f} a case) over {self.cases} cases; "
            f"{self.too_large} too large to search"
        )


def edition(name: str) -> Edition:
    return SERVICE.sets[name].on(TODAY)


def verdict(name: str, told: Told, presume: bool) -> Verdict:
    profile = dict(SERVICE.sets[name].source.profile)
    return judge(Situation(frame_of(edition(name), presume, profile), told))


def drawn(name: str, many: int) -> Iterator[tuple[Told, bool]]:
    """Undecided random cases, with and without presumptions."""
    found, seed = 0, 0
    while found < many:
        seed += 1
        for presume in (True, False):
            share = SHARES[seed % len(SHARES)]
            for told in Cases(edition(name), seed).partial(10, share):
                if found < many and not verdict(name, told, presume).decided:
                    found += 1
                    yield told, presume


def begun(name: str) -> Iterator[tuple[Told, bool]]:
    """Each case of the tables from its first line on: the wish, then what is told when asked."""
    policy = SERVICE.sets[name]
    for row in rows():
        if row["set"] != name or "unknown" in row["facts"]:
            continue  # the slow reading knows told and open facts only
        facts = {k: v for k, v in read_facts(row["facts"]).items() if k != "today"}
        whole = SERVICE.facts.read(facts, TODAY)
        told = {key: whole[key] for key in ("wants", "problem") if key in whole}
        while (decision := decide(policy, told, TODAY)).status == "needs_facts":
            yield dict(told), True
            key = decision.ask[0].fact
            told[key] = whole.get(key, edition(name).by_key[key].samples[0])


def counted(name: str, cases: Iterator[tuple[Told, bool]]) -> Count:
    count, asking = Count(), None
    for told, presume in cases:
        found = verdict(name, told, presume)
        if found.branch.facts.bit_count() > MOST_QUESTIONS:
            count.too_large += 1
            continue
        if asking is None or asking.search is not found.search:
            asking = Asking(found.edition, found.search)
        count.cases += 1
        count.ours += asking.ours(found.branch)
        count.least += asking.least(found.branch)
    return count


@pytest.mark.parametrize("many", MANY)
@pytest.mark.parametrize("name", SETS)
def test_random_cases_are_asked_hardly_more_than_the_best_order_needs(
    name: str, many: int, record_property: Callable[[str, object], None]
) -> None:
    count = counted(name, drawn(name, many))
    print(f"{name}: {count}")
    record_property("ratio", count.ratio)
    assert count.cases >= many / 2
    assert count.ratio <= CLOSE, str(count)


@pytest.mark.parametrize("name", SETS)
def test_the_cases_of_the_tables_are_asked_hardly_more_than_the_best_order_needs(
    name: str,
) -> None:
    count = counted(name, begun(name))
    print(f"{name}: {count}")
    assert count.ratio <= CLOSE, str(count)


@pytest.mark.parametrize("name", SETS)
def test_no_question_of_the_tables_is_one_that_no_answer_of_changes_anything(name: str) -> None:
    """Brute force over all that is not known, wherever that is at most `MOST_COMPLETIONS`."""
    seen = set()
    for told, presume in begun(name):
        key = frozenset(told.items())
        naive = Naive(edition(name), told, presume)
        if key in seen or naive.size() > MOST_COMPLETIONS:
            continue
        seen.add(key)
        assert set(verdict(name, told, presume).questions) == naive.relevant()


@pytest.mark.parametrize("name", SETS)
def test_the_fewest_are_as_few_as_a_search_over_all_completions_finds(name: str) -> None:
    tried = 0
    for told, presume in drawn(name, 60):
        naive = Naive(edition(name), told, presume)
        if naive.size() > 50:
            continue
        found = verdict(name, told, presume)
        tried += 1
        least = Asking(found.edition, found.search).least(found.branch)
        assert least == pytest.approx(naive.least_questions())
    assert tried
