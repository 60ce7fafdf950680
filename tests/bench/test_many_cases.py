"""Cases written in bulk are cases like any other, the same in each run."""

from pathlib import Path

from bench import cases, many_cases
from tests.fixtures.cases import make_cases


def test_every_measured_work_finds_what_it_looks_for(tmp_path: Path) -> None:
    import random

    desk = cases._desk(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    many_cases.add(desk.db.engine, 0, 1200, lambda n: None)
    many_cases.add(desk.db.engine, 1200, 2000, lambda n: None)
    desk.size = 2000
    for name, work in cases._WORK.items():
        assert work(desk, random.Random(1)) > 0, name
    desk.db.close()


def test_a_run_writes_the_same_cases_as_the_one_before(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        made = make_cases(f"sqlite:///{tmp_path / name}.sqlite3")
        many_cases.add(made.db.engine, 0, 300, lambda n: None)
        with made.db.engine.connect() as connection:
            query = "SELECT no, state, department, act_by FROM tickets ORDER BY no"
            found.append(connection.exec_driver_sql(query).all())
        made.db.close()
    assert found[0] == found[1]
    assert len(found[0]) == 300
