"""Commands over cases: take them all out as a table."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.db import Database
from bot.errors import BadInput
from bot.settings import Settings
from bot.shops.service import Shops
from bot.tickets import export, repository_listing

KINDS = ("xlsx", "csv")


def install(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `tickets` to the command line."""
    tickets = commands.add_parser("tickets", parents=[common], help="work with cases")
    verbs = tickets.add_subparsers(required=True, metavar="VERB")
    out = verbs.add_parser("export", parents=[common], help="all cases as a table")
    out.add_argument("--format", choices=KINDS, default="xlsx")
    out.add_argument("--shop", help="only this shop")
    out.add_argument("--out", type=Path, help="by default tickets.xlsx or tickets.csv here")
    out.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    settings = Settings()
    path: Path = options.out or Path(f"tickets.{options.format}")
    if not path.resolve().parent.is_dir():
        raise BadInput("没有这个文件夹。", out=str(path))
    if options.shop is not None:
        Shops.load(settings.shop_default).get(options.shop)
    db = Database(settings.database)
    try:
        with db.read() as session:
            total = repository_listing.count(session, options.shop)
            rows = repository_listing.rows(session, options.shop)
            shown = tqdm(rows, total=total, unit="行", file=sys.stderr, disable=options.json)
            written = export.write(path, options.format, shown, settings.zone)
    finally:
        db.close()
    told = {"rows": written, "file": str(path)}
    said = json.dumps(told, ensure_ascii=False) if options.json else f"{path}：{written} 行"
    sys.stdout.write(f"{said}\n")
    return 0
