"""How upset a line sounds, from words that say so and from signs that only add up to it."""

from bot.language.reading import Clause, Found
from bot.language.rules import sheet
from bot.language.triggers import THREATS, trigger

DEGREE = {"insult": 2, "angry": 2, "upset": 1}
WEIGHT = {"clear": 2, "hint": 1}
ENOUGH = 2
"""Weight of signs that makes a line an upset one: a clear sign, or two hints of different kinds."""


COMPLAINING = frozenset(
    "complaint complaint_service complaint_product complaint_facility abuse urge".split()
)
"""Intents that nobody has in good temper."""


def mood(text: str) -> int:
    """0 calm, 1 upset, 2 furious."""
    said = max(
        (DEGREE[row.value] for row in sheet("mood").rows if row.phrases.search(text)), default=0
    )
    return max(said, 1 if _signs(text) >= ENOUGH else 0)


def shown(text: str) -> int:
    """The mood of the faces in a text as it was typed; its plain spelling has none."""
    return 1 if _FACES & set(text) else 0


_FACES = frozenset("😡😠🤬👿💢😤")


def mood_with(mood: int, intent: str | None) -> int:
    """The mood of a line once it is known what it wants."""
    return max(mood, 1) if intent in COMPLAINING else mood


def _signs(text: str) -> int:
    """The weight of what betrays a temper without naming it."""
    threat = ENOUGH if trigger(text) in THREATS else 0
    signs = (row.value for row in sheet("temper").rows if row.phrases.search(text))
    return threat + sum(WEIGHT[sign] for sign in signs)


def tone(clauses: tuple[Clause, ...]) -> Found | None:
    """The `tone` fact, the worst first; nothing is said of a calm line."""
    for row in sheet("mood").rows:
        for clause in clauses:
            if match := row.phrases.search(clause.text):
                return clause.found("tone", row.value, match.start(), match.end())
    return None
