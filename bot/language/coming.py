"""A time ahead as people say it when a visit is arranged: 明天下午, 周六上午十点, 25号, 后天三点半."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.language.numbers import whole

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEKDAYS = "一二三四五六日"
_NEAR = {"今": 0, "明": 1, "后": 2, "大后": 3}
_PARTS = {
    "早": (0, 12),
    "上午": (0, 12),
    "中午": (11, 14),
    "下午": (12, 18),
    "午后": (12, 18),
    "傍晚": (17, 20),
    "晚": (18, 24),
}
_DAYS = re.compile(
    rf"(?P<near>大后|今|明|后)(?:[天日]|(?=[早晚]))"
    rf"|(?P<week>下下|下|这|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    rf"|(?P<ends>下下|下|这|本)?个?周末"
    rf"|(?P<month>{_N})月(?P<of>{_N})[日号]?"
    rf"|(?:(?P<next>下个?月)|这个?月|本月)?(?P<day>{_N})[日号](?![楼店线门院])"
    rf"|(?P<in>{_N})天(?:之|以)?后"
    rf"|(?P<whole>下下|下|这|本)个?(?:周|星期|礼拜)(?![一二三四五六日天])"
)
_PART = re.compile(r"早上?|上午|中午|下午|午后|傍晚|晚上?")
_HOUR = re.compile(
    rf"(?P<h>{_N})(?:[点时](?!前|之前)(?:(?P<half>半)|(?P<quarter>一刻)|(?P<m>\d{{2}})分?|整|钟)?"
    rf"|:(?P<m2>[0-5]\d))(?:左右)?"
)
# 明天下午没空，后天吧: what cannot be is no time to come.
_NOT = re.compile(
    r"[^，,。.！!；;\s]*?(?:没空|没时间|不行|不方便|不在家?|不得空|来不了|赶不上|有事)(?:的?话)?"
)
_FILLERS = re.compile(
    r"(?:能不能|可不可以|行不行|好不好|比较|方便|有空|都在家|在家|可以|时间|师傅们?|上门|安装|维修|预约|过来|过去|到店|"
    r"左右|之前|以前|之后|以后|那就?|就|我们?|你们?|您|改|约|换|定|到|在|成|来|去|装|修|量|行|好|吧|呢|啊|呀|哦|嘛|的|了|吗|么|"
    r"最好|请|麻烦|帮我?|给我?|都|要|想|还是|再|一下|派个?人?|把|个|能|也|可|选|下|,|，|。|\.|!|！|\?|？|~|～|、|\s|;|；)*"
)
_FAR = 60  # days ahead that anybody means


@dataclass(frozen=True)
class Coming:
    """Days from `first` to `last` (None: any day) between two hours of each; `exact` is the one
    hour named, `bare` that the line says nothing else."""

    first: date | None
    last: date | None
    begins: time = time.min
    ends: time = time.max
    exact: time | None = None
    bare: bool = False

    def fits(self, at: datetime) -> bool:
        """Whether a local time lies within."""
        day = at.date()
        if self.first is not None and self.last is not None and not self.first <= day <= self.last:
            return False
        return self.begins <= at.time() < self.ends


def coming(text: str, today: date) -> Coming | None:
    """The time ahead that a line names, or None."""
    line = _NOT.sub("", unicodedata.normalize("NFKC", text))
    days, part, hour = _DAYS.search(line), _PART.search(line), _HOUR.search(line)
    span = _span(days, today) if days else None
    if days and span is None:
        return None
    exact = _exact(hour, part.group() if part else "") if hour else None
    if span is None and part is None and exact is None:
        return None
    rest = _without(line, [each for each in (days, part, hour) if each])
    first, last = span or (None, None)
    begins, ends = _between(part.group()) if part else (time.min, time.max)
    if exact is not None:
        begins, ends = time.min, time.max
    return Coming(first, last, begins, ends, exact, _FILLERS.fullmatch(rest) is not None)


def _without(line: str, found: list[re.Match[str]]) -> str:
    for each in sorted(found, key=lambda one: one.start(), reverse=True):
        line = line[: each.start()] + line[each.end() :]
    return line


def _between(part: str) -> tuple[time, time]:
    begins, ends = _PARTS[part if part in _PARTS else part[0]]
    return time(begins), time.max if ends == 24 else time(ends)


def _exact(found: re.Match[str], part: str) -> time | None:
    """Three o'clock is in the afternoon: nobody comes at night, and before eight only in words."""
    hour = whole(found["h"])
    if hour is None or hour > 23:
        return None
    minutes = found["m"] or found["m2"]
    minute = 30 if found["half"] else 15 if found["quarter"] else int(minutes or 0)
    morning = part == "上午" or part.startswith("早")
    if hour < 12 and not morning and (part or hour < 8) and not (part == "中午" and hour == 11):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _span(found: re.Match[str], today: date) -> tuple[date, date] | None:
    for read in _READINGS:
        span = read(found, today)
        if span is not None:
            first, last = span
            return (first, last) if last >= today and (first - today).days <= _FAR else None
    return None


def _near(found: re.Match[str], today: date) -> tuple[date, date] | None:
    if not found["near"]:
        return None
    day = today + timedelta(days=_NEAR[found["near"]])
    return day, day


def _weekday(found: re.Match[str], today: date) -> tuple[date, date] | None:
    """A bare 周三 is the next one; 下周三 is that of the week to come."""
    if not found["weekday"]:
        return None
    at = _WEEKDAYS.index(found["weekday"].replace("天", "日"))
    day = _monday(today, found["week"]) + timedelta(days=at)
    if not found["week"] and day < today:
        day += timedelta(days=7)
    return day, day


def _weekend(found: re.Match[str], today: date) -> tuple[date, date] | None:
    if not found.group().endswith("周末"):
        return None
    saturday = _monday(today, found["ends"]) + timedelta(days=5)
    return saturday, saturday + timedelta(days=1)


def _dated(found: re.Match[str], today: date) -> tuple[date, date] | None:
    """The next day of that number, this month or the one after."""
    n, month = whole(found["of"] or found["day"] or ""), whole(found["month"] or "")
    if found["next"]:
        month = today.month % 12 + 1
    if n is None:
        return None
    for ahead in range(_FAR):
        day = today + timedelta(days=ahead)
        if day.day == n and month in (None, day.month):
            return day, day
    return None


def _in_days(found: re.Match[str], today: date) -> tuple[date, date] | None:
    n = whole(found["in"] or "")
    if n is None:
        return None
    day = today + timedelta(days=n)
    return day, day


def _week(found: re.Match[str], today: date) -> tuple[date, date] | None:
    if not found["whole"]:
        return None
    monday = _monday(today, found["whole"])
    return max(monday, today), monday + timedelta(days=6)


def _monday(today: date, week: str | None) -> date:
    return today + timedelta(days=7 * (week or "").count("下") - today.weekday())


_READINGS: tuple[Callable[[re.Match[str], date], tuple[date, date] | None], ...] = (
    _near,
    _weekday,
    _weekend,
    _dated,
    _in_days,
    _week,
)
