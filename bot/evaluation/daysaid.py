"""The ways in which people say that something was so many days ago."""

from datetime import date, timedelta

DIGITS = "零一二三四五六七八九"
WEEKDAYS = "一二三四五六日"
NEAR = {0: "今天", 1: "昨天", 2: "前天", 3: "大前天"}


def ways(days: int, done: str, today: date) -> list[str]:
    """Several ways, exact to the day; `done` is what happened then (买的, 收到的)."""
    day = today - timedelta(days)
    if days <= 2:
        return [NEAR[days], f"{NEAR[days]}{done}", f"{NEAR[days]}刚{done}"]
    said = [f"{count(days)}天前", f"{days}天前{done}", f"{day.month}月{day.day}号", f"{days}天了"]
    if day.year != today.year:
        said[2] = f"{day.year}年{day.month}月{day.day}号"
    if days == 3:
        said.append(NEAR[days])
    return [*said, *_by_week(day, today, done)]


def _by_week(day: date, today: date, done: str) -> list[str]:
    """Weeks begin on Monday; beyond the last one nobody names the weekday."""
    monday = today - timedelta(today.weekday())
    if day >= monday:
        return [f"这周{WEEKDAYS[day.weekday()]}{done}"]
    if day >= monday - timedelta(7):
        return [f"上周{WEEKDAYS[day.weekday()]}", f"上个星期{WEEKDAYS[day.weekday()]}{done}"]
    return []


def count(number: int) -> str:
    """A whole number as it is spoken before a measure word; figures from 1,000 on."""
    if number >= 1000:
        return str(number)
    if number == 2:
        return "两"
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    tail = "" if not rest else f"零{DIGITS[rest]}" if rest < 10 else _full_tens(rest)
    return f"{DIGITS[hundreds]}百{tail}"


def _below_hundred(number: int) -> str:
    return _full_tens(number).removeprefix("一") if number >= 10 else DIGITS[number]


def _full_tens(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{DIGITS[tens]}十{DIGITS[ones] if ones else ''}"
