"""How long things may take before something is done about them."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Limits:
    """`lost`: without a sign of life of the agent's page; `silent`: a shopper's line without an
    answer; `alert`: in the queue before supervisors are told; `alone`: in the queue with nobody
    there before it becomes a call-back; `settle`: before a hand-off is assigned although its
    announcement has not been said; `department`: before others than the department get it."""

    lost: timedelta = timedelta(seconds=30)
    silent: timedelta = timedelta(minutes=3)
    alert: timedelta = timedelta(minutes=2)
    alone: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(seconds=5)
    department: timedelta = timedelta(seconds=60)
    served: int = 20  # finished conversations from which the wait is reckoned
