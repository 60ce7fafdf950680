"""The hand-off packet and a case as sections of rows, for the side of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.calendar import service as calendar
from bot.clock import Clock
from bot.desk import entries, words
from bot.desk.words import Words
from bot.handoff.models import HandOffEvent, HandOffRecord
from bot.handoff.packet import KnownFact, Packet, Promise, Purchases
from bot.orders.service import Order, OrderLine
from bot.tickets.models import Ticket
from bot.tickets.models_work import Appointment, VisitKind, VisitState
from bot.tickets.views import ClockView, Entry

Row = dict[str, Any]
ASKED_BY = {"order_no": "按订单号查", "member_no": "按会员号查", "phone": "按手机号查"}
SHOWN = 6  # things of one order


def row(name: str, value: str, hint: str = "", tone: str = "", href: str = "") -> Row:
    """One row of a section."""
    return {"name": name, "value": value, "hint": hint, "tone": tone, "href": href}


def section(title: str, rows: Sequence[Row], empty: str = "", *, folded: bool = False) -> Row:
    """A titled group of rows; `empty` is said where there is none."""
    return {"title": title, "rows": list(rows), "empty": empty, "folded": folded}


@dataclass(frozen=True)
class Sheet:
    """Makes sections; `staff` are the names of people by id."""

    clock: Clock
    words: Words
    staff: Mapping[str, str]

    def of(self, found: Packet, counter: str = "") -> list[Row]:
        """The packet, what matters first; `counter` is where the shop receives shoppers."""
        facts = [self._fact(fact) for fact in found.facts]
        asked = [self._asked(each) for each in found.asked]
        promised = [self._promise(each) for each in found.promises]
        events = [self._event(event) for event in found.history]
        before = [self._earlier(each) for each in found.earlier]
        return [
            section("为什么转来", self._why(found)),
            section("决定", self._decision(found.decision), "还没有作出决定。"),
            section("已经知道的", facts, "顾客还没说到具体情况。"),
            *self._bought(found.purchases),
            section("已经问过", asked, "还没问过问题。"),
            section("已经答应", promised, "没有答应过什么。"),
            section("单子", [self._case(case) for case in found.cases], "没有单子。"),
            *self._visits(found, counter),
            section("经过", events, "还没有转过人工。", folded=True),
            section("以前的人工接待", before, "第一次转人工。", folded=True),
        ]

    def facts(self, ticket: Ticket) -> list[Row]:
        """The facts of a case with where each comes from."""
        return [
            row(
                self.words.fact(key),
                self.words.value(key, value),
                _source(ticket.sources.get(key, {})),
            )
            for key, value in ticket.facts.items()
        ]

    def history(self, found: Sequence[Entry]) -> list[Row]:
        """What happened to a case, newest first."""
        return [
            row(
                self._when(each.at),
                entries.EVENTS.get(each.what, each.what),
                " · ".join(
                    part
                    for part in (self._who(each.who), entries.told(each.what, each.why))
                    if part
                ),
            )
            for each in reversed(found)
        ]

    def visit(self, ahead: Appointment, counter: str, *, personal: bool = True) -> list[Row]:
        """When and where shopper and shop meet; an address only for whoever may see it."""
        held = ahead.state == VisitState.HELD
        where = ahead.address if personal else ahead.address and "有地址，您的账号看不到"
        if ahead.kind == VisitKind.COUNTER_VISIT:
            where = counter
        return [
            row(
                words.VISITS[ahead.kind],
                calendar.spoken(ahead.starts_at, self.clock.zone),
                words.VISIT_STATES.get(ahead.state, ""),
                "alert" if held else "strong",
            ),
            row("地点", where or "还没有地址", tone="" if where else "alert"),
        ]

    def clocks(self, found: Sequence[ClockView]) -> list[Row]:
        """The clocks of a case, each with its why."""
        return [
            row(
                words.CLOCKS.get(each.clock, each.clock),
                _clock_state(each.state, overdue=each.overdue) + " " + self._when(each.due_at),
                each.explained,
                "alert" if each.overdue or each.state == "missed" else "",
            )
            for each in found
        ]

    def decided(self, record: Mapping[str, Any] | None) -> list[Row]:
        """A decision with its clauses."""
        return self._decision(record)

    def _why(self, found: Packet) -> list[Row]:
        mood = words.MOODS.get(found.mood, "")
        rows = [row("心情", mood, tone="alert" if found.mood > 1 else "")]
        if found.rule:
            rows.insert(
                0,
                row(
                    "触发规则",
                    words.RULES.get(found.rule, found.rule),
                    "、".join(map(str, found.clauses)),
                ),
            )
        if found.why:
            rows.insert(0, row("原话", found.why))
        if found.place:
            about = f"约 {found.place.minutes} 分钟" if found.place.minutes else ""
            rows.append(row("排队", f"第 {found.place.position} 位", about))
        if found.queued_at:
            rows.append(row("开始等", self._when(found.queued_at)))
        if found.note:
            rows.append(row("交接备注", found.note, tone="strong"))
        if found.phone:
            rows.append(row("电话", found.phone))
        return rows

    def _decision(self, record: Mapping[str, Any] | None) -> list[Row]:
        if record is None:
            return []
        outcome = words.OUTCOMES.get(str(record["outcome"]), str(record["outcome"] or "待定"))
        rows = [row("结论", outcome, str(record["reason"]), "strong")]
        for remedy in record["remedies"]:
            kind = words.OUTCOMES.get(remedy["type"], remedy["type"])
            money = f"{remedy['amount']} 元" if remedy.get("amount") else ""
            rows.append(row("办法", kind, money))
        rows += [row(clause["id"], clause["title"]) for clause in record["clauses"]]
        if record.get("presumed"):
            shown = (
                f"{self.words.fact(each['fact'])}：{self.words.value(each['fact'], each['value'])}"
                for each in record["presumed"]
            )
            rows.append(row("按常情", "；".join(shown)))
        if record.get("escalate_to"):
            rows.append(row("交给", words.role(record["escalate_to"])))
        return rows

    def _fact(self, fact: KnownFact) -> Row:
        before = "、".join(self.words.value(fact.key, value) for value in fact.earlier)
        said = f"“{fact.said[:40]}”" if fact.said else ""
        hint = f"{words.SOURCES.get(fact.source, fact.source)}{said}"
        if before:
            hint += f"，之前说的是{before}"
        return row(self.words.fact(fact.key), self.words.value(fact.key, fact.value), hint)

    def _bought(self, found: Purchases | None) -> list[Row]:
        """What the order system says, or that it did not; nothing where it could not be asked."""
        if found is None:
            return []
        by = row(ASKED_BY[found.by], found.value, f"“{found.said[:40]}”" if found.said else "")
        if found.away:
            silent = row("订单", "订单系统没有回应", "先按顾客说的办，过会儿再看", "alert")
            return [section("订单系统", [silent, by])]
        rows = [one for order in found.orders for one in self._order(order)]
        none = row("订单", "没有查到", "请顾客核对一下", "quiet")
        return [section("订单系统", [*(rows or [none]), by])]

    def _order(self, order: Order) -> list[Row]:
        day = f"{order.purchased_on.month}月{order.purchased_on.day}日买"
        parcel = (
            f"{order.carrier} {order.tracking_no}" if order.carrier and order.tracking_no else ""
        )
        got = (
            f"{order.received_on.month}月{order.received_on.day}日收到" if order.received_on else ""
        )
        stands = [day, words.ORDER_STANDS[order.status], got, parcel]
        first = row(order.no, "，".join(part for part in stands if part), "订单系统查到")
        return [first, *(_line(line) for line in order.lines[:SHOWN])]

    def _asked(self, asked: Any) -> Row:
        state = "已回答" if asked.answered else "没回答"
        return row(
            self.words.fact(asked.fact), state, asked.text, "" if asked.answered else "quiet"
        )

    def _promise(self, promise: Promise) -> Row:
        due = ""
        if promise.due:
            due = self._when(datetime.fromisoformat(promise.due)) + "前"
        if promise.source == "case":
            return row("单子", words.spaced(promise.what), due)
        return row("决定", words.OUTCOMES.get(promise.what, promise.what), due)

    def _case(self, case: Ticket) -> Row:
        kind = words.KINDS.get(case.kind, case.kind)
        state = words.STATES.get(case.state, case.state)
        return row(kind, words.spaced(case.no), state, href=f"/tickets/{case.no}")

    def _visits(self, found: Packet, counter: str) -> list[Row]:
        rows = [
            one | {"href": f"/tickets/{no}"} if at == 0 else one
            for no, ahead in found.visits
            for at, one in enumerate(self.visit(ahead, counter))
        ]
        return [section("约好的时间", rows)] if rows else []

    def _event(self, event: HandOffEvent) -> Row:
        what = words.HAND_OFF.get(event.what, event.what)
        return row(self._when(event.at), f"{self._who(event.who)}{what}", event.note)

    def _earlier(self, record: HandOffRecord) -> Row:
        ended = words.RESOLUTIONS.get(record.resolution or "", "")
        return row(self._when(record.queued_at), ended, record.why)

    def _who(self, who: str) -> str:
        known = {"shopper": "顾客", "bot": "机器人", "system": "系统"}
        return known.get(who) or self.staff.get(who, who)

    def _when(self, at: datetime) -> str:
        return words.when(at, self.clock.zone, self.clock.now())


def _line(line: OrderLine) -> Row:
    many = f" × {line.quantity}" if line.quantity > 1 else ""
    special = {True: "特价", False: "正价", None: ""}[line.special_price]
    return row(f"{line.name}{many}", f"{line.price_paid:f} 元", special)


def _source(told: Mapping[str, Any]) -> str:
    source = words.SOURCES.get(str(told.get("source", "")), str(told.get("source", "")))
    return f"{source}（{told['by']}）" if told.get("by") else source


def _clock_state(state: str, *, overdue: bool) -> str:
    if overdue:
        return "已超时，应在"
    return {
        "running": "要在",
        "paused": "停表",
        "met": "按时",
        "missed": "迟了",
        "dropped": "不用了",
    }[state]
