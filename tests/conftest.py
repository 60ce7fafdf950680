"""What every test may ask for: servers and the whole running stack; nothing starts unasked."""

import importlib.util

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.postgres",
    "tests.fixtures.redis",
    "tests.fixtures.stack",
]

# Rasa's extensions are tested in Rasa's own environment.
collect_ignore = [] if importlib.util.find_spec("rasa") else ["rasa_ext"]
