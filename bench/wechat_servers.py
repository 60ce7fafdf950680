"""The two servers that `bench wechat` compares, each a process of its own: our gateway with a bot
that echoes at once, and a minimal WeRoBot that does."""

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import uvicorn

from bot import app
from bot.db import Base, Database
from bot.dialogue.service import Question
from bot.messages import Line
from bot.settings import Settings

APP_ID = "wx0123456789abcdef"
TOKEN = "a-token-for-benchmarks"  # noqa: S105
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class Echo:
    """A bot that takes no time, so that what is measured is everything else."""

    def answer(self, question: Question) -> Sequence[Line]:
        """What was said."""
        return [Line(question.text)]

    def is_alive(self) -> bool:
        """Always."""
        return True


def ours(port: int, folder: Path) -> None:
    """The gateway as deployed: verified, durable, answered passively."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it untyped
        var_dir=folder,
        wechat_app_id=APP_ID,
        wechat_token=TOKEN,
        wechat_aes_key=AES_KEY,
        wechat_security="secure",
    )
    database = Database(settings.database)
    Base.metadata.create_all(database.engine)
    database.close()
    with mock.patch.object(app, "Rasa", return_value=Echo()):
        built = app.build(settings)
    config = uvicorn.Config(
        built, host="127.0.0.1", port=port, access_log=False, log_level="warning"
    )
    app.Server(config).run()


def werobot(port: int) -> None:
    """WeRoBot under the same server as ours: its own default takes one connection at a time."""
    from werobot import WeRoBot

    robot = WeRoBot(token=TOKEN, app_id=APP_ID, encoding_aes_key=AES_KEY, SESSION_STORAGE=False)

    @robot.text
    def echo(message: object) -> str:
        return str(message.content)  # type: ignore[attr-defined]  # WeRoBot has no types

    warnings.simplefilter("ignore")
    uvicorn.run(
        robot.wsgi,
        host="127.0.0.1",
        port=port,
        interface="wsgi",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    if sys.argv[1] == "ours":
        ours(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        werobot(int(sys.argv[2]))
