"""A process to be killed: for each line of input it forks a child that runs the lanes.

The child is a whole process of its own, only its imports are paid once.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue.service import Question
from bot.inbox import lanes as lanes_module
from bot.messages import Line
from tests.fixtures.desk import ScriptedRasa, make_desk


class Thoughtful:
    """Takes long enough to be killed in the middle, soon after the question it is told to die at."""

    def __init__(self, death: str) -> None:
        at, _, after = death.partition(" ")
        self._left, self._after, self._lock = int(at or 0), float(after or 0), threading.Lock()

    def __call__(self, question: Question) -> Sequence[Line]:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                threading.Timer(self._after, os.kill, (os.getpid(), signal.SIGKILL)).start()
        time.sleep(random.uniform(0.005, 0.03))
        return [Line(f"答：{question.text}")]


def run(url: str, death: str) -> None:
    """Run lanes until every line is answered, or until death."""
    lanes_module.LEASE, lanes_module.SWEEP = timedelta(seconds=0.3), 0.05
    desk = make_desk(url, ScriptedRasa(Thoughtful(death)), start=None)
    with desk.lanes(threads=3, alone=url.startswith("sqlite")):
        desk.settled(60)


def main() -> None:
    """Fork a child for each line read, which says when it dies; tell how it ended."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(sys.argv[1], line.strip())
            os._exit(0)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
