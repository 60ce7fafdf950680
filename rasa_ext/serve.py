"""Rasa's own command line, without TensorFlow where `config.yml` names nothing that needs it:
`python -m rasa_ext.serve run …`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from rasa_ext import absent

NEEDS = frozenset(
    "DIETClassifier ResponseSelector TEDPolicy UnexpecTEDIntentPolicy LanguageModelFeaturizer "
    "ConveRTFeaturizer".split()
)
ALL = "RASA_WITH_TENSORFLOW"
"""Set to anything, it keeps TensorFlow in any case."""


def needs_tensorflow(config: Path) -> bool:
    """Whether a component of this configuration does; an unreadable one is taken to."""
    if os.environ.get(ALL) or not config.is_file():
        return True
    told: dict[str, Any] = yaml.safe_load(config.read_text("utf-8")) or {}
    parts = [
        *(told.get("pipeline") or ["DIETClassifier"]),
        *(told.get("policies") or ["TEDPolicy"]),
    ]
    names = {part["name"] if isinstance(part, dict) else part for part in parts}
    return bool({str(name).rpartition(".")[2] for name in names} & NEEDS)


def main() -> None:
    """Run Rasa with the arguments of this program."""
    if not needs_tensorflow(Path("config.yml")):
        absent.leave_out()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
