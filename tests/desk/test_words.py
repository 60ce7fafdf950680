"""The desk speaks Chinese: nothing of our own names reaches a person."""

import re

from bot.desk.words import SOURCES
from tests.desk.house import House

OURS = re.compile("[a-z]{3}")


def test_every_value_of_every_fact_has_words(house: House) -> None:
    words = house.all.board.words
    named = {
        (key, value): words.value(key, value)
        for key, spec in words.catalogue.specs.items()
        for value in spec.values or ()
    }
    assert len(named) > 100
    assert {key: text for key, text in named.items() if OURS.search(text)} == {}


def test_every_way_in_which_the_bot_comes_to_know_a_fact_has_a_name() -> None:
    assert {"said", "button", "order", "presumed"} <= SOURCES.keys()
