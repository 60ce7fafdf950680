"""Figures of the last days."""

import asyncio

from nicegui import ui

from bot.accounts.roles import May
from bot.desk import words
from bot.desk.frame import Row, closed, frame, table
from bot.desk.models import GAPS, Gap
from bot.desk.services import Services
from bot.reports.service import Figures

SPANS = {1: "今天", 7: "近 7 天", 30: "近 30 天", 90: "近 90 天"}


def register(services: Services) -> None:
    """The page of figures."""

    @ui.page("/reports")
    async def reports(days: int = 7) -> None:
        with frame("报表", "/reports") as who:
            if closed(who, May.SUPERVISE, May.EXPORT, May.READ_AUDIT):
                return
            days = days if days in SPANS else 7
            found = await asyncio.to_thread(services.reports.figures, days)
            ledger = await asyncio.to_thread(services.board.overrides, days)
            with ui.row().classes("desk-bar"):
                for span, title in SPANS.items():
                    link = ui.link(title, f"/reports?days={span}").classes("desk-span")
                    if span == days:
                        link.classes("on")
            _tiles(found)
            with ui.element("div").classes("desk-grid"):
                _tables(services, found, ledger)


def _tiles(found: Figures) -> None:
    alone = 1 - found.handed_off / found.opened if found.opened else 0
    wait = f"{found.wait:.0f} 秒" if found.wait is not None else "—"
    score = f"{found.score:.1f} 分" if found.score is not None else "—"
    with ui.element("div").classes("tiles"):
        for title, value in (
            ("会话", str(found.opened)),
            ("机器人自己办完", f"{alone:.0%}" if found.opened else "—"),
            ("转人工", str(found.handed_off)),
            ("等人（中位）", wait),
            ("评分", score),
            ("未办完的单子", str(found.open_cases)),
            ("超时的单子", str(found.overdue)),
            ("正在排队", str(found.waiting)),
        ):
            with ui.element("div").classes("tile"):
                ui.label(value).classes("tile-value")
                ui.label(title).classes("tile-title")


def _tables(services: Services, found: Figures, ledger: dict[str, tuple[int, int]]) -> None:
    shops = [
        {
            "shop": services.shops.get(each.shop).name,
            "opened": each.opened,
            "handed": each.handed_off,
            "alone": f"{each.alone:.0%}",
        }
        for each in found.shops
    ]
    _counted(
        "各店",
        [("shop", "店"), ("opened", "会话"), ("handed", "转人工"), ("alone", "自己办完")],
        shops,
    )
    reasons = [
        {"name": words.RULES.get(rule or "", rule or "直接转接"), "n": n}
        for rule, n in found.reasons.items()
    ]
    _counted("为什么转人工", [("name", "规则"), ("n", "次")], reasons)
    ends = [
        {"name": words.RESOLUTIONS.get(name or "", name or ""), "n": n}
        for name, n in found.ends.items()
    ]
    _counted("怎么结束的", [("name", "结果"), ("n", "次")], ends)
    cases = [{"name": words.KINDS.get(kind, kind), "n": n} for kind, n in found.cases.items()]
    _counted("开了什么单", [("name", "类别"), ("n", "张")], cases)
    gaps = [
        {"name": GAPS[Gap(gap)], "n": n, "money": f"{fen / 100:.2f} 元" if fen else "—"}
        for gap, (n, fen) in ledger.items()
    ]
    _counted("规则以外的承诺", [("name", "理由"), ("n", "次"), ("money", "金额")], gaps)
    scores = [{"name": f"{score} 分", "n": found.scores.get(score, 0)} for score in range(5, 0, -1)]
    _counted("评分", [("name", "分"), ("n", "次")], scores if found.scores else [])


def _counted(title: str, columns: list[tuple[str, str]], rows: list[Row]) -> None:
    with ui.element("section"):
        ui.label(title).classes("desk-title")
        table(columns, rows, key=columns[0][0], empty="这段时间没有。").props("hide-pagination")
