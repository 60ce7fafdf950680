"""Conversations as shoppers type them, with what each answer has to be."""

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.end_to_end.conftest import Shopper
from tests.end_to_end.expected import ALWAYS, EXPECT
from tests.end_to_end.written import Played, Written, written
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.rasa

AT_ONCE = 6  # conversations played at the same time
SHOPS = ("dept_fashion", "brand_fashion", "kids")
# What the conversations with every shop must have in them.
COVERED = set(
    "unknown correct_date correct_worn digression two_wishes cancel second_matter same_again bare "
    "photo silence next_day return_to_exchange later_fact edit person rude typos emoji voice "
    "only_questions buttons phone urge withdraw refusal escalate amount".split()
)


def go_on(played: Played, line: Mapping[str, object]) -> None:
    """Say the next line and note what is wrong with the answer."""
    if "wait" in line:
        played.wait(float(str(line["wait"])))
        return
    played.say(line)
    wanted = {name: line[name] for name in line if name not in ("shopper", "press")}
    for name, value in [*ALWAYS, *wanted.items()]:
        fault = EXPECT[name](played, value)
        if fault:
            played.faults.append(f"{line}: {fault}")
    played.asked = played.asks[-1] if played.asks else played.asked
    played.ticket = played.tickets[-1]["no"] if played.tickets else played.ticket


def play(url: str, conversation: Written) -> Played:
    """Say every line of a conversation; its faults are in what comes back."""
    shopper = Shopper(url, shop=conversation.shop)
    played = Played(shopper)
    try:
        for line in conversation.lines:
            go_on(played, line)
    except AssertionError as error:
        played.faults.append(str(error)[:300])
    finally:
        shopper.http.close()
    return played


@pytest.fixture(scope="module")
def played(stack: Stack) -> Iterator[Mapping[tuple[str, str], Played]]:
    """All conversations, played next to each other: most of their time is waiting."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = pool.map(lambda one: play(stack.url, one), written())
        yield {
            (one.shop, one.title): result for one, result in zip(written(), results, strict=True)
        }


@pytest.mark.parametrize("one", written(), ids=lambda one: f"{one.shop}: {one.title}")
def test_a_conversation_goes_as_written(
    one: Written, played: Mapping[tuple[str, str], Played]
) -> None:
    result = played[one.shop, one.title]
    assert result.faults == [], "\n".join(["", *result.said])


def test_every_shop_has_its_conversations_and_no_title_comes_twice() -> None:
    names = [(one.shop, one.title) for one in written()]
    assert len(names) == len(set(names))
    assert min(Counter(shop for shop, _ in names).values()) >= 20


@pytest.mark.parametrize("shop", SHOPS)
def test_the_conversations_of_a_shop_have_all_that_shoppers_do_in_them(shop: str) -> None:
    covered = {name for one in written() if one.shop == shop for name in one.covers}
    assert covered == COVERED
