"""What a run of shoppers found, as JSON and as text for people."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.evaluation.cases import Case
from bot.evaluation.shopper import Played
from bot.evaluation.shoppers import Plan


def as_json(
    plan: Plan, played: Sequence[Played], zone: ZoneInfo, *, verbose: bool
) -> dict[str, Any]:
    """Figures over all, by policy set, and each case; transcripts only when `verbose`."""
    names = sorted({one.case.policy_set for one in played})
    sets = {name: _figures([p for p in played if p.case.policy_set == name]) for name in names}
    return {
        **_figures(played),
        "sets": sets,
        "not_served": dict(plan.not_served),
        "needs_clock": [{"id": case.id, "today": _day(case)} for case in plan.other_day],
        "results": [_result(one, zone, verbose) for one in played],
    }


def as_text(found: dict[str, Any]) -> str:
    """The same for people: wrong cases marked, a table by set, the summary last."""
    return "\n".join([*_cases(found), "", *_table(found), *_left_out(found)])


def _figures(played: Sequence[Played]) -> dict[str, Any]:
    right = sum(one.right for one in played)
    questions = sum(len(one.asked) for one in played)
    return {
        "conversations": len(played),
        "right": right,
        "right_share": round(right / len(played), 4) if played else None,
        "mean_questions": round(questions / len(played), 2) if played else None,
        "repeated_questions": sum(len(one.repeated) for one in played),
    }


def _result(one: Played, zone: ZoneInfo, verbose: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "id": one.case.id,
        "policy_set": one.case.policy_set,
        "right": one.right,
        "expected": str(one.case.expected),
        "outcome": one.outcome,
        "ending": str(one.ending),
        "questions": len(one.asked),
        "asked": one.asked,
        "repeated": one.repeated,
        "seconds": round(one.seconds, 2),
    }
    if verbose:
        result["transcript"] = [
            {
                "at": line.at.astimezone(zone).isoformat(timespec="seconds"),
                "author": line.author,
                "text": line.text,
                "ask": line.ask,
            }
            for line in one.lines
        ]
    return result


def _cases(found: dict[str, Any]) -> Iterator[str]:
    for one in found["results"]:
        mark = "对" if one["right"] else "错"
        again = f"，重复问 {'、'.join(one['repeated'])}" if one["repeated"] else ""
        wanted = "" if one["right"] else f"（应为 {one['expected']}）"
        asked = f"问了 {one['questions']} 次{again}"
        yield f"{mark} {one['id']} {one['policy_set']}: {one['outcome']}{wanted}，{asked}"
        for line in one.get("transcript", ()):
            ask = f"  [{line['ask']}]" if line["ask"] else ""
            yield f"    {line['author']}: {line['text']}{ask}"


def _table(found: dict[str, Any]) -> Iterator[str]:
    yield f"{'set':<18}{'right':>12}{'%':>8}{'questions':>11}{'repeated':>10}"
    for name, figures in [*found["sets"].items(), ("all", found)]:
        right = f"{figures['right']}/{figures['conversations']}"
        share = "-" if figures["right_share"] is None else f"{100 * figures['right_share']:.1f}"
        mean = "-" if figures["mean_questions"] is None else f"{figures['mean_questions']:.2f}"
        yield f"{name:<18}{right:>12}{share:>8}{mean:>11}{figures['repeated_questions']:>10}"


def _left_out(found: dict[str, Any]) -> Iterator[str]:
    for case in found["needs_clock"]:
        yield f"未计入 {case['id']}：服务的时钟要走到 {case['today']}"
    for name, cases in found["not_served"].items():
        yield f"未计入 {name} 的 {cases} 例：这个服务没有这家店"


def _day(case: Case) -> str:
    return str(case.today)
