"""The commands of the calendar: load a year's official notice, and what is known."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.calendar import loading, notice, repository
from bot.calendar.days import Official
from bot.clock import Clock
from bot.db import Database
from bot.errors import Unavailable
from bot.settings import Settings

Commands = Any  # argparse names the type of its group of commands only privately
STATUS = {"new": "新增", "changed": "更新", "same": "没有变化"}


def install(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands to a group; `common` holds what every command takes."""
    group = commands.add_parser("calendar", parents=[common], help="working days and holidays")
    verbs = group.add_subparsers(required=True, metavar="VERB")
    bring = verbs.add_parser(
        "import",
        parents=[common],
        help="load a year's official notice",
        description=notice.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    bring.add_argument("file", type=Path, help="YAML or CSV")
    bring.add_argument("--by", default="import", help="who loads it")
    bring.add_argument("--dry-run", action="store_true", help="only show what would change")
    bring.set_defaults(run=_import)
    show = verbs.add_parser("show", parents=[common], help="which years are known, and missed")
    show.set_defaults(run=_show)


def _import(options: argparse.Namespace) -> int:
    read = notice.read(options.file)
    with _database() as (db, clock), (db.read if options.dry_run else db.write)() as session:
        _refuse_missing(session)
        found = loading.look(session, read)
        if not options.dry_run:
            loading.load(session, found, options.by, clock.now())
    record = {
        "year": read.year,
        "status": found.status,
        "dry_run": options.dry_run,
        "holidays": [day.isoformat() for day in read.holidays],
        "workdays": [day.isoformat() for day in read.workdays],
        "differs": [day.isoformat() for day in found.differs],
    }
    differs = "、".join(record["differs"]) or "无"
    said = f"{read.year} 年{STATUS[found.status]}：放假 {len(read.holidays)} 天，调休上班"
    _put(options, record, [f"{said} {len(read.workdays)} 天；和原来不同的日子：{differs}"])
    return 0


def _show(options: argparse.Namespace) -> int:
    with _database() as (db, clock), db.read() as session:
        _refuse_missing(session)
        years = repository.years(session)
        missed = [each for each in repository.alerts(session) if each.settled_at is None]
        today = clock.today()
    official = Official()
    packaged = [
        year
        for year in range(today.year - 1, today.year + 3)
        if official.worked(today.replace(year=year, day=1)) is not None
    ]
    record = {
        "packaged": packaged,
        "loaded": [{"year": each.year, "notice": each.notice} for each in years],
        "missed": [each.year for each in missed],
    }
    lines = [f"自带：{'、'.join(map(str, packaged))} 年"]
    lines += [f"已导入：{each.year} 年 {each.notice}" for each in years]
    lines += [f"缺：{each.year} 年，请运行 calendar import" for each in missed]
    _put(options, record, lines)
    return 0


@contextmanager
def _database() -> Iterator[tuple[Database, Clock]]:
    settings = Settings()
    db = Database(settings.database)
    try:
        yield db, Clock(settings.zone, settings.clock)
    finally:
        db.close()


def _refuse_missing(session: Session) -> None:
    if not repository.is_there(session):
        raise Unavailable("数据库还没有建好，请先运行 python -m bot migrate。")


def _put(options: argparse.Namespace, record: object, lines: Iterable[str]) -> None:
    text = json.dumps(record, ensure_ascii=False) if options.json else "\n".join(lines)
    sys.stdout.write(text + "\n")
