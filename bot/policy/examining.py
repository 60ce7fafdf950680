"""The commands that only look: lint, replay, explain."""

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.policy import explaining
from bot.policy.errors import NoSuchPolicy
from bot.policy.lint import checks
from bot.policy.lint.finding import Finding, Level
from bot.policy.publishing import drafts, repository
from bot.policy.publishing.shelf import Shelf
from bot.policy.publishing.texts import compiled, from_file, from_folder
from bot.policy.replay.service import OpenCases, Replay, replay
from bot.policy.service import FOLDER
from bot.policy.store import Policies
from bot.policy.terminal import NotMigrated, desk, put

Commands = Any
Texts = dict[str, str]
Wanted = tuple[Texts, frozenset[str] | None]  # texts, and the names to look at (None: all)


def install(verbs: Commands, common: argparse.ArgumentParser, open_cases: OpenCases) -> None:
    """Add the commands to the group `policy`."""
    lint = verbs.add_parser("lint", parents=[common], help="examine a file, a draft or sets")
    lint.add_argument("what", nargs="*", help="FILE, draft number or set; default: every set")
    lint.add_argument("--strict", action="store_true", help="fail on warnings as well")
    lint.add_argument("--all", action="store_true", help="notes as well")
    lint.set_defaults(run=_lint)

    again = verbs.add_parser("replay", parents=[common], help="judge past decisions by a draft")
    again.add_argument("draft", type=int)
    again.set_defaults(run=lambda options: _replay(options, open_cases))

    explain = verbs.add_parser("explain", parents=[common], help="make a kept decision again")
    explain.add_argument("decision_id")
    explain.set_defaults(run=_explain)


def _lint(options: argparse.Namespace) -> int:
    texts, names, today = _asked(options.what)
    sets = compiled(texts).sets
    found = [
        finding
        for name in sorted(sets if names is None else names & sets.keys())
        for finding in checks.examine(sets[name].source, texts, today)
    ]
    shown = [each for each in found if options.all or each.level is not Level.NOTE]
    counts = {level.value: sum(each.level is level for each in found) for level in Level}
    put(options, {"counts": counts, "findings": [each.record() for each in shown]}, _said(shown))
    failing = counts["error"] + (counts["warning"] if options.strict else 0)
    return 1 if failing else 0


def _asked(what: list[str]) -> tuple[Texts, frozenset[str] | None, Any]:
    try:
        with desk() as at, at.db.read() as session:
            texts, names = _of_store(session, what)
            return texts, names, at.clock.today()
    except NotMigrated:
        from bot.clock import Clock
        from bot.settings import Settings

        settings = Settings()
        texts, names = _with(_files(), what)
        return texts, names, Clock(settings.zone, settings.clock).today()


def _files() -> Texts:
    return {name: each.text for name, each in from_folder(FOLDER).items()}


def _of_store(session: Session, what: list[str]) -> Wanted:
    heads = Shelf.seen(session).heads()
    if not heads:
        return _with(_files(), what)
    known = repository.source_texts(session, (each.source for each in heads.values()))
    texts = {name: known[each.source] for name, each in heads.items()}
    names: set[str] = set()
    for number in [int(each) for each in what if each.isdecimal()]:
        _, files = drafts.open_draft(session, number)
        told = repository.source_texts(session, (file.source for file in files))
        texts |= {file.name: told[file.source] for file in files}
        names |= {file.name for file in files}
    rest = [each for each in what if not each.isdecimal()]
    more, looked_at = _with(texts, rest)
    if not what:
        return more, None
    return more, _widened(more, frozenset(names | (looked_at or set())))


def _with(texts: Texts, what: list[str]) -> Wanted:
    """Files laid over the texts, and the names of what was asked for."""
    names: set[str] = set()
    for each in what:
        if each in texts:
            names.add(each)
        elif Path(each).suffix in (".yml", ".yaml") or Path(each).exists():
            file = from_file(Path(each))
            texts = {**texts, file.name: file.text}
            compiled(texts, {file.name: file.path})
            names.add(file.name)
        else:
            raise NoSuchPolicy(policy_set=each[:60], known=sorted(texts))
    return texts, _widened(texts, frozenset(names)) if what else None


