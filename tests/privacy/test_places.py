"""Every table and every column that could hold something of a shopper is accounted for."""

from sqlalchemy import JSON, Text

from bot.db import Base
from bot.privacy.places import KEPT, NONE, PLACES
from migrations.tables import ROOMS

assert ROOMS


def test_every_table_is_known_to_hold_personal_data_or_none() -> None:
    named = [place.table for place in PLACES]
    assert len(named) == len(set(named))
    assert set(named) | set(NONE) == set(Base.metadata.tables)
    assert not set(named) & set(NONE)
    assert all(NONE.values())


def test_every_column_with_room_for_words_is_written_over_or_known_to_hold_none() -> None:
    left = {
        f"{place.table}.{column.name}"
        for place in PLACES
        if not place.removed
        for column in Base.metadata.tables[place.table].columns
        if isinstance(column.type, Text | JSON)
        if column.name not in (*place.blank, place.facts)
    }
    assert left == set(KEPT)
    assert all(KEPT.values())


def test_every_place_names_columns_that_there_are() -> None:
    for place in PLACES:
        columns = Base.metadata.tables[place.table].columns
        assert {place.key, *place.blank, *([place.facts] if place.facts else [])} <= set(
            columns.keys()
        )
