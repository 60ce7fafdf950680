"""The command line of the benchmarks: all tables, or those named."""

import argparse
import contextlib
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import cases, desk, nlu, policy, turn, wechat
from bench.http import BadAnswer
from bench.tables import Table
from scripts.steps.tell import Failure, say

BENCHMARKS: Mapping[str, tuple[str, Callable[[], Sequence[Table]]]] = {
    "desk": ("pages, new lines and claims with 20 people at the desk", desk.tables),
    "cases": ("cases by the million: looked up, queued, swept", cases.tables),
    "policy": ("decisions: complete facts, choice of questions, rivals, growth", policy.tables),
    "turn": ("a turn beside stock Rasa: alone, under load, in long conversations", turn.tables),
    "nlu": ("understanding a line beside stock Rasa: speed, memory, training", nlu.tables),
    "wechat": ("sealed callbacks of an Official Account beside WeRoBot", wechat.tables),
}


def main() -> int:
    """Run the tables; 0 when all were measured, whether or not a goal was met."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop the servers on this too
    options = _options()
    chosen, seen = options.benchmark or list(BENCHMARKS), machine()
    try:
        # Progress goes to stderr, so that stdout has the tables alone.
        with contextlib.redirect_stdout(sys.stderr):
            say(f"… 测量:{', '.join(chosen)}")
            tables = {name: _run(name, options) for name in chosen}
    except (Failure, BadAnswer) as failure:
        sys.stderr.write(f"✗ {failure}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    say(_as_json(seen, tables) if options.json else _as_text(seen, tables))
    return 0


def _run(name: str, options: argparse.Namespace) -> Sequence[Table]:
    if name != "nlu":
        return BENCHMARKS[name][1]()
    if options.table is None:
        return nlu.tables(options.epochs)
    return nlu.compared(options.table, options.epochs)


def _options() -> argparse.Namespace:
    listed = "\n".join(f"  {name:8} {what}" for name, (what, _) in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Prints benchmark tables, ours beside a rival's from the same run.",
        epilog=f"benchmarks (all when none is named):\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("benchmark", nargs="*", metavar="BENCHMARK", help="one of those below")
    parser.add_argument(
        "--table", nargs="*", type=Path, metavar="FILE", help="nlu: every way, on these files"
    )
    parser.add_argument(
        "--epochs", type=int, default=nlu.EPOCHS, help=f"nlu: of DIET (default {nlu.EPOCHS})"
    )
    parser.add_argument("--json", action="store_true", help="JSON alone on stdout")
    options = parser.parse_args()
    if unknown := set(options.benchmark) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return options


def machine() -> dict[str, object]:
    """What the figures depend on, as far as a program can tell."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(os.getloadavg()[0], 2),
    }


def _as_json(seen: Mapping[str, object], tables: Mapping[str, Sequence[Table]]) -> str:
    found = {name: [table.as_dict() for table in made] for name, made in tables.items()}
    return json.dumps({"machine": seen, "benchmarks": found}, ensure_ascii=False, indent=2)


def _as_text(seen: Mapping[str, object], tables: Mapping[str, Sequence[Table]]) -> str:
    head = ", ".join(f"{name} {value}" for name, value in seen.items())
    return "\n\n".join([head, *(table.as_text() for made in tables.values() for table in made)])


if __name__ == "__main__":
    sys.exit(main())
