"""Random cases drawn from the words of a policy set, no two alike, for timing and for proofs."""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from bot.policy.engine.cells import CutFact
from bot.policy.engine.edition import Edition
from bot.policy.engine.words import Kind, Value

Case = dict[str, Value]
# Without these most random cases end at the first rule, with a person.
LIKELY: Mapping[str, tuple[Value, ...]] = {
    "wants": ("refund", "exchange", "repair"),
    "problem": ("dislike", "quality", "quality"),
    "worn": ("no",),
    "days_since_purchase": (1, 4, 7, 12),
    "days_since_received": (3,),
    "special_price": ("no",),
    "category": ("garment",),
    "receipt": ("yes",),
    "cause": ("quality",),
    "repairable": ("yes",),
    "tag": ("on",),
    "resale_ok": ("yes",),
}
OFTEN, SELDOM = 0.7, 0.03


class Cases:
    """Draws cases of one edition; the same seed draws the same ones."""

    def __init__(self, edition: Edition, seed: int) -> None:
        self._edition = edition
        self._chance = random.Random(seed)  # noqa: S311

    def complete(self, many: int) -> list[Case]:
        """Everything told that is ever asked for, with a price; now and then more than that."""
        return list(self._different(many, 1.0))

    def partial(self, many: int, share: float) -> list[Case]:
        """The same with only a share of it told."""
        return list(self._different(many, share))

    def _different(self, many: int, share: float) -> Iterator[Case]:
        seen = set()
        while len(seen) < many:
            case = self._case(share)
            key = frozenset(case.items())
            if key not in seen:
                seen.add(key)
                yield case

    def _case(self, share: float) -> Case:
        case: Case = {}
        asked = {fact.number for fact in self._edition.defaults.open}
        for fact in self._edition.facts:
            told = share if fact.number in asked else SELDOM
            if self._chance.random() < told:
                case[fact.spec.key] = self._value(fact)
        case["price_paid"] = Decimal(self._chance.randrange(1000, 300_000)) / 100
        items = list(case.items())
        self._chance.shuffle(items)
        return dict(items)

    def _value(self, fact: CutFact) -> Value:
        spec, pick = fact.spec, self._chance.choice
        if spec.key in LIKELY and self._chance.random() < OFTEN:
            return pick(LIKELY[spec.key])
        if spec.kind is Kind.INTEGER:
            return self._chance.randrange(0, 200)
        if spec.kind is Kind.DECIMAL:
            return Decimal(self._chance.randrange(0, 2000)) / 100
        if spec.kind is Kind.DATE:
            return date(2026, 1, 1)
        return pick(spec.values or fact.samples)
