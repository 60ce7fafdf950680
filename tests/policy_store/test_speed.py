"""A replay of everything decided in a year is a matter of seconds."""

import shutil
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.db import Base, Database
from bot.policy.publishing import imports
from bot.policy.service import FOLDER, PolicyService
from tests.policy_store import measure


@pytest.mark.slow
@pytest.mark.parametrize("many", [100_000])
def test_a_hundred_thousand_decisions_are_replayed_within_a_minute(
    tmp_path: Path, many: int
) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "policy"))
    db = Database(f"sqlite:///{tmp_path}/desk.sqlite3")
    Base.metadata.create_all(db.engine)
    with db.read() as session:
        found = imports.look(session, folder, measure.NOW, measure.ZONE)
    with db.write() as session:
        imports.bring_in(session, found, "import", measure.NOW)
    service = PolicyService.running(db, Clock(measure.ZONE, measure.NOW))
    measure.keep(db, service, "dept_fashion", many)
    told = measure.replayed(db, folder, "dept_fashion")
    db.close()
    assert told["decisions"] == many
    assert float(str(told["core_seconds"])) < 60
