"""Turns a shopper's line into policy facts and a mood; a doubtful fact is left out, to be asked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from bot.language.answers import WHOLE_NUMBERS, answer, cannot_say, where
from bot.language.corrections import Clauses, corrected, is_put_right
from bot.language.counts import counts
from bot.language.events import OF_KEY, buys, days_found
from bot.language.faults import by_defect, faults
from bot.language.goods import Goods
from bot.language.lone_days import day_alone
from bot.language.matters import apart_from_case, matters
from bot.language.money import price_alone, prices
from bot.language.mood import mood, shown, tone
from bot.language.normalise import clauses, plain
from bot.language.periods import implied
from bot.language.person import person
from bot.language.possessions import possessions
from bot.language.reading import Found, Reading
from bot.language.reproach import asked_about, complained
from bot.language.sizes import sizes
from bot.language.spelling import mended_answer
from bot.language.triggers import trigger
from bot.language.wishes import wish

__all__ = ["Found", "Reader", "Reading", "default_reader", "read"]

# Asked for the first, the second is what the same words mean otherwise.
SAME_WORDS = {
    "special_reason": "defect", "in_warranty": "in_period", "in_period": "in_warranty",
    "workdays_since_purchase": "workdays",
}  # fmt: skip
# 可以修 answers these, and is no wish: what is wanted has been said.
ABOUT_REPAIR = frozenset({"accepts_repair", "repairable", "restorable"})
DICTIONARY = Path(__file__).parents[2] / "data" / "dictionary"


class Reader:
    """Holds jieba's words (under two seconds to build); one per process, shared by its threads."""

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self._goods = Goods(dictionary)
        # Reading one line compiles every phrase now rather than before a shopper's eyes.
        self.read("今天399买的裙子开线了", today=date(2000, 1, 1), asking="worn")

    def read(self, text: str, *, today: date, asking: str | None = None) -> Reading:
        """Facts of one line said on `today`; `asking` is the key of the question it may answer."""
        line = plain(text)
        line = replace(line, text=mended_answer(line.text, asking))
        parts = clauses(line)
        before, since = corrected(parts)
        facts = self._said(before, today, asking)
        if since:
            now = self._said(since, today, asking, correcting=True)
            facts = _still_held(facts, before, now) | now
        named = {code.found.key: code.found for code in line.codes if code.found}
        ordered = sorted(facts.values(), key=lambda one: (one.start, one.key))
        return Reading(
            tuple(line.placed(one) for one in ordered),
            max(mood(line.text), shown(text)),
            tuple(line.placed(one) for one in named.values()),
            trigger(line.text),
        )

    def words(self, text: str) -> list[str]:
        """The words of a line in plain spelling, long ones with the shorter ones inside them."""
        return self._goods.words(plain(text).text)

    def _said(
        self, parts: Clauses, today: date, asking: str | None, *, correcting: bool = False
    ) -> dict[str, Found]:
        facts = _one_per_key(self._told(parts, today, asking, correcting))
        if not asking:
            return facts
        told = facts.get(SAME_WORDS.get(asking, ""))
        if told and asking not in facts:
            facts = _apart_from(facts, told) | {asking: replace(told, key=asking)}
        answered = answer(parts, asking)
        if answered is None and asking not in facts:
            answered = cannot_say(parts, asking)
        if answered and _is_later(answered, facts.get(asking)):
            facts = _apart_from(facts, answered) | {asking: answered}
        if asking in ABOUT_REPAIR and "wants" in facts and facts["wants"].value == "repair":
            del facts["wants"]
        return by_defect(implied(facts, asking, today), asking)

    def _told(
        self, parts: Clauses, today: date, asking: str | None, correcting: bool
    ) -> Iterable[Found]:
        category = self._goods.category(parts, asked=asking == "category")
        fitting = list(sizes(parts))
        found = [*faults(parts), *matters(parts)]
        faulty = any(one.key == "defect" or one.value == "quality" for one in found)
        # Whether it was made to order matters to who dislikes it, not to what is broken.
        category = (None if faulty else self._goods.made_to_order(parts)) or category
        about_goods = category is not None or any(one.key in ("defect", "problem") for one in found)
        days = days_found(
            parts,
            today,
            asking=asking,
            about_goods=about_goods,
            correcting=correcting or is_put_right(parts),
        )
        own = about_goods or asking == "receipt" or bool(days)
        for part in parts:
            found += [*possessions(part, own=own), *counts(part)]
            found += _not_within(prices(part), [*days, *fitting])
        wanted = person(parts) or apart_from_case(wish(parts), found)
        if wanted is None:
            found += complained(parts, found)
            wanted = None if asking else asked_about(parts, found)
        found += [*days, *_one_of_its_kind(category, wanted, tone(parts), where(parts))]
        found += _unless_told(fitting, found)
        return [*found, *_standing_alone(parts, found, today, asking)]


def _is_later(answered: Found, told: Found | None) -> bool:
    """Whether an answer stands for what was told before it; a person asked for stays asked for."""
    return told is None or (answered.start > told.end and told.value != "human")


def _standing_alone(
    parts: Clauses, found: list[Found], today: date, asking: str | None
) -> list[Found]:
    """A day and an amount in clauses of their own, where no other is told with the buying."""
    keys = {one.key for one in found}
    day = None if keys & set(OF_KEY) else day_alone(parts, today)
    bought = any(buys(part.text) for part in parts) and "price_paid" not in keys
    amount = price_alone(parts) if bought and asking not in WHOLE_NUMBERS else None
    return _one_of_its_kind(day, amount)


def _one_of_its_kind(*found: Found | None) -> list[Found]:
    return [one for one in found if one is not None]


@cache
def default_reader() -> Reader:
    """The reader of this process, built at the first use; composition calls it to pay that early."""
    return Reader()


def read(text: str, *, today: date, asking: str | None = None) -> Reading:
    """`Reader.read` of the process's own reader; never raises, reads the first 2,000 characters."""
    return default_reader().read(text, today=today, asking=asking)


def _one_per_key(found: Iterable[Found]) -> dict[str, Found]:
    """The last said of each key; a phrase inside a longer one of its key does not count."""
    kept: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        before = kept.get(one.key)
        if before is None or one.end > before.end:
            kept[one.key] = one
    return kept


def _still_held(
    facts: dict[str, Found], before: Clauses, now: dict[str, Found]
) -> dict[str, Found]:
    """When no fact is replaced by a correction, what stood last before it is in doubt."""
    if not before or facts.keys() & now.keys():
        return facts
    return {key: one for key, one in facts.items() if one.start < before[-1].start}


def _apart_from(facts: dict[str, Found], answered: Found) -> dict[str, Found]:
    """Other facts, but none read out of the very words that answer the question."""
    return {
        key: one
        for key, one in facts.items()
        if key == "tone" or one.end <= answered.start or one.start >= answered.end
    }


def _not_within(amounts: Iterable[Found], others: list[Found]) -> Iterable[Found]:
    """Amounts that are not the figures of a date (`12.20买的`) or a size (`买的42的`)."""
    return (
        one
        for one in amounts
        if not any(one.start < other.end and other.start < one.end for other in others)
    )


def _unless_told(fitting: list[Found], found: list[Found]) -> list[Found]:
    """What a size says of wish and problem, where no other words say it."""
    told = {one.key for one in found}
    return [one for one in fitting if one.key.startswith("size_") or one.key not in told]
