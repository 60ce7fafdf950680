"""How upset a line sounds, from a small sheet of words (`phrases/mood.yml`)."""

from bot.language.reading import Clause, Found
from bot.language.rules import sheet

DEGREE = {"insult": 2, "angry": 2, "upset": 1}


def mood(text: str) -> int:
    """0 calm, 1 upset, 2 furious."""
    return max(
        (DEGREE[row.value] for row in sheet("mood").rows if row.phrases.search(text)), default=0
    )


def tone(clauses: tuple[Clause, ...]) -> Found | None:
    """The `tone` fact, the worst first; nothing is said of a calm line."""
    for row in sheet("mood").rows:
        for clause in clauses:
            if match := row.phrases.search(clause.text):
                return clause.found("tone", row.value, match.start(), match.end())
    return None
