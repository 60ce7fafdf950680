"""Figures of the store: decisions a second, and a replay of many kept decisions.

.venv/bin/python -m tests.policy_store.measure [--kept 100000] [--set NAME]
"""

import argparse
import json
import random
import shutil
import tempfile
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.db import Base, Database
from bot.policy.models import StoredDecision
from bot.policy.publishing import drafts, imports
from bot.policy.replay.service import replay
from bot.policy.service import FOLDER, PolicyService

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
TODAY = NOW.date()
Facts = Mapping[str, object]


class Cases:
    """Cases as shoppers bring them: a wish, a trouble, some days, some states."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)

    def whole(self) -> Facts:
        """A case with everything told."""
        pick = self._chance.choice
        bought = TODAY - timedelta(days=self._chance.randrange(120))
        return {
            "wants": pick(["refund", "exchange", "repair", "refund"]),
            "problem": pick(["dislike", "size", "color", "quality", "quality"]),
            "category": pick(["dress", "coat", "shirt", "shoe", "bag", "underwear"]),
            "purchase_date": bought.isoformat(),
            "worn": pick(["no", "no", "yes"]),
            "clean": pick(["yes", "yes", "no"]),
            "complete": "yes",
            "damaged": pick(["no", "no", "yes"]),
            "resale_ok": "yes",
            "receipt": pick(["yes", "yes", "no"]),
            "store_confirms": pick(["yes", "no"]),
            "special_price": "no",
            "remote_purchase": "no",
            "cause": pick(["quality", "human"]),
            "price_paid": str(self._chance.randrange(50, 3000)),
        }

    def some(self) -> Facts:
        """The same with about half of it untold."""
        told = self.whole()
        return {key: told[key] for key in told if self._chance.random() < 0.5}


def rate(service: PolicyService, name: str, cases: list[Facts]) -> dict[str, float]:
    """Decisions a second over cases seen once before: of one core's own time, and by the wall."""
    for facts in cases:
        service.decide(name, facts, TODAY)
    began, worked = time.perf_counter(), time.process_time()
    asked = sum(service.decide(name, facts, TODAY).status == "needs_facts" for facts in cases)
    seconds, own = time.perf_counter() - began, time.process_time() - worked
    return {
        "per_core_second": round(len(cases) / own),
        "per_second": round(len(cases) / seconds),
        "asking": round(asked / len(cases), 2),
    }


def keep(db: Database, service: PolicyService, name: str, many: int) -> None:
    """Keep decisions on different cases, decided anew one by one."""
    cases = Cases(2)
    for start in range(0, many, 2000):
        rows = {}
        while len(rows) < min(2000, many - start):
            facts = {**cases.whole(), "price_paid": f"{start}.{len(rows):04d}"[:12]}
            decision = service.decide(name, facts, TODAY)
            rows[decision.decision_id] = StoredDecision(
                id=decision.decision_id,
                policy_set=name,
                version=decision.version,
                as_of=TODAY,
                facts=_plain(service.facts.read(facts, TODAY)),
                presume=True,
                profile={},
                rules=list(decision.rules),
                record=decision.json(),
                created_at=NOW,
            )
        with db.write() as session:
            session.add_all(rows.values())


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value.isoformat()
        if isinstance(value, date)
        else str(value)
        if not isinstance(value, int | str)
        else value
        for key, value in facts.items()
    }


def replayed(db: Database, folder: Path, name: str) -> dict[str, object]:
    """Replay by a draft that edits the set's first refusal."""
    path = folder / f"{name}.yml"
    text = path.read_text("utf-8").replace("max: 5}", "max: 7}").replace("max: 15}", "max: 10}")
    path.write_text(text + "\n# 试算\n", "utf-8")
    with db.write() as session:
        made = drafts.draft(session, [path], "李", "", NOW)
    with db.read() as session:
        _, files = drafts.open_draft(session, made.id)
        policies = drafts.as_published(session, files).steps[0].policies
        began, worked = time.perf_counter(), time.process_time()
        found = replay(session, policies)
        seconds, own = time.perf_counter() - began, time.process_time() - worked
    return {
        "decisions": found.decisions,
        "flipped": found.flipped,
        "seconds": round(seconds, 1),
        "core_seconds": round(own, 1),
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kept", type=int, default=100_000)
    parser.add_argument("--set")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(shutil.copytree(FOLDER, Path(home) / "policy"))
        db = Database(f"sqlite:///{home}/measure.sqlite3")
        Base.metadata.create_all(db.engine)
        with db.read() as session:
            found = imports.look(session, folder, NOW, ZONE)
        with db.write() as session:
            imports.bring_in(session, found, "import", NOW)
        service = PolicyService.running(db, Clock(ZONE, NOW))
        largest = max(service.sets, key=lambda each: len(service.sets[each].source.rules))
        name = options.set or largest
        print(json.dumps({"set": name, "rules": len(service.sets[name].source.rules)}), flush=True)
        cases = Cases()
        complete = rate(service, name, [cases.whole() for _ in range(2000)])
        print(json.dumps({"complete facts": complete}), flush=True)
        choosing = rate(service, name, [cases.some() for _ in range(500)])
        print(json.dumps({"half the facts": choosing}), flush=True)
        keep(db, service, name, options.kept)
        print(json.dumps({"replay": replayed(db, folder, name)}), flush=True)
        db.close()


if __name__ == "__main__":
    main()
