"""Commands over one shopper's data: take it out, erase it."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.attachments.service import Album
from bot.clock import Clock
from bot.db import Database
from bot.errors import BadInput
from bot.privacy import repository, service
from bot.privacy.service import Subject
from bot.settings import Settings

BY = "command line"


def install(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `privacy` to the command line."""
    privacy = commands.add_parser("privacy", parents=[common], help="one shopper's data")
    verbs = privacy.add_subparsers(required=True, metavar="VERB")
    out = verbs.add_parser("export", parents=[common], help="everything kept of one shopper")
    out.add_argument("--out", type=Path, required=True, help="a new file, yours alone to read")
    out.set_defaults(run=_export)
    erase = verbs.add_parser("erase", parents=[common], help="erase one shopper")
    erase.add_argument("--yes", action="store_true", help="without it only what would be erased")
    erase.set_defaults(run=_erase)
    for verb in (out, erase):
        verb.add_argument("--conversation")
        verb.add_argument("--phone")
        verb.add_argument("--ticket", help="the number of a case")


def _export(options: argparse.Namespace) -> int:
    settings = Settings()
    db = Database(settings.database)
    album = Album(settings.var_dir / "attachments")
    try:
        with db.read() as session:
            whose = _whose(session, options)
            told: dict[str, Any] = {"data": service.taken_out(session, whose)}
            photos = repository.photos(session, whose.conversations)
            told["photos"] = [str(album.path(photo)) for photo in photos]
    finally:
        db.close()
    _write(options.out, json.dumps(told, ensure_ascii=False, indent=1, default=str))
    return _said(options, whose, file=str(options.out))


def _erase(options: argparse.Namespace) -> int:
    settings = Settings()
    db, album = Database(settings.database), Album(settings.var_dir / "attachments")
    clock = Clock(settings.zone, settings.clock)
    try:
        with db.write() as session:
            whose = _whose(session, options)
            if options.yes:
                service.erase(session, whose, album, BY, clock.now())
    finally:
        db.close()
    return _said(options, whose, erased=options.yes)


def _whose(session: Session, options: argparse.Namespace) -> Subject:
    return service.subject(session, options.conversation, options.phone, options.ticket)


def _write(path: Path, content: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadInput("这个文件写不了，或者已经有了。", out=str(path)) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)


def _said(options: argparse.Namespace, whose: Subject, **more: Any) -> int:
    told = {"conversations": len(whose.conversations), "cases": len(whose.cases), **more}
    lines = [json.dumps(told)] if options.json else [f"{k}: {v}" for k, v in told.items()]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0
