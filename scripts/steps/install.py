"""Installs both environments from their locked files."""

import functools
import sys

from scripts.steps import environments, pythons, tools
from scripts.steps.places import this_python
from scripts.steps.tell import alone, main, say


def install(*, tests: bool = False) -> None:
    """Bring both environments to what the locked files say.

    Raises:
        Failure: something is missing that cannot be fetched.
    """
    uv = functools.cache(tools.find_uv)
    with alone("install"):
        app = environments.ensure(environments.APP, tests=tests, uv=uv, python=this_python)
        rasa = environments.ensure(
            environments.RASA, tests=tests, uv=uv, python=lambda: pythons.python310(uv())
        )
    if not app and not rasa:
        say("✓ 依赖没有变化")


if __name__ == "__main__":
    main(lambda: install(tests="--tests" in sys.argv[1:]))
