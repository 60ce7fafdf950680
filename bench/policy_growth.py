"""Synthetic sets of ten and a hundred times the rules, over more categories or in one."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot.policy.engine.edition import PolicySet
from bot.policy.engine.words import AllOf, FactSpec, Is, Kind, Rule, Source, Stage

CATEGORY, NUMBER = "synthetic_category", "synthetic_number"


def over_categories(source: Source, times: int) -> PolicySet:
    """As many more categories, each with the set's own rules: no category grows."""
    kinds = tuple(f"kind{number}" for number in range(times))
    # The first fact there is, as the shop's own category comes early.
    fact = FactSpec(CATEGORY, Kind.CHOICE, CATEGORY, values=kinds, because="—")
    rules = _copied(source, [Is(CATEGORY, values=(kind,)) for kind in kinds])
    return PolicySet(replace(source, facts=(fact, *source.facts), rules=tuple(rules)))


def in_one_category(source: Source, times: int) -> PolicySet:
    """As many more rules for the same goods, told apart by a number that is looked at last."""
    least = max(spec.order for spec in source.facts) + 1
    fact = FactSpec(NUMBER, Kind.INTEGER, NUMBER, because="—", order=least, least=0)
    guards = [Is(NUMBER, low=Decimal(each), high=Decimal(each)) for each in range(times)]
    rules = _copied(source, guards)
    return PolicySet(replace(source, facts=(*source.facts, fact), rules=tuple(rules)))


def _copied(source: Source, guards: list[Is]) -> Iterator[Rule]:
    """The shop's own rules once for each guard; the last of them, which always holds, once."""
    own = [rule for rule in source.rules if rule.stage is Stage.OWN]
    for rule in source.rules:
        if rule.stage is not Stage.OWN or rule is own[-1]:
            yield rule
        elif rule is own[0]:
            for number, guard in enumerate(guards):
                for each in own[:-1]:
                    yield replace(each, id=f"{each.id}~{number}", when=AllOf((guard, each.when)))
