"""When something was said to be: days, weekdays, calendar dates and lengths of time, counted back from today."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache

from bot.language.festivals import festivals, named_day
from bot.language.numbers import CHINESE, DIGITS, FRESH, WHOLE, whole

DAYS_IN = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "个月": 30, "年": 365}
SHORT_DATE_HINT = r"(?=(?:号|日)?(?:的时候|那天|在.{0,8})?(?:买|购|下单|入手|拍的|收到|签收))"


class Shape(Enum):
    """A point (`三天前`, `4月28号`) stands before its event, a length (`三天了`) after it."""

    POINT = "point"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class When:
    """A time and its place; `days` back from today, None when too vague to count."""

    days: int | None
    shape: Shape
    start: int
    end: int
    rough: bool = False
    bare_number: bool = False


Reader = Callable[[re.Match[str], date], When | None]


def times(text: str, today: date, *, asked: bool = False) -> list[When]:
    """Every time in a clause, left to right; `asked` also admits short forms (`4.28`, `28号`) that alone mean little."""
    found: list[When] = []
    for pattern, reader in _grammar():
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            when = reader(match, today)
            if when is not None:
                found.append(when)
    if asked:
        found.extend(_short_forms(text, today, found))
    return sorted(
        (when for when in found if not _is_today_said_again(text, when)),
        key=lambda when: when.start,
    )


@cache
def _grammar() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    number = rf"(?P<n>{WHOLE})"
    return (
        (festivals(), _festival),
        (
            re.compile(r"(?<!\d)(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d.])"),
            _calendar_date,
        ),
        (
            re.compile(
                rf"(?:(?P<y>去年|前年|今年|20\d\d年?|\d\d年|{CHINESE}{{4}}年)的?)?"
                rf"(?<![\d个])(?P<m>\d{{1,2}}|{CHINESE}{{1,2}})月份?(?P<d>\d{{1,2}}|{CHINESE}{{1,3}})(?:号|日|(?!\d|个|块|元|月|天|码))"
            ),
            _calendar_date,
        ),
        (
            re.compile(
                rf"(?P<month>上上个?月|上个?月|这个?月|本月|当月)的?(?P<d>\d{{1,2}}|{CHINESE}{{1,3}})(?:号|日)"
            ),
            _day_of_month,
        ),
        (
            re.compile(
                rf"(?<![\d月{DIGITS}十第])(?P<d>\d{{1,2}}|{CHINESE}{{1,3}})[号日]{SHORT_DATE_HINT}"
            ),
            _day_of_month,
        ),
        (
            re.compile(
                rf"(?<![\d.])(?P<m>\d{{1,2}})(?:/(?P<d2>\d{{1,2}})|\.(?P<d>\d\d|\d(?=[号日])|[1-467](?!\d|[号日]))){SHORT_DATE_HINT}"
            ),
            _calendar_date,
        ),
        (
            re.compile(
                r"大前[天日儿]|前[天日晚](?!气)|前儿(?![子媳童歌])|昨[天日晚儿夜早]|今[天日早晨](?!后)|今儿(?![子媳童])|刚才"
            ),
            _day_word,
        ),
        (
            re.compile(
                r"(?P<week>上上|上|这|本)个?(?:周|星期|礼拜)(?P<d>[一二三四五六日天])(?!个|[一二两三四五六七八九十])"
                r"|(?<![一二两三四五六七八九十\d半个每下几整])(?:周|星期|礼拜)(?P<d2>[一二三四五六日天])(?!个|[一二两三四五六七八九十到至])"
            ),
            _weekday,
        ),
        (
            re.compile(
                rf"(?P<rough>大概|大约|差不多|约|可能|好像|估计|应该)?(?:是|有|都|也)?"
                rf"(?P<loose>快|不到|没到|未满|不满|将近|接近|超过|过了|至少|起码|近)?(?:要|有|是)?"
                rf"(?P<nth>第)?{FRESH}(?:{number}(?:个?(?P<unit>周|星期|礼拜)|(?P<day>天(?![气生然空猫天]))|(?P<month>个半?月|(?<=两)月)|(?P<year>年))"
                rf"|(?P<half>半个?月|半年))(?:整)?"
                rf"(?:[零又多加](?:(?P<more>{WHOLE})天|(?P<months>{WHOLE})个月))?(?P<tail>前(?!后)|之前|以前)?"
                rf"(?P<vague>半|多|来|几|出头|左右|上下|不到|内|之内|以内|里|后|之后|以后|无理由|包|保|质|三包|[一二三四五六日天](?=买))?"
            ),
            _length,
        ),
        (
            re.compile(
                r"两个?小时前?|半个?小时前?|一个?小时前?|几分钟前?|今天上午|今天下午|今天中午"
            ),
            _hours,
        ),
    )


def _point(match: re.Match[str], days: int | None) -> When:
    return When(days, Shape.POINT, match.start(), match.end())


def _calendar_date(match: re.Match[str], today: date) -> When | None:
    # After a point 5, 8 and 9 (9.9) are as likely the end of a price; after a stroke they are not.
    month, day = whole(match["m"]), whole(match["d"] or match.groupdict().get("d2") or "")
    if month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = _year(match.groupdict().get("y"), today)
    return _point(match, _days_back(today, year, month, day))


def _year(said: str | None, today: date) -> int | None:
    if not said:
        return None
    words = {"今年": 0, "去年": 1, "前年": 2}
    if said in words:
        return today.year - words[said]
    number = whole(said.rstrip("年")) or 0
    return number + 2000 if number < 100 else number


def _days_back(today: date, year: int | None, month: int, day: int) -> int | None:
    """Days since that date; without a year, since the latest such date that is not in the future."""
    for candidate in (year,) if year else range(today.year, today.year - 5, -1):
        try:
            days = (today - date(candidate, month, day)).days
        except ValueError:
            continue
        if days >= 0:
            return days
    return None


def _day_of_month(match: re.Match[str], today: date) -> When | None:
    day = whole(match["d"])
    if day is None or not 1 <= day <= 31:
        return None
    month = match.groupdict().get("month") or ""
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    if month.startswith("上上"):
        before = (before - timedelta(days=1)).replace(day=1)
    months = (before,) if month.startswith("上") else (first,) if month else (first, before)
    return _point(
        match,
        next((days for start in months if (days := _since(start, day, today)) is not None), None),
    )


def _since(month: date, day: int, today: date) -> int | None:
    try:
        days = (today - month.replace(day=day)).days
    except ValueError:
        return None
    return days if days >= 0 else None


def _day_word(match: re.Match[str], today: date) -> When:
    first = match.group()[:1]
    days = {"大": 3, "前": 2, "昨": 1}.get(first, 0)
    return _point(match, days)


def _festival(match: re.Match[str], today: date) -> When:
    """Those of several days off (五一) are rough, `国庆前一天` is not."""
    named = named_day(match)
    if named is None:
        return _point(match, None)
    days = _days_back(today, _year(match["y"], today), named.month, named.day)
    if days is None:
        return _point(match, None)
    back = days - named.shift
    return When(
        back if back >= 0 else None, Shape.POINT, match.start(), match.end(), rough=named.rough
    )


def _weekday(match: re.Match[str], today: date) -> When:
    """Weeks begin on Monday; a bare `周三` is the last one, and too vague on a Wednesday."""
    weekday = "一二三四五六日".index((match["d"] or match["d2"]).replace("天", "日"))
    ahead = weekday - today.weekday()
    week = match["week"]
    if week in ("上", "上上"):
        return _point(match, 7 * len(week) - ahead)
    if week:
        return _point(match, -ahead if ahead <= 0 else None)
    return _point(match, None if ahead == 0 else -ahead % 7)


def _length(match: re.Match[str], today: date) -> When | None:
    days = _length_in_days(match)
    vague = match["loose"] or (match["vague"] and match["vague"] not in ("左右", "上下"))
    shape = Shape.POINT if match["tail"] else Shape.LENGTH
    rough = bool(match["rough"]) or match["vague"] in ("左右", "上下")
    return When(None if vague else days, shape, match.start(), match.end(), rough)


def _length_in_days(match: re.Match[str]) -> int | None:
    if match["nth"] and not match["day"]:
        return None
    if match["half"]:
        return 180 if match["half"] == "半年" else 15
    number = whole(match["n"])
    if number is None or number > 3_650:
        return None
    unit = match["unit"] or match["day"] or match["year"] or "个月"
    days = number * DAYS_IN[unit] + (15 if match["month"] == "个半月" else 0)
    more = whole(match["more"] or match["months"] or "0")
    return None if more is None else days + more * (30 if match["months"] else 1)


def _hours(match: re.Match[str], today: date) -> When:
    return _point(match, 0)


def _short_forms(text: str, today: date, found: list[When]) -> Iterator[When]:
    """Answers to "when": `4.28`, `28号`, `3`."""
    if found:
        return
    if match := re.fullmatch(
        r"(?:是|就|在)*(?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?:号|日)?[的买吧了呀啊]*", text
    ):
        when = _calendar_date(match, today)
        if when:
            yield when
    elif match := re.fullmatch(
        rf"(?:是|就|在|这个?月)*(?P<d>\d{{1,2}}|{CHINESE}{{1,3}})[号日][的买吧了呀啊]*", text
    ):
        when = _day_of_month(match, today)
        if when:
            yield when
    elif (match := re.fullmatch(rf"(?P<n>{WHOLE})", text)) and (
        days := whole(match["n"])
    ) is not None:
        yield When(days, Shape.LENGTH, match.start(), match.end(), bare_number=True)


def _is_today_said_again(text: str, when: When) -> bool:
    """`今天3号了` tells the date, not when anything happened."""
    if when.shape is not Shape.POINT:
        return False
    return re.search(r"(?:今天|今儿|今日|现在)(?:都|已经|是|已)*$", text[: when.start]) is not None
