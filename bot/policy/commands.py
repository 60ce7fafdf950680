"""The commands that change the rules: import, draft, publish, roll back, and what was done."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.policy import examining
from bot.policy.errors import BadPolicy
from bot.policy.publishing import drafts, imports, publish, repository
from bot.policy.publishing.drafts import Drafted
from bot.policy.publishing.imports import CONFLICT, KEPT, SAME, Import
from bot.policy.replay.service import OpenCases, no_cases
from bot.policy.service import FOLDER
from bot.policy.terminal import Desk, desk, put

Commands = Any  # argparse names the type of its group of commands only privately

KEPT_RUNNING = "售后规则没有更新，继续用数据库里现行的；改好文件后重新启动，或运行 policy import。"
STATUS = {
    "new": "新增",
    "changed": "更新",
    "same": "没有变化",
    "kept": "库里已有更新的发布，保留库里的",
    "conflict": "文件和库里都改过，没有导入；请用 policy draft 起草",
}


def install(
    verbs: Commands, common: argparse.ArgumentParser, open_cases: OpenCases = no_cases
) -> None:
    """Add the commands to the group `policy`; `common` holds what every command takes."""
    bring = verbs.add_parser("import", parents=[common], help="bring policy files into the store")
    bring.add_argument("--folder", type=Path, default=FOLDER, help="default: data/policy")
    bring.add_argument("--by", default="import", help="who imports")
    bring.add_argument("--dry-run", action="store_true", help="only show what would change")
    bring.add_argument(
        "--keep-running",
        action="store_true",
        help="where rules run already, a file that cannot be used is only warned of",
    )
    bring.set_defaults(run=_import)

    draft = verbs.add_parser("draft", parents=[common], help="propose changed files")
    draft.add_argument("files", type=Path, nargs="+", metavar="FILE")
    draft.add_argument("--by", required=True, help="who wrote it")
    draft.add_argument("--note", default="", help="what it is about")
    draft.set_defaults(run=_draft)

    back = verbs.add_parser("rollback", parents=[common], help="draft the former published text")
    back.add_argument("name", help="a set, or facts, phrases, common, statutory")
    back.add_argument("--by", required=True, help="who proposes it")
    back.set_defaults(run=_rollback)

    release = verbs.add_parser("publish", parents=[common], help="put a draft in force")
    release.add_argument("draft", type=int)
    release.add_argument("--by", required=True, help="somebody else than who wrote it")
    release.add_argument("--reason", required=True)
    release.add_argument("--at", help="ISO instant or day it takes effect; default: now")
    release.set_defaults(run=_publish)

    withdraw = verbs.add_parser("withdraw", parents=[common], help="take a draft back")
    withdraw.add_argument("draft", type=int)
    withdraw.set_defaults(run=_withdraw)

    listed = verbs.add_parser("drafts", parents=[common], help="list drafts")
    listed.set_defaults(run=_drafts)
    history = verbs.add_parser("history", parents=[common], help="list publications")
    history.set_defaults(run=_history)

    examining.install(verbs, common, open_cases)


def _import(options: argparse.Namespace) -> int:
    try:
        return _bring_in(options)
    except BadPolicy as error:
        if not options.keep_running or not _running():
            raise
        told = {"dry_run": options.dry_run, "changed": False, "refused": error.body()["error"]}
        put(options, told, [f"! {error.message}", f"! {KEPT_RUNNING}"])
        return 0


def _running() -> bool:
    """Whether the database holds rules that run whatever the files say."""
    with desk() as at, at.db.read() as session:
        return repository.stamp(session) > 0


def _bring_in(options: argparse.Namespace) -> int:
    with desk() as at:
        now = at.clock.now()
        with at.db.read() as session:
            found = imports.look(session, options.folder, now, at.clock.zone)
        if not options.dry_run:
            with at.db.write() as session:
                imports.bring_in(session, found, drafts.person(options.by), now)
    put(options, _imported(found, options.dry_run), _import_lines(found, options.dry_run))
    return 0


def _imported(found: Import, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "changed": found.plan is not None,
        "files": [
            {
                "name": item.name,
                "status": item.status,
                "takes_effect_at": item.at.isoformat() if item.at else None,
                "diff": list(item.diff),
            }
            for item in found.items
        ],
        "sets": dict(found.sets),
    }


def _import_lines(found: Import, dry_run: bool) -> list[str]:
    lines = [f"{item.name}：{STATUS[item.status]}" for item in found.items]
    if dry_run:
        lines += [line for item in found.items if item.status != "new" for line in item.diff]
    untouched = {SAME, KEPT, CONFLICT}
    if all(item.status in untouched for item in found.items):
        return [*lines, "没有要导入的。"]
    done = "会导入" if dry_run else "已导入"
    return [*lines, f"{done}：" + "，".join(f"{name} {each}" for name, each in found.sets.items())]


def _draft(options: argparse.Namespace) -> int:
    with desk() as at, at.db.write() as session:
        made = drafts.draft(session, options.files, options.by, options.note, at.clock.now())
    return _drafted(options, made)


def _rollback(options: argparse.Namespace) -> int:
    with desk() as at, at.db.write() as session:
        made = drafts.former(session, options.name, options.by, at.clock.now())
    return _drafted(options, made)


def _drafted(options: argparse.Namespace, made: Drafted) -> int:
    record = {
        "draft": made.id,
        "names": sorted(made.sources),
        "diff": {name: list(lines) for name, lines in made.diffs.items()},
    }
    told = [line for name in sorted(made.diffs) for line in made.diffs[name]]
    then = f"草稿 {made.id} 已保存。检查：policy lint {made.id}；发布：policy publish {made.id}"
    put(options, record, [*told, then])
    return 0


def _publish(options: argparse.Namespace) -> int:
    with desk() as at:
        done = _published(at, options)
    record = {
        "publication": done.id,
        "draft": options.draft,
        "takes_effect_at": done.takes_effect_at.astimezone(at.clock.zone).isoformat(),
        "sets": done.sets,
    }
    when = f"{done.takes_effect_at.astimezone(at.clock.zone):%Y-%m-%d %H:%M}"
    said = f"发布 {done.id}：{when} 起生效，适用于这一天起购买的商品。"
    put(options, record, [said, *(f"{name} {each}" for name, each in sorted(done.sets.items()))])
    return 0


def _published(at: Desk, options: argparse.Namespace) -> publish.Published:
    now = at.clock.now()
    wish = publish.Wish(options.by, options.reason, at.instant(options.at))
    with at.db.read() as session:
        ready = publish.prepare(session, options.draft, wish, now, at.clock.zone)
    with at.db.write() as session:
        return publish.finish(session, ready, now)


def _withdraw(options: argparse.Namespace) -> int:
    with desk() as at, at.db.write() as session:
        drafts.withdraw(session, options.draft)
    put(options, {"draft": options.draft, "state": "withdrawn"}, [f"草稿 {options.draft} 已撤回。"])
    return 0


def _drafts(options: argparse.Namespace) -> int:
    with desk() as at, at.db.read() as session:
        listed: dict[int, dict[str, Any]] = {}
        for draft, name in repository.drafts(session):
            entry = listed.setdefault(
                draft.id,
                {
                    "draft": draft.id,
                    "state": draft.state,
                    "drafted_by": draft.drafted_by,
                    "created_at": draft.created_at.isoformat(),
                    "note": draft.note,
                    "names": [],
                },
            )
            entry["names"].append(name)
    lines = [
        f"{each['draft']} {each['state']} {each['drafted_by']} {'、'.join(each['names'])}"
        for each in listed.values()
    ]
    put(options, list(listed.values()), lines or ["没有草稿。"])
    return 0


def _history(options: argparse.Namespace) -> int:
    with desk() as at, at.db.read() as session:
        listed: dict[int, dict[str, Any]] = {}
        for row, name, source in repository.publications(session):
            entry = listed.setdefault(
                row.id,
                {
                    "publication": row.id,
                    "kind": row.kind,
                    "draft": row.draft_id,
                    "drafted_by": row.drafted_by,
                    "published_by": row.published_by,
                    "reason": row.reason,
                    "takes_effect_at": row.takes_effect_at.isoformat(),
                    "created_at": row.created_at.isoformat(),
                    "files": {},
                },
            )
            entry["files"][name] = source
    put(options, list(listed.values()), _history_lines(list(listed.values())))
    return 0


def _history_lines(listed: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{each['publication']} {each['takes_effect_at'][:16]} {'、'.join(each['files'])}"
        f" {each['drafted_by']}→{each['published_by']}：{each['reason']}"
        for each in listed
    ] or ["还没有发布过。"]
