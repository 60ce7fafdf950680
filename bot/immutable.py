"""Database guards: rows of these tables are written once and never changed or removed."""

from sqlalchemy import DDL, Table, event

PG_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is written once', ERRCODE = '23001';
END
$$ LANGUAGE plpgsql
"""


def keep_unchanged(table: Table) -> None:
    """Guard the table wherever its metadata makes it; migrations hold the same statements."""
    for statement in sqlite_guards(table.name, [column.name for column in table.primary_key]):
        _after_create(table, statement, "sqlite")
    for statement in postgres_guards(table.name):
        _after_create(table, statement, "postgresql")


def sqlite_guards(table: str, key: list[str]) -> list[str]:
    """The triggers of SQLite. REPLACE removes a row without asking a DELETE trigger, so an
    INSERT over an existing key is refused as well."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    again = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608
    return [
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_again BEFORE INSERT ON {table} {again} {refuse}",
    ]


def postgres_guards(table: str) -> list[str]:
    """The trigger of PostgreSQL and the function that it calls."""
    return [
        PG_FUNCTION,
        f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ]


def keep_content(table: Table, *but: str) -> None:
    """Guard the table's rows against any change but of the columns in `but`; rows may go."""
    fixed = [column.name for column in table.columns if column.name not in but]
    for statement in sqlite_content_guards(
        table.name, [key.name for key in table.primary_key], fixed
    ):
        _after_create(table, statement, "sqlite")
    for statement in postgres_content_guards(table.name, fixed):
        _after_create(table, statement, "postgresql")


def sqlite_content_guards(table: str, key: list[str], fixed: list[str]) -> list[str]:
    """The triggers of SQLite over the `fixed` columns."""
    _, _, again = sqlite_guards(table, key)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    change = (
        f"CREATE TRIGGER {table}_update BEFORE UPDATE OF {', '.join(fixed)} ON {table} {refuse}"
    )
    return [change, again]


def postgres_content_guards(table: str, fixed: list[str]) -> list[str]:
    """The trigger of PostgreSQL over the `fixed` columns."""
    return [
        PG_FUNCTION,
        f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OF {', '.join(fixed)} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ]


def _after_create(table: Table, statement: str, dialect: str) -> None:
    guard = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    event.listen(table, "after_create", guard.execute_if(dialect=dialect))
