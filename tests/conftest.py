"""What every test may ask for: servers and the whole running stack; nothing starts unasked."""

import importlib.util
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.postgres",
    "tests.fixtures.redis",
    "tests.fixtures.stack",
]

# Rasa's extensions are tested in Rasa's own environment.
collect_ignore = [] if importlib.util.find_spec("rasa") else ["rasa_ext"]

# Whose tests watch the clock (threads, sockets, waits): they run one at a time.
TIMED = {
    "attachments",
    "bench",
    "desk",
    "dialogue",
    "gateway",
    "handoff",
    "inbox",
    "orders",
    "outbox",
    "policy_store",
    "router",
    "scripts",
    "test_db.py",
    "test_wake.py",
    "test_worker.py",
    "webhooks",
    "wechat",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of those rooms."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in TIMED:
            item.add_marker("timed")
