"""A matter under way (报修了, 投诉的, 换货寄回去了): which one, how long it has taken, and what has not come of it."""

import re
from collections.abc import Iterator
from functools import cache

from bot.language.numbers import FRESH, WHOLE, whole
from bot.language.reading import Clause, Found
from bot.language.rules import stated

Clauses = tuple[Clause, ...]
DAYS_IN = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
# How long each kind of matter takes is counted in a unit of its own.
COUNTED_AS = {
    "complaint": "hours_waiting", "report": "hours_waiting", "repair": "days_in_repair",
    "refund": "days_waiting", "exchange": "days_waiting", "call": "days_waiting",
    "submitted": "hours_waiting",
}  # fmt: skip
# These are told by their own word; of the others one may only speak, so something must be missing too.
SURE = frozenset({"complaint", "report", "call"})
# Something is under way, but not said what.
UNNAMED = frozenset({"call", "submitted"})
TIME = rf"{FRESH}(?:第?(?P<n>{WHOLE})(?P<over>多)?个?(?P<unit>小时|钟头|天|周|星期|礼拜|月|工作日|工作天)(?P<more>多)?|(?P<half>半个月))(?![内后里]|之内|以内|之后|包|无理由|就)"


def matters(clauses: Clauses) -> list[Found]:
    """`case` with the time waited, and what is still missing; nothing where no matter is under way."""
    missing = [one for clause in clauses for one in stated("matters", clause)]
    found = [one for clause in clauses for one in _refunds_unpaid(clause)]
    found += [one for clause in clauses for one in _visits(clause)]
    for index, clause in enumerate(clauses):
        for match in _under_way().finditer(clause.text):
            kind = str(match.lastgroup)
            time = _time(clauses[index : index + 2], match)
            if time is None or (kind not in SURE and not (missing or _misses(clauses))):
                continue
            found += _counted(*time, kind)
            if kind not in UNNAMED:
                case = "repair" if kind == "report" else kind
                found.append(clause.found("case", case, *match.span()))
    found += [one for clause in clauses for one in _found_while_changing(clause)]
    found += [*_mended_in_vain(clauses), *_taken_away(clauses), *_left_by_the_manager(clauses)]
    return [*found, *_only_of_the_case(missing, found)]


def _found_while_changing(clause: Clause) -> Iterator[Found]:
    """`换货的时候又发现一处`: another fault, seen only while the first was being settled."""
    for match in _seen_later().finditer(clause.text):
        yield clause.found("found", "yes", *match.span())


def _mended_in_vain(clauses: Clauses) -> Iterator[Found]:
    """`修是修回来了, 可毛病还在`: the repair is over, and settled nothing."""
    for index, clause in enumerate(clauses):
        match = _mended().search(clause.text)
        rest = [
            clause.text[match.end() :] if match else "",
            *(one.text for one in clauses[index + 1 : index + 2]),
        ]
        if match and any(_in_vain().search(text) for text in rest):
            for key, value in (("case", "repair"), ("done", "yes"), ("solved", "no")):
                yield clause.found(key, value, *match.span())


def _taken_away(clauses: Clauses) -> Iterator[Found]:
    """What the repairer took along is in repair."""
    for clause in clauses:
        for one in stated("causes", clause):
            if one.key == "item_taken_away":
                yield Found("case", "repair", one.start, one.end)


def _left_by_the_manager(clauses: Clauses) -> Iterator[Found]:
    """`店长也没给我弄好`: the second rung was asked, in vain."""
    for clause in clauses:
        for match in _by_the_manager().finditer(clause.text):
            for key, value in (("case", "complaint"), ("rung", 2), ("solved", "no")):
                yield clause.found(key, value, *match.span())


def apart_from_case(wanted: Found | None, found: list[Found]) -> Found | None:
    """The wish, unless its words name the matter under way (换货寄回去一周了)."""
    case = next((one for one in found if one.key == "case"), None)
    named = case and wanted and wanted.start < case.end and case.start < wanted.end
    return None if named else wanted


def _refunds_unpaid(clause: Clause) -> Iterator[Found]:
    for match in _unpaid().finditer(clause.text):
        yield clause.found("money", "not_received", *match.span())
        yield clause.found("case", "refund", *match.span())


def _visits(clause: Clause) -> Iterator[Found]:
    """`跑第三趟`, `来了两趟`: how often the shopper came for it."""
    for match in _trips().finditer(clause.text):
        if (number := whole(match["n"] or match["m"])) and number > 1:
            yield clause.found("visits", number, *match.span())


def _only_of_the_case(missing: list[Found], found: list[Found]) -> list[Found]:
    """没人约 is about a repairer in a repair only; 没人回 about an answer in any matter."""
    cases = {str(one.value) for one in found if one.key == "case"}
    keys = {one.key for one in found}
    holds = {
        "repairer_arranged": "repair" in cases,
        "called_back": not cases and "days_waiting" in keys,
        "solved": bool(cases - {"repair"}) or "visits" in keys,
        "answered": bool(cases) or "hours_waiting" in keys,
    }
    return [one for one in missing if holds.get(one.key, bool(cases))]


def _time(clauses: Clauses, matter: re.Match[str]) -> tuple[Clause, re.Match[str]] | None:
    """The time in the matter's clause, or at the head of the next one (`都第五天了`)."""
    clause = clauses[0]
    told = _since().match(clause.text, matter.end()) or _ago().search(clause.text[: matter.start()])
    if told:
        return clause, told
    for behind in clauses[1:]:
        if told := _since().match(behind.text):
            return behind, told
    return None


