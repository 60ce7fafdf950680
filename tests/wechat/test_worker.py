"""The worker process sends what waits, with the settings alone to go by."""

from pathlib import Path
from typing import Any

from bot import worker
from bot.channels.wechat.parse import Kind
from bot.conversations import service as conversations
from bot.messages import Line
from bot.outbox import service as outbox
from bot.settings import Settings
from bot.wechat import service as followers
from tests.fixtures.desk import SHOP, until
from tests.twins.wechat.platform import Platform
from tests.twins.wechat.server import running
from tests.wechat.stage import BUYER, make_database, settings_of


def test_the_worker_sends_what_waits_and_is_woken_by_lines(tmp_path: Path) -> None:
    platform = Platform()
    with running(platform) as twin:
        settings = _settings(tmp_path, settings_of(twin.url, "secure", platform))
        database = make_database(settings.database)
        parts = worker.parts(settings)
        jobs = {job.name: job for job in worker.jobs(parts)}
        assert {"outbox", "conversation"} <= set(jobs["outbox"].topics)
        _say(parts, platform, "在的")
        jobs["outbox"].run()
        assert until(lambda: platform.follower(BUYER).texts() == ["在的"])
        jobs["wechat-tokens"].run()
        jobs["wechat-received"].run()
        assert platform.token_calls == [False]
        parts.db.close()
        database.close()


def test_without_an_account_the_worker_has_nothing_to_do_with_it(tmp_path: Path) -> None:
    settings = _settings(tmp_path, {})
    make_database(settings.database).close()
    parts = worker.parts(settings)
    assert "outbox" not in {job.name for job in worker.jobs(parts)}
    parts.db.close()


def _say(parts: worker.Parts, platform: Platform, text: str) -> None:
    now = parts.clock.now()
    platform.spoke(BUYER)
    with parts.db.write() as session:
        contact, _ = followers.follower(session, "default", BUYER, SHOP, now)
        followers.grant(contact, Kind.TEXT, now)
        conversation = conversations.locked(session, contact.conversation_id)
        said = conversations.say(session, conversation, Line(text), now)
        outbox.put(session, conversation, said, now)


def _settings(folder: Path, given: Any) -> Settings:
    return Settings(_env_file=None, var_dir=folder, **given)  # type: ignore[call-arg]
