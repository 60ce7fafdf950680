"""The properties over a thousand cases of each set."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy import test_properties as few

MANY = settings(few.SOME, max_examples=1000)
CHECKED: dict[str, Callable[..., Any]] = {
    "determinism": few.test_the_same_case_gives_the_same_bytes_in_any_order_of_telling,
    "monotony": few.test_one_more_fact_never_reopens_a_decided_case_nor_changes_its_outcome,
    "unknown": few.test_an_unknown_fact_never_refuses_on_its_own_nor_beats_the_best_value,
    "law": few.test_the_law_never_loses,
    "price": few.test_no_amount_is_above_the_price_paid,
    "questions": few.test_a_case_is_decided_exactly_when_every_completion_agrees_and_asks_only_what_matters,
}
MORE: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "monotony": {"presume": st.booleans()},
    "price": {"paid": st.decimals(min_value=0, max_value=99999, places=2)},
    "questions": {"presume": st.booleans()},
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", few.SETS)
@pytest.mark.parametrize("said", CHECKED)
def test_a_property_holds_for_a_thousand_cases(said: str, name: str) -> None:
    body = CHECKED[said].hypothesis.inner_test  # type: ignore[attr-defined]
    MANY(given(data=st.data(), **MORE.get(said, {}))(body))(name=name)
