"""The worker runs each room's jobs, at once when woken, and outlives a job that fails."""

import threading
from pathlib import Path

from bot.db import Base
from bot.settings import Settings
from bot.wake import LocalWake
from bot.worker import Job, Worker, jobs, parts
from tests.fixtures.desk import until


def test_a_wake_up_runs_the_jobs_of_its_topic_at_once(tmp_path: Path) -> None:
    wake, ran = LocalWake(tmp_path), {"tickets": 0, "other": 0}

    def count(name: str) -> None:
        ran[name] += 1

    worker = Worker(
        [
            Job("tickets", 3600, lambda: count("tickets"), topics=("tickets",)),
            Job("other", 3600, lambda: count("other")),
        ],
        wake,
    )
    worker.start()
    assert until(lambda: ran == {"tickets": 1, "other": 1})
    wake.tell("tickets")
    assert until(lambda: ran == {"tickets": 2, "other": 1})
    worker.stop()


def test_a_job_that_fails_is_tried_again_and_stops_no_other(tmp_path: Path) -> None:
    wake, tries, ran = LocalWake(tmp_path), [0], threading.Event()

    def fail() -> None:
        tries[0] += 1
        raise RuntimeError

    worker = Worker([Job("bad", 0.05, fail), Job("good", 0.05, ran.set)], wake)
    worker.start()
    assert until(lambda: tries[0] > 2 and ran.is_set())
    worker.stop()


def test_every_job_of_the_product_runs_on_an_empty_database(tmp_path: Path) -> None:
    made = parts(Settings(_env_file=None, var_dir=tmp_path))  # type: ignore[call-arg]
    Base.metadata.create_all(made.db.engine)
    work = jobs(made)
    assert {"case-clocks", "case-notices", "case-reminders", "case-settling"} <= {
        job.name for job in work
    }
    assert len({job.name for job in work}) == len(work)
    for job in work:
        job.run()
    made.db.close()
