"""Guard: the migrations make exactly the tables that the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot import cli
from bot.db import Base, Database
from migrations.tables import ROOMS


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: object) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.sqlite3"
    return str(request.getfixturevalue("postgres_url"))


def test_the_migrations_make_the_tables_of_the_models(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ROOMS
    monkeypatch.setenv("DATABASE_URL", empty_url)
    for _ in range(2):  # a second run finds nothing left to do
        assert cli.main(["migrate"]) == 0

    database = Database(empty_url)
    with database.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    database.close()

    assert difference == []
