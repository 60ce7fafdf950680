"""Random cases: mostly about goods, most facts told, few enough left open to try them all."""

from decimal import Decimal

from hypothesis import strategies as st

from bot.policy.engine.cells import CutFact
from bot.policy.engine.edition import Edition
from bot.policy.engine.words import Value
from tests.policy.naive import Naive

MOST = 150
# Without these most random cases end at the first rule, with a person.
LIKELY: dict[str, list[Value]] = {
    "wants": ["refund", "exchange", "repair"],
    "problem": ["dislike", "quality"],
    "worn": ["no"],
    "days_since_purchase": [1, 4, 7],
    "remote_purchase": ["yes"],
    "days_since_received": [3],
    "special_price": ["no"],
    "category": ["garment"],
}


@st.composite
def cases(draw: st.DrawFn, edition: Edition, presume: bool) -> dict[str, Value]:
    """Facts that leave at most `MOST` completions open."""
    told: dict[str, Value] = {}
    facts = draw(st.permutations(edition.facts))
    for fact in facts:
        askable = fact in edition.defaults.open
        if draw(st.integers(0, 59)) < (36 if askable else 1):
            told[fact.spec.key] = draw(values(fact))
    for fact in facts:
        if Naive(edition, told, presume).size() <= MOST:
            break
        if fact in edition.defaults.open and fact.spec.key not in told:
            told[fact.spec.key] = draw(values(fact))
    return told


def values(fact: CutFact) -> st.SearchStrategy[Value]:
    """A value of any cell, the likely ones more often."""
    likely = LIKELY.get(fact.spec.key, [])
    return st.sampled_from([*fact.samples, *likely * len(fact.samples)])


@st.composite
def complete(draw: st.DrawFn, edition: Edition) -> dict[str, Value]:
    """Facts that leave nothing to ask; seldom a word about anything else."""
    return {
        fact.spec.key: draw(values(fact))
        for fact in edition.facts
        if fact in edition.defaults.open or draw(st.integers(0, 59)) == 0
    }


def _price(most: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=most, places=2, allow_nan=False)


PRICES = st.fixed_dictionaries(
    {},
    optional={
        "list_price": _price(99999),
        "other_tag_price": _price(99999),
        "price_now": _price(99999),
        "discount": _price(1),
    },
)
