"""A year's official notice is read, checked, loaded once and known to every process."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import cli
from bot.calendar import loading, notice
from bot.calendar import service as calendar
from bot.calendar.known import KnownDays
from bot.calendar.models import CalendarAlert, CalendarDay
from bot.calendar.notice import BadNotice
from bot.clock import Clock
from bot.db import Database
from bot.shops.service import Shop, Term
from tests.fixtures.desk import ZONE, database_url, postgres_desk_url
from tests.fixtures.tables import with_tables

__all__ = ["database_url", "postgres_desk_url"]

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
# Invented: what was really announced for the year is not known yet.
YAML = """year: 2027
notice: 试用
holidays:
  元旦: 2027-01-01..2027-01-03
  春节: [2027-02-05, 2027-02-06..2027-02-11]
  劳动节: 2027-05-01
  国庆节:
    - 2027-10-01..2027-10-07
workdays: [2027-01-30, 2027-02-14]
"""
SHOP = Shop("s", "店", "dept_fashion", {}, time(10), time(21), Term(1, "working_day"), "台")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = with_tables(database_url)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.yml"
    path.write_text(YAML, "utf-8")
    return path


def load(db: Database, file: Path) -> loading.Loading:
    with db.write() as session:
        found = loading.look(session, notice.read(file))
        loading.load(session, found, "王", NOW)
    return found


def known(db: Database) -> KnownDays:
    return KnownDays(db, Clock(ZONE, NOW), every=0)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def test_a_notice_says_which_days_are_off_and_which_are_worked(file: Path) -> None:
    read = notice.read(file)
    assert (read.year, read.title, len(read.holidays), len(read.workdays)) == (2027, "试用", 18, 2)
    assert read.holidays[date(2027, 2, 11)] == "春节"


def test_the_same_notice_can_be_a_table(tmp_path: Path, file: Path) -> None:
    read = notice.read(file)
    rows = [f"{day},holiday,{name}" for day, name in read.holidays.items()]
    rows += [f"{day},workday,调休上班" for day in read.workdays]
    path = tmp_path / "2027.csv"
    path.write_text("\ufeffday,kind,name\n" + "\n".join(rows) + "\n", "utf-8")
    table = notice.read(path)
    assert (table.holidays, table.workdays) == (read.holidays, read.workdays)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("2027-05-01", "2027-05-32", 6, "不是日期"),
        ("2027-05-01", "2026-05-01", 6, "不在 2027 年"),
        ("2027-05-01", "2027-05-02", 1, "缺少劳动节"),
        ("2027-01-30", "2027-01-29", 9, "本来就是工作日"),
        ("2027-02-14", "2027-02-06", 9, "又放假又上班"),
        ("2027-10-01..2027-10-07", "2027-10-07..2027-10-01", 8, "前后颠倒"),
        ("2027-10-01..2027-10-07", "2027-01-01..2027-12-31", 8, "太长"),
        ("year: 2027", "year: soon", 1, "哪一年"),
        ("notice: 试用", "notes: 试用", 2, "不认识"),
        ("  元旦: 2027-01-01..2027-01-03", "  元旦: {a: b}", 4, "日期"),
        ("holidays:", "holidays: [", 5, "读不懂"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused_with_its_line(
    file: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in YAML
    file.write_text(YAML.replace(old, new, 1), "utf-8")
    with pytest.raises(BadNotice) as refused:
        notice.read(file)
    assert refused.value.details["line"] == line
    assert said in refused.value.message
    assert refused.value.details["remedy"]


@pytest.mark.parametrize("content", [b"", b"\xb7\xc5", b"year: 2027\n", b"[1]", b"x" * 70_000])
def test_what_is_no_notice_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BadNotice):
        notice.read(file)


def test_loading_it_twice_changes_nothing_and_a_correction_replaces_it(
    db: Database, file: Path
) -> None:
    assert load(db, file).status == "new"
    assert load(db, file).status == "same"
    file.write_text(YAML.replace("2027-02-14", "2027-02-20"), "utf-8")
    found = load(db, file)
    assert (found.status, found.differs) == ("changed", (date(2027, 2, 14), date(2027, 2, 20)))
    with db.read() as session:
        worked = session.scalars(select(CalendarDay.day).where(CalendarDay.worked)).all()
    assert sorted(worked) == [date(2027, 1, 30), date(2027, 2, 20)]


def test_a_term_into_the_loaded_year_has_its_date(db: Database, file: Path) -> None:
    load(db, file)
    found = calendar.due(at("2026-12-30 10:00"), Term(2, "working_day"), SHOP, ZONE, known(db))
    # The 31st and, after New Year's three days, Monday the 4th.
    assert (found.at, found.provisional) == (at("2027-01-04 21:00"), False)


def test_a_make_up_saturday_is_worked(db: Database, file: Path) -> None:
    load(db, file)
    days = known(db)
    assert days.worked(date(2027, 1, 30)) is True
    assert days.worked(date(2027, 1, 31)) is False
    assert days.worked(date(2027, 2, 5)) is False


def test_a_loaded_notice_goes_before_the_packaged_calendar(db: Database, file: Path) -> None:
    text = YAML.replace("2027", "2026").replace("2026-01-30, 2026-02-14", "2026-01-31")
    file.write_text(text, "utf-8")
    assert known(db).worked(date(2026, 2, 5)) is True
    found = load(db, file)
    assert date(2026, 2, 5) in found.differs
    assert known(db).worked(date(2026, 2, 5)) is False


def test_a_running_process_learns_of_a_loaded_year(db: Database, file: Path) -> None:
    running = known(db)
    assert running.worked(date(2027, 1, 4)) is None
    running.wait()
    load(db, file)
    assert running.worked(date(2027, 1, 4)) is True


def test_an_unknown_year_stops_nothing_and_is_told_once(
    db: Database, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    processes = [known(db) for _ in range(4)]
    start = threading.Barrier(4)

    def ask(days: KnownDays) -> None:
        start.wait()
        found = calendar.due(at("2026-12-31 10:00"), Term(3, "working_day"), SHOP, ZONE, days)
        assert found.provisional
        days.wait()

    threads = [threading.Thread(target=ask, args=(each,)) for each in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert [
            (each.year, each.settled_at) for each in session.scalars(select(CalendarAlert))
        ] == [(2027, None)]
    told = [record for record in caplog.records if "2027" in record.getMessage()]
    assert len(told) == 1
    load(db, file)
    with db.read() as session:
        assert session.scalars(select(CalendarAlert.settled_at)).one() == NOW


def test_it_is_told_even_inside_the_one_write_transaction(db: Database) -> None:
    days = known(db)
    with db.write():
        assert days.worked(date(2028, 1, 4)) is None
    days.wait()
    with db.read() as session:
        assert session.get(CalendarAlert, 2028) is not None


def test_a_database_without_the_tables_leaves_the_packaged_calendar(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/none.sqlite3")
    days = known(db)
    assert days.worked(date(2026, 10, 10)) is True
    assert days.worked(date(2031, 1, 6)) is None
    days.wait()
    db.close()


def test_the_command_loads_a_notice_and_shows_what_is_known(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/desk.sqlite3")
    monkeypatch.setenv("CLOCK", NOW.isoformat())

    def run(*words: str) -> tuple[int, dict[str, object]]:
        capsys.readouterr()
        code = cli.main(["calendar", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, told = run("import", str(file))
    assert (code, told["error"]["code"]) == (1, "unavailable")  # type: ignore[index]
    cli.main(["migrate"])
    assert run("import", str(file), "--dry-run")[1]["status"] == "new"
    code, told = run("import", str(file))
    assert (code, told["status"], told["year"]) == (0, "new", 2027)
    assert run("import", str(file))[1]["status"] == "same"
    assert run("show")[1]["loaded"] == [{"year": 2027, "notice": "试用"}]
    file.write_text(YAML.replace("2027-05-01", "x"), "utf-8")
    code, told = run("import", str(file))
    assert (code, told["error"]["code"]) == (1, "bad_notice")  # type: ignore[index]
