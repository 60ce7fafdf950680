"""Everything that a run needs up at once: our product, stock Rasa, and the ways to talk to them."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, or_, select

from bench import servers, stock
from bench.http import BadAnswer
from bench.servers import Place
from bench.ways import Durable, Webhook
from bot.clock import Clock
from bot.db import Database
from bot.inbox.models import Turn, TurnState
from bot.messages import Spoken
from bot.settings import Settings
from scripts.steps.places import ROOT
from scripts.steps.tell import Failure, alone, say
from scripts.steps.train import ensure_model

# On the disk that the product uses: in a /tmp held in memory a commit would cost nothing.
FOLDER = ROOT / "var" / "bench"


@dataclass(frozen=True)
class Stage:
    """The three ways to an answer."""

    durable: Durable
    webhook: Webhook
    stock: Webhook

    def second_attempts(self) -> int:
        """Turns of ours that did not end well at the first attempt."""
        with self.webhook.database.read() as session:
            bad = or_(Turn.state != TurnState.DONE, Turn.attempts != 1)
            return session.scalar(select(func.count()).select_from(Turn).where(bad)) or 0


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    """Train what is missing, start all, stop all; one run at a time on a machine."""
    with alone("bench"), _folder() as folder:
        ours_model, stock_model = ensure_model(), stock.ensure_model(FOLDER)
        ours, theirs = (servers.place(folder / name) for name in ("ours", "stock"))
        say("… 启动我们的三个进程和原版 Rasa")
        with (
            servers.product(ours, ours_model),
            stock.serving_stock(theirs, stock_model),
            _database(ours) as our_database,
            _database(theirs) as their_database,
        ):
            say("✓ 全部就绪")
            made = Stage(
                durable=Durable(ours.url(ours.app), Spoken.load().line("outage").text),
                webhook=_our_webhook(ours, our_database),
                stock=_stock_webhook(theirs, their_database),
            )
            try:
                yield made
            except BadAnswer as failure:
                logs = "\n".join(servers.ends(where.folder) for where in (ours, theirs))
                raise Failure(f"{failure}\n{logs}") from failure


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder for this run's data, when what a killed run left is gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for left in FOLDER.glob("run-*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix="run-", dir=FOLDER) as folder:
        yield Path(folder)


def _our_webhook(where: Place, database: Database) -> Webhook:
    return Webhook(
        name="our Rasa, bare webhook",
        url=where.url(where.rasa),
        path="/webhooks/desk/webhook",
        database=database,
        clock=_clock(),
        headers={"Authorization": f"Bearer {where.rasa_token}"},
        sender_per_message=True,
    )


def _stock_webhook(where: Place, database: Database) -> Webhook:
    return Webhook(
        name="stock Rasa, bare webhook",
        url=where.url(where.rasa),
        path="/webhooks/rest/webhook",
        database=database,
        clock=_clock(),
        headers={},
        sender_per_message=False,
    )


@contextlib.contextmanager
def _database(where: Place) -> Iterator[Database]:
    database = Database(where.database)
    try:
        yield database
    finally:
        database.close()


def _clock() -> Clock:
    settings = Settings()
    return Clock(settings.zone, settings.clock)
