"""The ledger of lines that people sent over the promise guard's warning."""

import sqlalchemy as sa
from alembic import op

import bot.db
from bot.immutable import postgres_guards, sqlite_guards

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("gap", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=True),
        sa.Column("money", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "gap IN ('policy_gap', 'goodwill', 'rule_wrong', 'agreed', 'false_alarm')",
            name=op.f("ck_overrides_gap"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_overrides_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_overrides_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
        sa.UniqueConstraint("message_id", name=op.f("uq_overrides_message_id")),
    )
    op.create_index("ix_overrides_at", "overrides", ["shop", "at"])
    postgres = op.get_bind().dialect.name == "postgresql"
    for guard in postgres_guards("overrides") if postgres else sqlite_guards("overrides", ["id"]):
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("overrides")  # its index and triggers go with it
