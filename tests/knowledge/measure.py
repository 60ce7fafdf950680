"""How surely questions are answered by search: python -m tests.knowledge.measure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.service import Knowledge
from bot.language.service import Reader
from bot.policy.service import PolicyService

QUESTIONS = Path(__file__).with_name("questions.tsv")
UNSEEN = Path(__file__).with_name("unseen.tsv")  # written after the thresholds had been set
TODAY = date(2026, 11, 23)
CARE, NONE = "care", "-"


@dataclass(frozen=True)
class Question:
    """A question to a shop's rules, or to `care`; `right` is empty where nothing may answer."""

    asked_of: str
    text: str
    right: frozenset[str]


@dataclass(frozen=True)
class Figures:
    """Counts over all questions: answered, answered rightly, and to be answered."""

    answered: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        """Of what was answered, the share that was right."""
        return self.right / self.answered

    @property
    def recall(self) -> float:
        """Of what was to be answered, the share that was, and rightly."""
        return self.right / self.wanted


def questions(file: Path = QUESTIONS) -> list[Question]:
    """Every question of a file."""
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    return [Question(of, text, frozenset(right.split()) - {NONE}) for of, text, right in rows]


def answered(knowledge: Knowledge, question: Question) -> str | None:
    """The id of what is answered, or None."""
    if question.asked_of == CARE:
        found = knowledge.near_advice(question.text)
        return found.split(".")[0] if found else None
    quoted = knowledge.clause(question.asked_of, question.text, TODAY)
    return quoted.clause.id if quoted else None


def measure(knowledge: Knowledge, file: Path = QUESTIONS) -> Figures:
    """The figures over a whole file."""
    asked = questions(file)
    given = [(question, answered(knowledge, question)) for question in asked]
    said = [(question, answer) for question, answer in given if answer]
    right = [1 for question, answer in said if answer in question.right]
    return Figures(len(said), len(right), sum(1 for question in asked if question.right))


def main() -> None:
    """Print the figures and every wrong answer."""
    knowledge = Knowledge(PolicyService.load(), Reader().words)
    for file in (QUESTIONS, UNSEEN):
        print(f"{file.name}: {len(questions(file))} questions")
        for line in _wrong(knowledge, file):
            print("  ", line)
        figures = measure(knowledge, file)
        print(f"   answered {figures.answered}, right {figures.right}, wanted {figures.wanted}")
        print(f"   precision {figures.precision:.3f}, recall {figures.recall:.3f}")


def _wrong(knowledge: Knowledge, file: Path) -> Iterator[str]:
    for question in questions(file):
        answer = answered(knowledge, question)
        if answer and answer not in question.right:
            yield f"{question.text} → {answer}, not {' '.join(sorted(question.right)) or NONE}"


if __name__ == "__main__":
    main()
