"""Festivals that fall on the same date each year (国庆, 双十一), and the days next to them."""

import re
from dataclasses import dataclass
from functools import cache

# Month, day, and whether people are off for several days, any of which the name may mean.
DAYS = {
    "元旦": (1, 1, False), "情人节": (2, 14, False), "妇女节": (3, 8, False), "三八节": (3, 8, False),
    "五一": (5, 1, True), "劳动节": (5, 1, True), "六一": (6, 1, False), "儿童节": (6, 1, False),
    "618": (6, 18, False), "六一八": (6, 18, False), "教师节": (9, 10, False), "国庆": (10, 1, True),
    "十一": (10, 1, True), "双十一": (11, 11, False), "双11": (11, 11, False), "双十二": (12, 12, False),
    "双12": (12, 12, False), "平安夜": (12, 24, False), "圣诞": (12, 25, False),
}  # fmt: skip
VAGUE = r"前后|前夕|期间|假期|放假|长假|那几天|那会儿?|那阵|左右|前[几两](?:天|日)|后[几两](?:天|日)|(?:之前|以前|之后|以后|前|后)"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A festival's month and day, the days from it (`前一天` -1), and whether it is only roughly said."""

    month: int
    day: int
    shift: int
    rough: bool


@cache
def festivals() -> re.Pattern[str]:
    """A festival with its year and the day next to it; a bare 十一 or 618 only where something is bought."""
    bought = r"(?=(?:节|当天|那天|那日|前一天|后一天|活动|大促|的时候|时)*(?:在.{0,8}|刚|才|我)?(?:买|购|下单|入手|拍的|收到|签收|[前后期放假长]|$))"
    plain = "|".join(name for name in DAYS if name not in ("十一", "618", "五一", "六一"))
    return re.compile(
        rf"(?:(?P<y>去年|前年|今年)的?)?(?<![\d一二两三四五六七八九十百双月第¥.])(?P<name>{plain}|(?:五一|六一)(?!百|路|零|\d|[一二三四五六七八九十])|(?:十一|618)(?![月号日个天件块元点\d]){bought})(?:节(?!目))?"
        rf"(?:(?P<exact>当天|那天|当日|那日|正日子)|(?P<before>前一[天日]|头一[天日])|(?P<after>后一[天日]|第二[天日])|(?P<vague>{VAGUE}))?"
    )


def named_day(match: re.Match[str]) -> NamedDay | None:
    """The day a match of `festivals` means; None when that is left open (国庆期间)."""
    if match["vague"]:
        return None
    month, day, several = DAYS[match["name"]]
    shift = -1 if match["before"] else 1 if match["after"] else 0
    return NamedDay(month, day, shift, several and not (match["exact"] or shift))
