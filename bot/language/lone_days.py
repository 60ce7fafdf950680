"""A day in a clause of its own beside the buying: `3天前 在你们店买的`, `前几天买的 3天前 没穿`."""

import re
from datetime import date
from functools import cache

from bot.language.dates import Shape, times
from bot.language.events import buys, speaks_of_waiting
from bot.language.reading import Clause, Found

# Of one more of the goods being settled: 也是5天前.
ALSO = ("也是", "都是", "同样是", "一样是")


def day_alone(clauses: tuple[Clause, ...], today: date) -> Found | None:
    """The day of buying; only where nothing else in the line may have happened on it."""
    if any(speaks_of_waiting(clause.text) for clause in clauses):
        return None
    for index, clause in enumerate(clauses):
        days = _only_a_day(clause.text, today)
        if days is None:
            continue
        behind = clauses[index + 1].text if index + 1 < len(clauses) else ""
        if (
            clause.text.startswith(ALSO)
            or (index and _named_by().fullmatch(clauses[index - 1].text))
            or _buys_some_day(behind, today)
            or (
                any(_buys_some_day(ahead.text, today) for ahead in clauses[:index])
                and (not behind or _no_event().match(behind))
            )
        ):
            return clause.found("days_since_purchase", days, 0, len(clause.text))
    return None


def _only_a_day(text: str, today: date) -> int | None:
    found = times(text, today)
    if len(found) != 1 or found[0].shape is not Shape.POINT or found[0].rough:
        return None
    around = text[: found[0].start] + text[found[0].end :]
    return found[0].days if _fillers().fullmatch(around) else None


def _buys_some_day(text: str, today: date) -> bool:
    """Something was bought, and no exact day is told with it."""
    return buys(text) and all(when.days is None for when in times(text, today))


@cache
def _named_by() -> re.Pattern[str]:
    """The name of the field in a pasted order: `下单时间 2026-11-20 10:22`."""
    return re.compile(r"(?:订单)?(?:下单|购买|成交|交易|付款|支付|创建|拍下)(?:时间|日期):?")


@cache
def _fillers() -> re.Pattern[str]:
    return re.compile(
        r"(?:也|都|同样|一样|就是|是|就|在|我|的|吧|了|啊|呢|哦|嗯|刚|才|上午|下午|中午|晚上|早上)*"
    )


@cache
def _no_event() -> re.Pattern[str]:
    """What goes on about the goods, not about the day: 昨天 没穿 (昨天 坏了 happened then)."""
    return re.compile(
        r"(?:还|也|都|一次|就|我)*(?:没(?!人)|未|不(?:喜欢|想|合适|满意|好看|太)|新的|(?:购物)?小?票|吊?牌|标|包装|盒子"
        r"|(?:在|从)?(?:你们)?(?:店|专柜|柜台|商场)|想|要|能|可以|退|换(?!的|了)|颜色|尺码|号)"
    )
