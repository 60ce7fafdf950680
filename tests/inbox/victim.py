"""A process to be killed: for each line of input it forks a child that runs the lanes.

The child is a whole process of its own, only its imports are paid once.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue.service import Question
from bot.inbox import lanes as lanes_module
from bot.messages import Line
from tests.fixtures.desk import ScriptedRasa, make_desk


def thoughtful(question: Question) -> Sequence[Line]:
    """Takes long enough to be killed in the middle."""
    time.sleep(random.uniform(0.005, 0.03))
    return [Line(f"答：{question.text}")]


def run(url: str) -> None:
    """Run lanes until every line is answered."""
    lanes_module.LEASE, lanes_module.SWEEP = timedelta(seconds=0.3), 0.05
    desk = make_desk(url, ScriptedRasa(thoughtful), start=None)
    with desk.lanes(threads=3, alone=url.startswith("sqlite")):
        desk.settled(60)


def main() -> None:
    """Fork a child for each line read, kill it after as many seconds, tell how it ended."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(sys.argv[1])
            os._exit(0)
        if line.strip():
            time.sleep(float(line))
            os.kill(child, signal.SIGKILL)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
