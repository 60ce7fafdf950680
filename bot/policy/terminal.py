"""What a policy command works with: settings, clock, database, and how it speaks."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import inspect

from bot.clock import Clock
from bot.db import Database
from bot.errors import BadInput, Unavailable
from bot.policy.models import Stamp
from bot.settings import Settings


class NotMigrated(Unavailable):
    """The database has no tables for this yet."""

    code = "not_migrated"
    message = "数据库还没有建好，请先运行 python -m bot migrate。"


@dataclass(frozen=True)
class Desk:
    """An open database and the shop's clock."""

    db: Database
    clock: Clock

    def instant(self, text: str | None) -> datetime | None:
        """An ISO instant, or a day from its first minute; shop time unless it says otherwise.

        Raises BadInput.
        """
        if text is None:
            return None
        try:
            told = datetime.fromisoformat(text)
        except ValueError as error:
            raise BadInput(
                "时间要写成 2026-12-01 或 2026-12-01T09:00。", value=text[:40]
            ) from error
        return told if told.tzinfo else told.replace(tzinfo=self.clock.zone)


@contextmanager
def desk() -> Iterator[Desk]:
    """The desk of these settings. Raises NotMigrated."""
    settings = Settings()
    db = Database(settings.database)
    try:
        if not inspect(db.engine).has_table(Stamp.__tablename__):
            raise NotMigrated
        yield Desk(db, Clock(settings.zone, settings.clock))
    finally:
        db.close()


def put(options: argparse.Namespace, record: object, lines: Iterable[str]) -> None:
    """The record alone with --json, else the lines."""
    text = json.dumps(record, ensure_ascii=False, default=str) if options.json else None
    sys.stdout.write((text if text is not None else "\n".join(lines)) + "\n")
