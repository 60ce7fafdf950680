"""Which of the facts that matter to ask for, and in what order."""

from bot.policy.engine.bits import members
from bot.policy.engine.branches import Branch, Branches
from bot.policy.engine.edition import Edition
from bot.policy.engine.search import Search

# Within a quarter of a question, the order that people find natural beats the shorter way. With
# a third of one, `brand_cabbeen` asks 13 % more than need be; with this no set asks 5 % more.
NEAR = 0.25


def in_order(edition: Edition, search: Search, branch: Branch) -> list[str]:
    """Every fact some answer of which changes the outcome, the one to ask next first."""
    known = search.orders.get(branch.number)
    if known is None:
        known = search.orders.keep(branch.number, _in_order(edition, search.branches, branch))
    return known


def _in_order(edition: Edition, branches: Branches, branch: Branch) -> list[str]:
    relevant = list(members(branch.facts))
    keys = {edition.facts[number].spec.key for number in relevant}
    ready = [each for each in relevant if not keys & set(edition.facts[each].spec.follows)]
    cost = {number: branches.left_after(branch, number) for number in ready or relevant}
    best = min(cost.values())

    def rank(number: int) -> tuple[bool, float, int, int]:
        own = cost.get(number, best)
        near = own <= best + NEAR
        return number not in cost, 0.0 if near else own, edition.facts[number].spec.order, number

    return [edition.facts[number].spec.key for number in sorted(relevant, key=rank)]
