"""Why a clock ends when it does, in one Chinese sentence."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.calendar import service as calendar
from bot.tickets.clocks import ClockName
from bot.tickets.models_work import ClockState, TicketClock
from bot.tickets.office import Office

NAMES = {
    ClockName.FIRST_RESPONSE: "首次回复",
    ClockName.NEXT_STEP: "下一步处理",
    ClockName.FINISH: "办结",
    ClockName.CALL_BACK: "回电",
    ClockName.PROMISED: "答复",
    ClockName.APPROVAL: "审批",
}
UNITS = {"minute": "分钟", "hour": "小时", "day": "天", "working_day": "个工作日", "month": "个月"}


def explain(office: Office, clock: TicketClock) -> str:
    """The sentence: the promise, from when it runs, what was left out or in, and the end."""
    parts = [
        _promise(clock),
        f"从{_spoken(office, clock.started_at)}起算",
        *_hours(clock),
        *_days(clock),
        *_pauses(office, clock),
        _end(office, clock),
    ]
    return "，".join(parts) + "。"


def _promise(clock: TicketClock) -> str:
    by = f"按 {clock.clause} 条，" if clock.clause else ""
    return f"{by}{NAMES[ClockName(clock.clock)]}要在 {clock.n} {UNITS[clock.unit]}内"


def _hours(clock: TicketClock) -> list[str]:
    return ["只算营业时间"] if clock.unit in ("minute", "hour") else ["当天不算"]


def _days(clock: TicketClock) -> list[str]:
    """Holidays and make-up days, where they matter for the unit."""
    if clock.unit != "working_day" and not clock.statutory:
        return []
    off = [date.fromisoformat(day) for day in clock.explained.get("off", ())]
    worked = [date.fromisoformat(day) for day in clock.explained.get("worked", ())]
    told = ["跳过周末"] if clock.unit == "working_day" else ["最后一天休息就顺延"]
    told += [f"{_run(off)}放假不算"] if off else []
    return told + ([f"{_run(worked)}调休上班要算"] if worked else [])


def _pauses(office: Office, clock: TicketClock) -> list[str]:
    told = [
        f"{_when(office, pause['from'])}到{_when(office, pause['to'])}等顾客，停表"
        for pause in clock.explained.get("pauses", ())
    ]
    if clock.state == ClockState.PAUSED and clock.paused_at is not None:
        told.append(f"{_spoken(office, clock.paused_at)}起等顾客，停表")
    return told


def _end(office: Office, clock: TicketClock) -> str:
    if clock.state == ClockState.PAUSED:
        return "等到后接着算剩下的时间"
    if clock.provisional:
        return f"那一年的放假安排还没公布，暂按{_spoken(office, clock.due_at)}算"
    return f"所以最晚{_spoken(office, clock.due_at)}"


def _run(days: Sequence[date]) -> str:
    """Days as one says them, those in a row or with only a weekend between them as a span."""
    spans: list[list[date]] = []
    for day in days:
        if spans and _only_weekend(spans[-1][-1], day):
            spans[-1].append(day)
        else:
            spans.append([day])
    return "、".join(_span(span) for span in spans)


def _only_weekend(first: date, last: date) -> bool:
    between = (first + timedelta(days=n) for n in range(1, (last - first).days))
    return all(day.weekday() >= 5 for day in between)


def _span(span: Sequence[date]) -> str:
    first, last = span[0], span[-1]
    if first == last:
        return f"{first.month}月{first.day}日"
    month = "" if first.month == last.month else f"{last.month}月"
    return f"{first.month}月{first.day}日至{month}{last.day}日"


def _when(office: Office, instant: str) -> str:
    return _spoken(office, datetime.fromisoformat(instant))


def _spoken(office: Office, at: datetime) -> str:
    return calendar.spoken(at, office.zone)