def _counted(clause: Clause, match: re.Match[str], kind: str) -> Iterator[Found]:
    """The time as the policy counts it; working days are counted in `counts`."""
    key, unit = COUNTED_AS[kind], match["unit"] or "天"
    number = 15 if match["half"] else whole(match["n"])
    if number is None or number > 1_000 or unit.startswith("工作"):
        return
    over = bool(match["over"] or match["more"])
    if unit not in DAYS_IN:
        if key == "hours_waiting":
            yield clause.found(key, number + over, *match.span())
        return
    days = number * DAYS_IN[unit]
    # More than a day is at least its 25th hour.
    yield clause.found(key, days * 24 + over if key == "hours_waiting" else days, *match.span())


def _misses(clauses: Clauses) -> bool:
    return any(_missing().search(clause.text) for clause in clauses)


@cache
def _under_way() -> re.Pattern[str]:
    return re.compile(
        r"(?<!想)(?<!要)(?<!去)(?<!能)(?P<complaint>投诉(?=[过了都也已交提上第单\d二两三四五六七八九十半]|的(?!话)|一(?!下))|(?<=前)(?:就|已经|我)*投诉)"
        r"|(?P<report>报修|报了修)"
        r"|(?<!说)(?<!你们)(?P<submitted>提交|上报)(?=了|过|的|上|都)"
        rf"|(?P<repair>修(?=(?:了|都|已经|快)+{WHOLE}多?个?(?:天|周|星期|礼拜|月))|(?:送|寄|拿|带)(?:去|回去?|到[^,]{1, 4})?(?:返?厂)?(?:维?修)|返修|返厂)"
        r"|(?<![想要能以不])(?P<refund>(?:退货|退款|退的[货款钱])(?:的?(?:申请|单子?))?(?:寄|发)?(?:回去?|过去)?)"
        r"|(?<![想要能以不])(?P<exchange>换货(?:的?(?:申请|单子?))?(?:寄|发)?(?:回去?|过去)?|换的(?:那件|衣服|鞋子?|裤子|裙子)?(?:寄|发)(?:回去?|过去)?)"
        r"|(?P<call>说好?[^,]{0,6}(?:回(?:我)?(?:个)?电话?|回访|打给我|给我?(?:打|回)(?:个)?电话|联系我)|没(?:有)?(?:人)?(?:给我?)?(?:回|打|来)(?:过|个)?电话)"
    )


@cache
def _mended() -> re.Pattern[str]:
    return re.compile(r"修(?:是)?修?(?:回来|好|完|过)(?:是修?[好完])?了")


@cache
def _in_vain() -> re.Pattern[str]:
    return re.compile(
        r"(?:毛病|问题)(?:都|也|还是|还|依然|照样|依旧)+(?:在|有|没)|还是(?:那样|老样子|不行|坏的|一样)|跟没修一样"
    )


@cache
def _by_the_manager() -> re.Pattern[str]:
    return re.compile(
        r"店长(?:也|都|还是|那边|那里)*(?:没(?:有)?|不)(?:给我?|帮我)?(?:弄好|解决|处理(?!完)|搞定|管|理)"
    )


@cache
def _since() -> re.Pattern[str]:
    return re.compile(
        rf"(?:的|了|过|都|也|已经|有|到现在|到今天|到|寄|发|提交|交|上去|出去|回去|过去|申请|这都|等|我|快递|你们|差不多|整整)*{TIME}(?!前|之前|以前|买)"
    )


@cache
def _ago() -> re.Pattern[str]:
    return re.compile(
        rf"{TIME}(?:(?:之前|以前|前)(?:就|我|打电话|在[^,]{{1,4}}|已经|来|去)*|了(?:都|也|还|一直)*)$"
    )


@cache
def _missing() -> re.Pattern[str]:
    return re.compile(
        r"没(?:有)?(?:信|个信|音信|审|批|受理|通过|人|动静|消息|回|结果|下文|音讯|影|处理|解决|修|到|退|收到|弄|给|说法|答复|约|安排|更新|反应|寄|发|换|好(?!看))"
        r"|怎么(?:还|办)|(?:什么|啥)时候|多久|几天能|催|待审核|审核中|处理中|还在审|在审核|状态"
    )


@cache
def _seen_later() -> re.Pattern[str]:
    return re.compile(
        r"(?:又|还)(?:发现|看到|看见|找到)(?:了|有)?"
        r"(?:另外?一?|别的?|新的?|一|两|几)*[个处块条道]?(?:小|大|破)?(?:洞|口子|破|开线|脱线|污|渍|斑|毛病|问题|瑕疵|裂)"
    )


@cache
def _trips() -> re.Pattern[str]:
    return re.compile(
        rf"(?:跑|来)(?:了|过|都|已经|你们店里?|店里)*第?(?P<n>{WHOLE})(?:趟)|跑(?:了|过|都|已经)*第?(?P<m>{WHOLE})[次回](?!就)"
    )


@cache
def _unpaid() -> re.Pattern[str]:
    """A refund that has not come."""
    return re.compile(
        r"(?:钱|退款|款)(?:还|都|也|一直|到现在)*没(?:有)?(?:到(?!期)|退(?!货)|收到|影)"
        r"|没(?:有)?收到(?:退款|钱)"
    )
