"""Guard: every room imports only what the table of rooms lets it, and nothing circles."""

import ast
import graphlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GROUND = {"settings", "db", "errors", "messages", "clock", "immutable", "in_order", "wake"}
ROOTS = {
    "app",
    "worker",
    "desk_process",
    "cli",
    "__main__",
}  # composition: these may import every room
ROOMS: dict[str, set[str]] = {
    "channels": set(),
    "gateway": {
        "channels",
        "inbox",
        "conversations",
        "outbox",
        "policy",
        "tickets",
        "handoff",
        "attachments",
        "accounts",
        "shops",
        "wechat",
        "privacy",
    },
    "shops": set(),
    "calendar": {"shops"},
    "language": set(),
    "attachments": set(),
    "accounts": set(),
    "inbox": {"conversations", "router"},
    "router": {"conversations", "dialogue", "handoff", "outbox", "language"},
    "dialogue": set(),
    "policy": {"shops"},
    "orders": set(),
    "conversations": set(),
    "tickets": {"policy", "conversations", "outbox", "calendar", "shops", "attachments"},
    "handoff": {"conversations", "tickets", "outbox", "calendar", "shops", "orders"},
    "outbox": {"conversations", "channels", "wechat", "language"},
    "wechat": {"conversations", "channels"},
    "reports": {"conversations", "tickets", "handoff", "policy"},
    "desk": {
        "conversations",
        "handoff",
        "tickets",
        "policy",
        "orders",
        "outbox",
        "reports",
        "accounts",
        "shops",
        "attachments",
        "privacy",
        "calendar",
    },
    "evaluation": {"dialogue", "language"},
    "webhooks": {"tickets", "accounts", "shops"},
    "privacy": {"accounts", "attachments"},
    "knowledge": {"shops", "policy"},
}
ACTIONS = {
    "privacy",
    "knowledge",
    "policy",
    "orders",
    "tickets",
    "handoff",
    "conversations",
    "language",
    "shops",
}
ENGINE = "bot.policy.engine"
OURS = {"bot", "actions", "rasa_ext", "migrations", "scripts", "tests"}


def sources(root: Path) -> dict[str, Path]:
    """Every module of the product below `root`, by its dotted name."""
    found = {}
    for folder in ("bot", "actions", "rasa_ext"):
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(module: str, path: Path, known: set[str]) -> Iterator[str]:
    """The full names of all that a module imports, wherever in it the import stands."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield name if name in known or base in OURS else base


def allowed(module: str, target: str) -> bool:
    """Whether `module` may import `target`."""
    top, _, rest = module.partition(".")
    to, _, to_rest = target.partition(".")
    if module == ENGINE or module.startswith(ENGINE + "."):
        inside = target == ENGINE or target.startswith(ENGINE + ".")
        return inside or target == "bot.errors" or to in sys.stdlib_module_names
    if to not in OURS:
        return True
    room, to_room = rest.partition(".")[0], to_rest.partition(".")[0]
    if top == "rasa_ext":
        return to == "rasa_ext"
    if top == "actions":
        free = room == "__main__" or to == "actions"
        return free or (to == "bot" and to_room in GROUND | ACTIONS)
    if room in ROOTS:
        return to == "bot"
    if to != "bot":
        return False
    if room in GROUND or room == "":
        return to_room in GROUND
    return to_room == room or to_room in GROUND | ROOMS.get(room, set())


def violations(root: Path) -> list[str]:
    """Each import that the table forbids, as `module imports target`."""
    modules = sources(root)
    known = set(modules)
    return [
        f"{module} imports {target}"
        for module, path in modules.items()
        for target in imported(module, path, known)
        if not allowed(module, target)
    ]


def circle(root: Path) -> list[str]:
    """Modules that import one another in a ring, or nothing."""
    modules = sources(root)
    graph = {
        module: {name for name in imported(module, path, set(modules)) if name in modules}
        for module, path in modules.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_every_room_imports_only_what_its_row_allows() -> None:
    assert violations(ROOT) == []


def test_no_modules_import_one_another_in_a_ring() -> None:
    assert circle(ROOT) == []


def test_every_folder_of_the_product_has_its_row_in_the_table() -> None:
    rooms = {path.name for path in (ROOT / "bot").iterdir() if any(path.glob("*.py"))}
    files = {path.stem for path in (ROOT / "bot").glob("*.py")}
    assert rooms <= set(ROOMS)
    assert files <= GROUND | ROOTS | {"__init__"}


def test_the_table_itself_has_no_ring() -> None:
    list(graphlib.TopologicalSorter(ROOMS).static_order())


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("bot/db.py", "from bot.conversations import service"),
        ("bot/messages.py", "import bot.channels.web"),
        ("bot/channels/web.py", "from bot.gateway import web"),
        ("bot/dialogue/service.py", "from bot.conversations.models import Message"),
        ("bot/language/service.py", "def read():\n    from bot.policy import service"),
        ("bot/policy/engine/decide.py", "from bot.clock import Clock"),
        ("bot/policy/engine/decide.py", "import yaml"),
        ("bot/policy/engine/decide.py", "from ...policy import store"),
        ("bot/policy/store.py", "from bot.calendar.service import due"),
        ("bot/conversations/service.py", "from ..tickets import service"),
        ("bot/desk/pages.py", "from bot.inbox.models import Turn"),
        ("bot/evaluation/service.py", "from bot.policy.service import PolicyService"),
        ("bot/tickets/service.py", "from bot import app"),
        ("bot/unheard_of/service.py", "from bot.policy.service import PolicyService"),
        ("bot/app.py", "from actions import registry"),
        ("rasa_ext/channel.py", "from bot.errors import DeskError"),
        ("actions/talk.py", "from bot.router.service import Router"),
        ("actions/talk.py", "from rasa_ext import channel"),
    ],
)
def test_the_guard_sees_a_planted_violation(tmp_path: Path, place: str, line: str) -> None:
    _plant(tmp_path, {place: line})
    assert len(violations(tmp_path)) == 1


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("bot/app.py", "from bot.gateway import web"),
        ("bot/cli.py", "from bot.evaluation import service"),
        (
            "bot/policy/engine/decide.py",
            "from bot.errors import BadInput\nfrom decimal import Decimal",
        ),
        ("bot/policy/engine/decide.py", "from .words import Clause"),
        ("bot/router/service.py", "from bot.handoff.service import HandOff\nimport requests"),
        ("actions/__main__.py", "from bot.app import build"),
        ("rasa_ext/channel.py", "import rasa\nfrom rasa_ext import turn"),
    ],
)
def test_the_guard_lets_pass_what_the_table_allows(tmp_path: Path, place: str, line: str) -> None:
    _plant(tmp_path, {place: line})
    assert violations(tmp_path) == []


def test_the_guard_sees_a_planted_ring(tmp_path: Path) -> None:
    _plant(
        tmp_path,
        {
            "bot/tickets/service.py": "from bot.tickets import number",
            "bot/tickets/number.py": "def f():\n    import bot.tickets.service",
        },
    )
    assert circle(tmp_path)


def _plant(root: Path, files: dict[str, str]) -> None:
    for place, line in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line + "\n", "utf-8")
