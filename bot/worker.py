"""The worker process: every room's timed jobs. What a job does is claimed row by row in the
database, so that two workers, or one killed half-way, never do a thing twice."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot import wake as wake_ups
from bot.attachments.service import Album
from bot.calendar.known import KnownDays
from bot.channels.wechat.client import Api
from bot.clock import Clock
from bot.db import Database
from bot.handoff.claims import Claims
from bot.handoff.jobs import Sweeps
from bot.handoff.service import HandOff
from bot.messages import Spoken
from bot.outbox.delivery import Courier
from bot.outbox.post import WeChatPost
from bot.policy import jobs as policy_jobs
from bot.policy.service import PolicyService
from bot.privacy.jobs import Retention
from bot.settings import Settings
from bot.shops.service import Shops
from bot.tickets.jobs import Jobs as Cases
from bot.tickets.service import Tickets
from bot.wake import Listening, Wake
from bot.webhooks.jobs import Calls
from bot.webhooks.service import Seal
from bot.wechat import service as followers
from bot.wechat.accounts import Accounts
from bot.wechat.tokens import Tokens

log = logging.getLogger(__name__)

THREADS = 4


@dataclass(frozen=True)
class Job:
    """Something done every so many seconds, and at once on a wake-up of one of its topics. It
    does all there is to do and may raise: the next time comes all the same."""

    name: str
    seconds: float
    run: Callable[[], object]
    topics: Sequence[str] = ()


@dataclass(frozen=True)
class Parts:
    """What the jobs of every room are made of."""

    settings: Settings
    clock: Clock
    db: Database
    shops: Shops
    spoken: Spoken
    policy: PolicyService
    tickets: Tickets
    wake: Wake


def jobs(parts: Parts) -> list[Job]:
    """Every job of the product; a room adds its own here."""
    return [*_cases(parts), *_wechat(parts), _asked(parts), _people(parts), *_outside(parts)]


def _cases(parts: Parts) -> list[Job]:
    work = Cases(parts.db, parts.tickets, parts.spoken, parts.wake.tell)
    return [
        Job("case-clocks", 5.0, work.sweep, topics=("tickets",)),
        Job("case-notices", 2.0, work.notify, topics=("tickets",)),
        Job("case-reminders", 30.0, work.remind),
        Job("case-settling", 30.0, work.settle),
    ]


def _outside(parts: Parts) -> list[Job]:
    settings = parts.settings
    seal = Seal(settings.secret_key.get_secret_value())
    calls = Calls(parts.db, parts.clock, seal, settings.webhook_tries, settings.webhook_private)
    album = Album(settings.var_dir / "attachments")
    kept = Retention(parts.db, parts.clock, album, settings.retain_days)
    return [
        Job("webhooks", 2.0, calls.sweep, topics=("tickets",)),
        Job("webhooks-sent", 3600.0, calls.forget),
        Job("retention", 3600.0, kept.sweep),
        Job("stray photos", 86400.0, kept.forget_strays),
    ]


def _people(parts: Parts) -> Job:
    handoff = HandOff(parts.tickets, parts.clock, parts.policy.promises, parts.spoken)
    work = Sweeps(parts.db, Claims(handoff), parts.wake.tell)
    return Job("people", 2.0, work.all, topics=("queue",))


def _asked(parts: Parts) -> Job:
    kept = parts.settings.asked_days, parts.settings.asked_most
    return Job(
        "asked decisions", 300, lambda: policy_jobs.forget_asked(parts.db, parts.clock, *kept)
    )


def _wechat(parts: Parts) -> list[Job]:
    accounts = Accounts.load(parts.settings).by_name
    if not accounts:
        return []
    api = Api(parts.settings.wechat_api_base)
    tokens = Tokens(parts.db, api, parts.clock)
    album = Album(parts.settings.var_dir / "attachments")
    post, rate = WeChatPost(api, tokens, album.read), parts.settings.wechat_rate
    courier = Courier(parts.db, parts.clock, post, accounts, rate)
    return [
        # A line said on any channel wakes it: what is for WeChat must not wait for the next look.
        Job("outbox", 2.0, courier.sweep, topics=("outbox", "conversation")),
        Job("wechat-tokens", 60.0, lambda: tokens.keep_fresh(accounts)),
        Job("wechat-received", 3600.0, lambda: followers.forget(parts.db, parts.clock.now())),
    ]


def parts(settings: Settings) -> Parts:
    """Everything that jobs work with."""
    clock, db = Clock(settings.zone, settings.clock), Database(settings.database)
    shops, policy = Shops.load(settings.shop_default), PolicyService.running(db, clock)
    days = KnownDays(db, clock)
    return Parts(
        settings=settings,
        clock=clock,
        db=db,
        shops=shops,
        spoken=Spoken.load(),
        policy=policy,
        tickets=Tickets(clock, shops, days, policy.promises, settings.warn_share),
        wake=wake_ups.make(settings),
    )


class Worker:
    """Runs jobs on a few threads until it is stopped; a job never runs beside itself."""

    def __init__(self, work: Sequence[Job], wake: Wake) -> None:
        self._work = work
        self._wake = wake
        self._listening: Listening | None = None
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(THREADS)},
            # However late: a worker held up for a minute has the more to do.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )

    def start(self) -> None:
        """Begin; each job runs for the first time at once."""
        for job in self._work:
            self._scheduler.add_job(
                job.run,
                "interval",
                seconds=job.seconds,
                id=job.name,
                next_run_time=_now(),
            )
        self._scheduler.start()
        self._listening = self._wake.listen(self._heard)

    def stop(self) -> None:
        """Let what is under way finish, and begin nothing more."""
        if self._listening is not None:
            self._listening.stop()
        self._scheduler.shutdown(wait=True)

    def _heard(self, topic: str) -> None:
        subject = topic.partition(":")[0]
        for job in self._work:
            if subject in job.topics:
                self._scheduler.modify_job(job.name, next_run_time=_now())


def run(settings: Settings) -> int:
    """Work until a signal ends it."""
    # Two lines for each of thousands of runs a day; what fails is logged all the same.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    made = parts(settings)
    work = jobs(made)
    worker = Worker(work, made.wake)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    worker.start()
    log.info("worker: %s", ", ".join(job.name for job in work))
    stopping.wait()
    worker.stop()
    made.db.close()
    return 0


def _now() -> datetime:
    # The scheduler's own time: `Clock` may stand at another instant in tests.
    return datetime.now().astimezone()
