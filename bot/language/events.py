"""What a time belongs to: days since buying, receiving or exchanging, and never since wearing or waiting."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from bot.language.dates import Shape, When, times
from bot.language.periods import ASKED_BY_DAY
from bot.language.reading import Clause, Found

KEYS = {
    "bought": "days_since_purchase",
    "received": "days_since_received",
    "exchanged": "days_since_exchange",
}
OF_KEY = {key: kind for kind, key in KEYS.items()}
# Between an event and a length of time only words such as these may stand: 买了/都快/四天.
FILLERS = r"(?:了|的|来|都|已经|已|有|才|刚好|刚|正好|也|就|过|回来|回去|到家|到现在|到今天|到今儿|到|今天|现在|为止|满|整整|整|总共|一共|这才|得|大概|那?件?衣服|东西|这?件|货|手|家|我|我的|第|后|以后|是|这|这都|那|双|条|啊|呢|:)"
# 半个月前|在你们商场那个店里头花了八十九块钱|买的
FARTHEST = 26
PURCHASE_DATE = r"(?:下单|购买|购物|成交|交易|买)的?(?:时间|日期|日子)?(?:就是|是|在|于|为|:)"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `kind` bought, received, exchanged, or other."""

    kind: str
    start: int
    end: int


@cache
def _event_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?P<void>(?:没有?|不|未|想|要|能|可以|准备|打算|再|会|怎么|如果|别|应该|可|去哪里?|哪里?|在哪里?|必须|明天|后天|敢)"
        r"(?:再|去|来|给我|帮我)?(?:买|购|下单|入手|收到|签收|到货|换|退|送到))"
        r"|(?P<bought>(?:买|购买|购入|购得|入手|下单|下的单|拍的|拍下|抢的|抢到|秒到|订购|定的)(?![单卖家菜方点]|一送|的时候|的话|之前|以前|多少|什么|哪))"
        r"|(?P<received>收到|签收|收的?货|收的(?:快递|包裹)|到货|到的(?:货|快递|$)|拿到货|拿到手|到手|送到|寄到)"
        r"|(?P<exchanged>换货(?!的?时候|吗)|换(?:回来|过来|[的回过来])(?!话|时候)|换了(?!个))"
        r"|(?P<other>穿|试|修|等|寄|洗|用|戴|背着?|放|投诉|申请|审核|退|催|联系|电话|说|答应|通知|告诉|发货|发的|物流|会员|上班"
        r"|开业|营业|预约|安装|登记|验收|看|发现|拿|发|处理|回复|到账|过期|找|问|开了|办|充值|充|订|约|换|赔|取|扣|降|涨|卖|做|吃|住|搬|出差|堵|放假|才知道)"
    )


def days_found(
    clause_list: Sequence[Clause],
    today: date,
    *,
    asking: str | None,
    about_goods: bool,
    correcting: bool = False,
) -> list[Found]:
    """The days facts of a line.

    `about_goods` (or of buying) lets a length that stands alone count from the purchase; when `correcting`
    (`说错了, 是三天前`) a point does too, as it is what people are asked for.
    """
    asked = OF_KEY.get(asking or "")
    pointed = asked or ("bought" if asking in ASKED_BY_DAY or correcting else None)
    calm = not any(speaks_of_waiting(clause.text) for clause in clause_list)
    buying = any(buys(clause.text) for clause in clause_list)
    found: list[Found] = []
    for clause in clause_list:
        said = times(clause.text, today, asked=pointed is not None)
        for when in _last_of_each_run(_without_alternatives(clause.text, said)):
            kind = _owner(
                clause.text,
                when,
                asked=pointed if when.shape is Shape.POINT and calm else asked,
                alone="bought"
                if (about_goods or buying) and calm and not _told(found, "bought")
                else None,
                buying=buying,
            )
            if kind not in KEYS or when.days is None:
                continue
            if asked or not when.rough or _rough_will_do(clause.text, when):
                found.append(clause.found(KEYS[kind], when.days, when.start, when.end))
    return found


def _rough_will_do(text: str, when: When) -> bool:
    """`大概五十天前买的`: past a month, and not about one of the round terms that rules are made of."""
    counted = when.shape is Shape.POINT and re.match(r"大概|大约|差不多|约", text[when.start :])
    return bool(counted) and (when.days or 0) > 31 and (when.days or 0) % 30 != 0


def _told(found: list[Found], kind: str) -> bool:
    return any(one.key == KEYS[kind] for one in found)


def _without_alternatives(text: str, found: list[When]) -> list[When]:
    """`昨天还是前天` and `不是昨天就是前天` leave the day open."""
    open_ones = {
        when
        for first, second in pairwise(found)
        if re.fullmatch(
            r"买?的?(?:或者?|还是|要么|就是|要不就?是?|也可能是?|、)",
            text[first.end : second.start],
        )
        for when in (first, second)
    }
    return [when for when in found if when not in open_ones | _ends_of_lengths(text, found)]


def _ends_of_lengths(text: str, found: list[When]) -> set[When]:
    """今天 in `今天都第九天了` is when a length ends, and no day of its own."""
    return {
        first
        for first, second in pairwise(found)
        if first.days == 0
        and second.shape is Shape.LENGTH
        and re.fullmatch(
            r"(?:都|已经|就|刚好|正好|才|是|算|也|这|有)*", text[first.end : second.start]
        )
    }


def _last_of_each_run(found: list[When]) -> list[When]:
    """Of lengths said twice in one breath (`整两个月六十天`) the last, more exact one."""
    kept: list[When] = []
    for when in found:
        if kept and when.shape is kept[-1].shape is Shape.LENGTH and when.start - kept[-1].end <= 1:
            when = replace(when, start=kept.pop().start)
        kept.append(when)
    return kept


