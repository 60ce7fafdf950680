"""Decisions that programs asked for: their content is written once, rows nobody asks for go."""

import sqlalchemy as sa
from alembic import op

import bot.db
from bot.immutable import postgres_content_guards, sqlite_content_guards

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = "asked_decisions"
FIXED = (
    "id",
    "policy_set",
    "version",
    "as_of",
    "facts",
    "presume",
    "profile",
    "rules",
    "record",
    "created_at",
)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("last_asked", sa.Date(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("policy_set", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("presume", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_decisions")),
    )
    op.create_index(op.f("ix_asked_decisions_policy_set"), TABLE, ["policy_set"], unique=False)
    op.create_index("ix_asked_decisions_last_asked", TABLE, ["last_asked", "created_at"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    guards = (
        sqlite_content_guards(TABLE, ["id"], list(FIXED))
        if sqlite
        else postgres_content_guards(TABLE, list(FIXED))
    )
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)  # its indexes and triggers go with it
