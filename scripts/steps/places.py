"""Where the scripts find and put things."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIREMENTS = ROOT / "requirements"
MODELS = ROOT / "models"
TOOLS = ROOT / "var" / "tools"
APP_PYTHON = ROOT / ".venv" / "bin" / "python"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
CHILD = ROOT / "scripts" / "steps" / "child.py"


def var() -> Path:
    """The folder of run-time state: `VAR_DIR`, or `var/` in the checkout."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()


def logs() -> Path:
    """The folder of log files, made when missing."""
    folder = var() / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def this_python() -> str:
    """The absolute path of the interpreter below any virtual environment."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).absolute())
