"""A process to be killed: for each line of input it forks a child with gateway and courier.

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
from pathlib import Path
from unittest import mock

import uvicorn

from bot import app
from bot.dialogue.service import Question
from bot.gateway import wechat_acceptor
from bot.inbox import lanes as lanes_module
from bot.messages import Line
from bot.settings import Settings
from tests.fixtures.desk import ScriptedRasa
from tests.twins.wechat.platform import Platform
from tests.wechat.stage import delivering, make_database, settings_of


def thoughtful(question: Question) -> Sequence[Line]:
    """Takes a moment, so that death can come in the middle; now and then longer than a callback."""
    time.sleep(random.choice((0.005, 0.02, 0.05, 0.4)))
    return [Line(f"答：{question.text}")]


def run(port: int, folder: Path, url: str, api: str, seconds: float) -> None:
    """Serve until death, which comes after so many seconds; 0 is never."""
    lanes_module.LEASE, lanes_module.SWEEP = timedelta(seconds=0.5), 0.05
    wechat_acceptor.LEASE, wechat_acceptor.SWEEP = timedelta(seconds=0.5), 0.1
    given = settings_of(api, "secure", Platform())
    patience = random.choice((0.3, 0.0))  # without any it is as in a rush: only written down
    config = Settings(  # type: ignore[call-arg]
        _env_file=None, var_dir=folder, database_url=url, wechat_patience=patience, **given
    )
    database = make_database(config.database)
    with mock.patch.object(app, "Rasa", return_value=ScriptedRasa(thoughtful)):
        built = app.build(config)
    options = {"host": "127.0.0.1", "port": port, "ws": "none", "log_config": None}
    server = app.Server(uvicorn.Config(built, timeout_graceful_shutdown=1, **options))  # type: ignore[arg-type]
    if seconds:
        threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    with delivering(config, database, lease=timedelta(seconds=1)):
        server.run()


def main() -> None:
    """Fork a child for each line read, "seconds until death"; tell its id, then how it ended."""
    port, folder, url, api = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(port, folder, url, api, float(line))
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