def _widened(texts: Texts, names: frozenset[str]) -> frozenset[str] | None:
    """What is in every set concerns every set."""
    sets = compiled(texts).sets
    return None if names - sets.keys() else names


def _said(found: list[Finding]) -> list[str]:
    lines = []
    for each in found:
        example = "，".join(f"{key}={value}" for key, value in each.example.items())
        lines.append(f"{each.level.value} {each.policy_set} {each.kind}：{each.message}")
        if example:
            lines.append(f"    例如 {example}")
    return lines or ["没有发现问题。"]


def _replay(options: argparse.Namespace, open_cases: OpenCases) -> int:
    with desk() as at, at.db.read() as session:
        _, files = drafts.open_draft(session, options.draft)
        planned = drafts.as_published(session, files)
        policies = _changed(session, planned.steps[0].policies)
        began = time.perf_counter()
        found = replay(session, policies, open_cases)
        seconds = time.perf_counter() - began
    record = {"draft": options.draft, **found.record(), "seconds": round(seconds, 3)}
    put(options, record, _replayed(found, seconds))
    return 0


def _changed(session: Session, policies: Policies) -> Policies:
    """The sets that say something else than what is published."""
    heads = Shelf.seen(session).heads()
    known = repository.source_texts(session, (each.source for each in heads.values()))
    present = compiled({name: known[each.source] for name, each in heads.items()}).sets
    changed = {
        name: each
        for name, each in policies.sets.items()
        if name not in present or present[name].version != each.version
    }
    return Policies(policies.catalogue, changed)


def _replayed(found: Replay, seconds: float) -> list[str]:
    lines = [f"重判 {found.decisions} 个决定，{found.flipped} 个结果不同，用时 {seconds:.1f} 秒。"]
    told = found.record()
    flips: Any = told["flips"]
    for flip in flips:
        more = f"，金额 {flip['money']} 元" if flip["money"] != "0" else ""
        lines.append(
            f"{flip['count']} 个：{flip['rule']}({flip['outcome']})"
            f" → {flip['would_be_rule']}({flip['would_be']}){more}"
        )
    money: Any = told["money"]
    lines.append(
        f"已知金额：原 {money['paid']} 元，新 {money['would_be_paid']} 元，"
        f"差 {money['difference']} 元；{found.unpriced} 个没有价格。"
    )
    if found.touched_count:
        numbers = "、".join(each["no"] for each in found.touched[:20])
        lines.append(f"涉及未办完的 {found.touched_count} 件：{numbers}")
    if found.unreadable:
        lines.append(f"{found.unreadable} 个决定的内容新规则读不懂，没有比较。")
    return lines


def _explain(options: argparse.Namespace) -> int:
    with desk() as at, at.db.read() as session:
        told = explaining.explain(session, options.decision_id)
    put(options, told.record(), _explained(told))
    return 0 if told.same else 1


def _explained(told: explaining.Explained) -> list[str]:
    record: Mapping[str, Any] = told.record()
    lines = [f"{told.stored.policy_set} {told.version.version} {record['record']['reason']}"]
    for rule in record["rules"]:
        facts = "，".join(f"{key}={value}" for key, value in rule["facts"].items())
        lines.append(f"规则 {rule['id']}({rule['outcome']})，条款 {'、'.join(rule['clauses'])}")
        if facts:
            lines.append(f"    看了 {facts}")
    lines += [f"依据 {each['id']} {each['title']}：{each['text']}" for each in record["clauses"]]
    same = "和当时给出的逐字节相同。" if told.same else "和当时给出的不同！"
    return [*lines, f"重新推导的结果{same}"]