def speaks_of_waiting(text: str) -> bool:
    """Somebody waits, or something is under way, so that a length of time may be its."""
    return _waiting().search(text) is not None


def buys(text: str) -> bool:
    """Something was bought, by what the clause says (买的, 入手)."""
    return any(event.kind == "bought" for event in _events(text))


@cache
def _waiting() -> re.Pattern[str]:
    return re.compile(
        r"等|申请|送检|检测|鉴定|登记|寄|发货|物流|快递|审核|到账|退款.{0,3}[没进到]|投诉|报修|回复|[回理]我|联系|催|工单|客服|修了|送修|预约|安装|配送"
        r"|送货|收到|签收|到货|查|会员|穿了(?!.{0,4}[次回])|试了|换货|换的|工作日|上班|钱还?没"
    )


def _events(text: str) -> list[Event]:
    found: list[Event] = []
    for match in _event_pattern().finditer(text):
        kind = match.lastgroup or "other"
        found.append(Event("other" if kind == "void" else kind, match.start(), match.end()))
    return found


def _owner(
    text: str, when: When, *, asked: str | None, alone: str | None, buying: bool
) -> str | None:
    """The event this time counts from; None when it is another's, or nobody's."""
    if _never_happened(text, when) or _is_anothers(text):
        return None
    events = _events(text)
    before = [event for event in events if event.end <= when.start]
    after = [event for event in events if event.start >= when.end]
    if when.shape is Shape.POINT:
        return _owner_of_point(text, when, before, after, asked)
    if before:
        return _owner_of_length(text, when, before, asked)
    if asked and not any(event.kind == "other" for event in after[:1]):
        return asked
    return alone if alone and _stands_alone(text, when, after, buying=buying) else None


def _never_happened(text: str, when: When) -> bool:
    """`一天都没穿` counts no days, `7天无理由` is a rule, `每3天` a habit, `第二天就坏了` long past."""
    ahead, behind = text[when.end : when.end + 3], text[: when.start]
    if "第" in text[when.start : when.end] and re.match(r"就|发现|才发现|的时候|开始", ahead):
        return True
    return (
        re.match(
            r"[都也]?没|[都也]不|(?:的|之)?[内后期]|[都也]?能退|可退|无理由|包[退换]|一次", ahead
        )
        is not None
        and not re.match(r"没(?:正式|时间|空)", ahead)
    ) or re.search(r"[每隔过]$|规定.{0,4}$|不是$", behind) is not None


def _is_anothers(text: str) -> bool:
    return re.search(r"别人|人家|同事|邻居|闺蜜", text) is not None


def _owner_of_point(
    text: str, when: When, before: list[Event], after: list[Event], asked: str | None
) -> str | None:
    if after:
        event = after[0]
        if (
            event.kind == "bought"
            and text[when.start : when.end].startswith("今")
            and not _surely_bought(text, event)
        ):
            return None
        return event.kind if event.start - when.end <= FARTHEST else None
    if before and re.search(PURCHASE_DATE + r"$", text[: when.start]):
        return "bought"
    if (
        before
        and before[-1].kind in KEYS
        and re.fullmatch(
            r"(?:货|的)*(?:时间|日期)?(?:就是|是|在|于|:)+", text[before[-1].end : when.start]
        )
    ):
        return before[-1].kind
    return asked if asked and not before else None


def _surely_bought(text: str, event: Event) -> bool:
    """`今天买多少钱` asks before buying; `今天买的`, `今天刚买` have bought."""
    return (
        re.match(r"[的了回到]", text[event.end :]) is not None
        or re.search(r"[刚才]$", text[: event.start]) is not None
    )


def _owner_of_length(text: str, when: When, before: list[Event], asked: str | None) -> str | None:
    event = before[-1]
    gap = text[event.end : when.start]
    if _exchanged_goods_since(text, before, when):
        return "exchanged"
    if event.kind == "exchanged" and re.match(r"[了都]*还?没", text[when.end :]):
        return None
    if event.kind in KEYS and re.fullmatch(FILLERS + r"{0,4}", gap):
        return event.kind
    return asked if event.kind == asked else None


def _exchanged_goods_since(text: str, before: list[Event], when: When) -> bool:
    """`换的那件用了六十一天`: the piece got in exchange has been in use since."""
    return (
        before[0].kind == "exchanged"
        and re.search(
            r"^换[的来回](?:那|这)?(?:件|双|条|个)?(?:衣服|裤子|裙子|鞋子?|新的)?(?:都|才|刚|就)*(?:用了|穿了)?(?:都|才|第|已经)*$",
            text[: when.start],
        )
        is not None
    )


@cache
def _up_to_now() -> re.Pattern[str]:
    return re.compile(r"^(?:今天|今儿|现在|到|算下来|算)+")


def _stands_alone(text: str, when: When, after: list[Event], *, buying: bool) -> bool:
    """A bare `四十五天了`, or one after the goods only: `裤子九十一天口袋开线了`."""
    if (
        after
        and after[0].start - when.end <= 1
        and not re.match(r"了?才?(?:看|发现)", text[when.end :])
    ):
        return False
    if when.days == 1 and not re.match(r"了|$", text[when.end :]):
        return False  # 一天慢十几分钟
    head = _up_to_now().sub("", text[: when.start]) if buying else text[: when.start]
    return (
        re.fullmatch(
            r"(?:都|才|这才|已经|已|整整|整|刚好|刚|正好|我的?|这|那|件|条|双|个|快|有|是|第|[衣裤裙鞋靴包袄服皮外风大套西衬毛羽绒短长棉T t恤衫装帽子的])*",
            head,
        )
        is not None
    )
