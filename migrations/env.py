"""Alembic's entry: the database of the settings, the tables of every room."""

from alembic import context

from bot.db import Base, Database
from bot.settings import Settings
from migrations.tables import ROOMS

target_metadata = Base.metadata


def main() -> None:
    """Run the migrations that the database has not had, each in a transaction."""
    assert ROOMS
    database = Database(Settings().database)
    with database.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=target_metadata, render_as_batch=True
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    database.close()


main()
