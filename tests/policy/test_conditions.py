"""The three-valued logic under the rules, and the cells that facts are cut into."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from bot.policy.engine.cells import CutFact
from bot.policy.engine.conditions import Conditions
from bot.policy.engine.words import FactSpec, Is, Kind

TRUE, FALSE, WAITING = 0b01, 0b10, 0b11
MEANING = {TRUE: True, FALSE: False, WAITING: None}


def conditions() -> Conditions:
    return Conditions([0b11, 0b11])


@pytest.mark.parametrize(("one", "other"), list(product(MEANING, repeat=2)))
def test_and_and_or_follow_kleenes_tables(one: int, other: int) -> None:
    made = conditions()
    parts = [made.is_in(0, 1), made.is_in(1, 1)]
    values = {MEANING[one], MEANING[other]}
    expected_all = False if False in values else None if None in values else True
    expected_any = True if True in values else None if None in values else False
    assert made.truth(made.all_of(parts), [one, other]) is expected_all
    assert made.truth(made.any_of(parts), [one, other]) is expected_any


@pytest.mark.parametrize("state", MEANING)
def test_a_test_is_true_false_or_waiting_by_the_cells_still_possible(state: int) -> None:
    made = conditions()
    assert made.truth(made.is_in(0, 1), [state, 0b11]) is MEANING[state]


def test_equal_conditions_are_one_object_in_any_order() -> None:
    made = conditions()
    parts = [made.is_in(0, 1), made.is_in(1, 2)]
    assert made.all_of(parts) is made.all_of(reversed(parts))


def test_a_test_and_its_opposite_are_nothing_and_everything() -> None:
    made = conditions()
    both = [made.is_in(0, 1), made.is_in(0, 2)]
    assert made.all_of(both) is made.false
    assert made.any_of(both) is made.true


def test_narrowing_agrees_with_truth() -> None:
    made = conditions()
    cond = made.any_of([made.all_of([made.is_in(0, 1), made.is_in(1, 1)]), made.is_in(0, 2)])
    for zero, one in product((1, 2), repeat=2):
        narrowed = made.narrow(made.narrow(cond, 0, zero), 1, one)
        assert (narrowed is made.true) is made.truth(cond, [zero, one])


def days(*tests: Is) -> CutFact:
    return CutFact(0, FactSpec("days", Kind.INTEGER, "", least=0), tests)


def test_whole_numbers_are_cut_exactly_at_inclusive_limits() -> None:
    five = Is("days", high=Decimal(5))
    fact = days(five, Is("days", low=Decimal(6)))
    assert fact.cell(5) & fact.mask(five)
    assert not fact.cell(6) & fact.mask(five)
    assert len(fact.cells) == 2


def test_money_is_cut_on_both_sides_of_an_inclusive_limit() -> None:
    most = Is("price", high=Decimal("99.5"))
    fact = CutFact(0, FactSpec("price", Kind.DECIMAL, "", least=0), [most])
    assert fact.cell(Decimal("99.50")) & fact.mask(most)
    assert not fact.cell(Decimal("99.51")) & fact.mask(most)


def test_a_child_matches_its_parents_test() -> None:
    spec = FactSpec(
        "category",
        Kind.CHOICE,
        "",
        values=("garment", "shirt", "shoe"),
        parents=(("shirt", "garment"),),
    )
    garment = Is("category", values=("garment",))
    fact = CutFact(0, spec, [garment])
    assert fact.cell("shirt") & fact.mask(garment)
    assert not fact.cell("shoe") & fact.mask(garment)


def test_values_that_no_rule_tells_apart_share_a_cell() -> None:
    spec = FactSpec("colour", Kind.CHOICE, "", values=("red", "green", "blue"))
    fact = CutFact(0, spec, [Is("colour", values=("red",))])
    assert fact.cell("green") == fact.cell("blue") != fact.cell("red")


def test_a_word_no_rule_names_counts_as_another_one() -> None:
    fact = CutFact(0, FactSpec("topic", Kind.WORD, ""), [Is("topic", values=("price",))])
    assert not fact.cell("weather") & fact.mask(Is("topic", values=("price",)))


def test_a_date_is_only_present_or_not() -> None:
    fact = CutFact(0, FactSpec("day", Kind.DATE, ""), [Is("day", present=True)])
    assert fact.cell(date(2026, 1, 5)) & fact.mask(Is("day", present=True))
