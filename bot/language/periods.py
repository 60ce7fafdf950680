"""Questions about time that a day answers as well: whether it was this year, how many months or working days."""

from dataclasses import replace
from datetime import date, timedelta

from bot.language.reading import Found

# Fewer days than the shortest month has.
NO_MONTH = 28
ASKED_BY_DAY = frozenset({"in_purchase_year", "months_since_purchase", "workdays_since_purchase"})


def implied(facts: dict[str, Found], asking: str, today: date) -> dict[str, Found]:
    """The facts, with what the day of buying says to a question `asking` about it; only where that is sure."""
    if asking == "days_since_purchase" and asking not in facts and "workdays" in facts:
        told = replace(facts["workdays"], key="workdays_since_purchase")
        return {key: one for key, one in facts.items() if key != "workdays"} | {told.key: told}
    bought = facts.get("days_since_purchase")
    if asking not in ASKED_BY_DAY or asking in facts or bought is None:
        return facts
    value = _by_day(asking, int(bought.value), today)
    return facts if value is None else facts | {asking: replace(bought, key=asking, value=value)}


def _by_day(asking: str, days: int, today: date) -> str | int | None:
    if asking == "in_purchase_year":
        return "yes" if (today - timedelta(days)).year == today.year else "no"
    if asking == "workdays_since_purchase":
        return 0 if days == 0 else None
    return 0 if days < NO_MONTH else None
