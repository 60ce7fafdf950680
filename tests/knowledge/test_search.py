"""Clauses and care are found by what they say, and only where the score is sure."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.search import Index, Words
from bot.knowledge.service import Knowledge
from bot.policy.engine import PolicySet
from bot.policy.service import PolicyService
from tests.fixtures.turns import policies, reader
from tests.knowledge.measure import QUESTIONS, TODAY, UNSEEN, measure, questions

WORDS = Words.load()


def test_the_questions_are_many_and_many_of_them_must_not_be_answered() -> None:
    asked = questions()
    assert len(asked) >= 150
    assert sum(not question.right for question in asked) >= 60
    assert len({(question.asked_of, question.text) for question in asked}) == len(asked)


@pytest.mark.parametrize(
    ("file", "precision", "recall"), [(QUESTIONS, 0.95, 0.75), (UNSEEN, 0.9, 0.7)]
)
def test_what_is_answered_is_right_and_most_is_answered(
    knowledge: Knowledge, file: Path, precision: float, recall: float
) -> None:
    figures = measure(knowledge, file)
    print(f"precision {figures.precision:.3f}, recall {figures.recall:.3f}")
    assert figures.precision >= precision
    assert figures.recall >= recall


@pytest.mark.parametrize("name", sorted(policies().sets))
def test_a_clause_for_the_staff_is_never_quoted(knowledge: Knowledge, name: str) -> None:
    for clause in policies().policy(name).on(TODAY).clauses.values():
        quoted = knowledge.clause(name, clause.text, TODAY)
        if quoted is not None:
            family = quoted.clause.id.split("-")[1]
            assert quoted.clause.id in WORDS.kept or family not in WORDS.inside_families


def test_only_the_clauses_in_force_are_quoted() -> None:
    source = policies().policy("dept_fashion").source
    later = [
        replace(clause, effective_from=date(2027, 1, 1)) if clause.id == "DF-P-12" else clause
        for clause in source.clauses
    ]
    knowledge = _knowing(PolicySet(replace(source, clauses=tuple(later))))
    question = "特优品坏了售后一样吗"
    assert knowledge.clause("dept_fashion", question, date(2026, 11, 23)) is None
    quoted = knowledge.clause("dept_fashion", question, date(2027, 1, 1))
    assert quoted is not None
    assert quoted.clause.id == "DF-P-12"


def _knowing(policy: PolicySet) -> Knowledge:
    class Published(PolicyService):
        def __init__(self) -> None: ...

        def policy(self, name: str) -> PolicySet:
            return policy

    return Knowledge(Published(), reader().words)


@pytest.mark.parametrize("text", ["", " ", "的了吗", "！！！", "😀", "a" * 5000, "\x00", "x" * 2])
def test_a_line_without_a_word_in_common_finds_nothing(knowledge: Knowledge, text: str) -> None:
    assert knowledge.clause("dept_fashion", text, TODAY) is None
    assert knowledge.advice(text) is None
    assert knowledge.care(text) is None


def test_the_share_tells_how_much_of_the_question_is_met() -> None:
    texts = {"a": "退货 运费", "b": "保修 三包", "c": "小票"}
    index = Index(texts, str.split, replace(WORDS, same={}, stop=frozenset()))
    whole, half = index.best("退货 运费"), index.best("退货 天气")
    assert whole is not None
    assert half is not None
    assert (whole.id, whole.share) == ("a", 1.0)
    assert half.id == "a"
    assert half.share < 0.6
    assert index.best("天气") is None
