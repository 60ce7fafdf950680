"""Days and hours that a line sets for what is to come."""

import re
from datetime import date, time, timedelta
from functools import cache

from bot.language.numbers import whole
from bot.outbox.claims import Claims, Kind, Sentence

NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
NEAR = {"今": 0, "明": 1, "后": 2, "大后": 3}
WEEKDAYS = "一二三四五六日"
# What the desk does, as against what the shopper is asked to do or has done.
OURS = (
    r"给您|为您|帮您|联系您|答复|回复|回电|打给您|通知您|到账|退|换|修|赔|处理|办"
    r"|安排|送|寄出|发出|上门|完成|解决|好$|有结果|会|能|就|之?前|以前|内"
)


def days(sentence: Sentence, today: date) -> Claims:
    """`明天`, `11月25日`, `下周三`, `当天`; not a day on which the shopper comes or bought."""
    text = sentence.text
    for match in _calendar().finditer(text):
        if not _is_the_shoppers(text, match):
            month, day = whole(match["m"]), whole(match["d"])
            said = _nearest(today, month or 0, day or 0)
            yield sentence.claim(Kind.DATE, said or match.group(), *match.span())
            yield from _its_weekday(sentence, match, said)
    for match in _near().finditer(text):
        if not _is_the_shoppers(text, match) and _is_of_ours(text, match):
            ahead = NEAR[match["near"]]
            yield sentence.claim(Kind.DATE, today + timedelta(ahead), *match.span())
    for match in _of_month().finditer(text):
        said = _next(today, whole(match["d"]) or 0)
        yield sentence.claim(Kind.DATE, said or match.group(), *match.span())
    for match in _weekday().finditer(text):
        if not _is_the_shoppers(text, match):
            yield sentence.claim(Kind.DATE, _of_week(match, today), *match.span())
    for match in _loose().finditer(text):
        if not _is_the_shoppers(text, match):
            yield sentence.claim(Kind.DATE, match.group(), *match.span())


def hours(sentence: Sentence) -> Claims:
    """`20:00前`, `下午三点给您回电`; opening hours set nothing."""
    text = sentence.text
    for match in _clock().finditer(text):
        if _is_the_shoppers(text, match) or not _is_of_ours(text, match):
            continue
        hour, minute = whole(match["h"]) or 0, int(match["min"] or (30 if match["half"] else 0))
        late = (match["part"] or "") in ("下午", "晚上", "傍晚", "晚") and hour < 12
        hour += 12 if late else 0
        if hour < 24 and minute < 60:
            yield sentence.claim(Kind.TIME, time(hour, minute), *match.span())


def _nearest(today: date, month: int, day: int) -> date | None:
    """The date of that name nearest to today."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda one: abs((one - today).days), default=None)


def _next(today: date, day: int) -> date | None:
    """The next date with that number."""
    ahead = (today + timedelta(more) for more in range(62))
    return next((one for one in ahead if one.day == day), None)


def _its_weekday(sentence: Sentence, match: re.Match[str], said: date | None) -> Claims:
    """`11月25日（周三）`: the wrong weekday is a claim of its own."""
    named = re.match(r"[（(](?:周|星期)([一二三四五六日天])[)）]", sentence.text[match.end() :])
    if named and said and WEEKDAYS[said.weekday()] != named[1].replace("天", "日"):
        yield sentence.claim(
            Kind.DATE, f"{match.group()}{named.group()}", match.start(), match.end()
        )


def _of_week(match: re.Match[str], today: date) -> date:
    """`周三` is the next one; `下周三` the one of next week, which begins on Monday."""
    weekday = WEEKDAYS.index(match["d"].replace("天", "日").replace("末", "六"))
    week = match["week"] or ""
    if week:
        monday = today - timedelta(today.weekday()) + timedelta(7 * week.count("下"))
        return monday + timedelta(weekday)
    return today + timedelta((weekday - today.weekday()) % 7)


def _is_the_shoppers(text: str, match: re.Match[str]) -> bool:
    """The day on which they come, bring, bought, received or told something."""
    ahead, behind = text[: match.start()], text[match.end() :]
    if re.match(r"[（(](?:周|星期).[)）]", behind):
        behind = behind[4:]
    return (
        re.match(
            r"[^,，。]{0,5}(?:来(?!电|看您)|带|过来|到店|到柜台|找我|跟我|告诉我|联系我"
            r"|寄回|寄过来|有空|方便|买|购|下的?单|收到的|签收|登记的|申请的|说的|说过|提交"
            r"|到货的|提到|算第|算$)",
            behind,
        )
        is not None
        and not re.match(r"[^,，。]{0,4}(?:给您|为您|之?前给|前联系您)", behind)
    ) or re.search(r"(?:营业|上班|开门|休息|放假)[^,，。]{0,6}$", ahead) is not None


def _is_of_ours(text: str, match: re.Match[str]) -> bool:
    behind = text[match.end() : match.end() + 14]
    return re.search(OURS, behind) is not None and not re.match(r"就?先|就到这", behind)


@cache
def _calendar() -> re.Pattern[str]:
    return re.compile(rf"(?:\d{{4}}年)?(?P<m>{NUMBER})月(?P<d>{NUMBER})[日号]?(?![个天块])")


@cache
def _near() -> re.Pattern[str]:
    return re.compile(
        r"(?P<near>今|明|大后|(?<!大)(?<![以之然今随])后)(?:天|日(?!后)|晚(?!点)|早|儿(?!子))"
    )


@cache
def _of_month() -> re.Pattern[str]:
    """`25号之前`; 8号柜台 and 38号 are numbers of other things."""
    return re.compile(
        rf"(?<![月年\d第一二三四五六七八九十])(?P<d>{NUMBER})[号日](?=(?:之?前|以前)(?!的|来|带|买)"
        r"|(?:就|能|会|可以)*(?:给您|联系您|答复|回复|修好|到账|退给|弄好|处理好|送到))"
    )


@cache
def _weekday() -> re.Pattern[str]:
    return re.compile(
        r"(?<![（(每上一二两三四五六七八九十\d半])(?P<week>下下|下|这|本)?个?(?:周|星期"
        r"|礼拜)(?P<d>[一二三四五六日天末])(?!个|[到至\-~][周星一二三四五六日天]|[,，]?(?:休息"
        r"|不营业))"
    )


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(
        r"(?:这个?|本|下个?)?月(?:底|末|初|中旬)|下个?月(?!底|末|初|中|\d)|(?:本|这"
        r"|下)(?:周|星期|礼拜)(?:内|之内|就|能|会|给)"
        r"|(?:元旦|春节|过年|清明|五一|端午|中秋|国庆|双十一|双11)节?(?:之?前|以前)"
        r"|年(?:底|前|内)(?:前|给|能|就|会)(?!清零|过期|作废|到期|失效)|当[天日](?:内|就|给|能|可以|退|到|办|处理"
        r"|之内)|次日|第二天(?=给|答|就|能|会|联系|回|处理|到|内)"
        r"|当场(?=退|换|赔|给您退|给您换|办好)"
    )


@cache
def _clock() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<part>上午|中午|下午|傍晚|晚上|早上|晚)?(?P<h>{NUMBER})(?:[:：](?P<min>\d{{2}})"
        rf"|点(?!击|开|钟?的?时间|评|赞|头)(?P<half>半)?)(?!\s*[-–~到至—])(?<![-–~到至—]\d:\d\d)(?<![-–~到至—]\d\d:\d\d)"
    )
